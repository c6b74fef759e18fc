"""The base of HTTP shapes: unknown fields refused, types strict, lengths limited."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import flask_smorest
from marshmallow import RAISE, ValidationError, fields, validate
from marshmallow import Schema as MarshmallowSchema
from webargs.flaskparser import FlaskParser

from huiyin.chassis.web.bodies import accepts
from huiyin.chassis.web.chinese import OF_SCHEMA, speak
from huiyin.chassis.web.uploads import MULTIPART, ONE_FILE

F = TypeVar("F", bound=Callable[..., Any])

LONGEST_TEXT: Final = 2_000
LONGEST_LIST: Final = 200
# MongoDB keeps whole numbers in 64 bits.
_GREATEST: Final = 2**63 - 1

Guard = Callable[[Any], Any]


class Schema(MarshmallowSchema):
    """A JSON body: no unknown field, no number for a text, no text for a number.

    A text without a length of its own may hold 2,000 characters, a list 200 items.
    """

    error_messages = dict(OF_SCHEMA)  # noqa: RUF012 - as marshmallow declares it

    class Meta:
        """Marshmallow's options."""

        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Make each field strict when it becomes part of the schema."""
        _limit(field_obj)
        _make_strict(field_obj)
        speak(field_obj)


class QuerySchema(MarshmallowSchema):
    """A query string: no unknown field; all values come as texts and are converted."""

    error_messages = dict(OF_SCHEMA)  # noqa: RUF012 - as marshmallow declares it

    class Meta:
        """Marshmallow's options."""

        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Limit each field when it becomes part of the schema."""
        _limit(field_obj)
        speak(field_obj)


class _StrictParser(FlaskParser):
    """webargs leaves out unknown query fields; here the schema decides, and refuses."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012  as webargs declares it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": None,
    }


class Blueprint(flask_smorest.Blueprint):
    """flask-smorest's blueprint whose queries refuse unknown fields, and whose schemas are made once.

    A class given to webargs would be made into a schema, with all its fields, at every request.
    """

    ARGUMENTS_PARSER = _StrictParser()

    def arguments(self, schema: type[MarshmallowSchema], **options: Any) -> Any:
        """What a request brings is loaded by this schema."""
        return super().arguments(schema(), **options)

    def one_file(self, *, max_bytes: int) -> Callable[[F], F]:
        """The view takes one file, read by `uploaded`; `max_bytes` with what multipart puts around it."""

        def mark(view: F) -> F:
            told: F = self.doc(requestBody=ONE_FILE)(accepts(MULTIPART, max_bytes=max_bytes)(view))
            return told

        return mark


def _limit(field_obj: fields.Field[Any]) -> None:
    if any(isinstance(v, validate.Length | validate.OneOf) for v in field_obj.validators):
        return
    if isinstance(field_obj, fields.String):
        field_obj.validators.append(validate.Length(max=LONGEST_TEXT))
    elif isinstance(field_obj, fields.List):
        field_obj.validators.append(validate.Length(max=LONGEST_LIST))


def _make_strict(field_obj: fields.Field[Any]) -> None:
    guard = next((g for kind, g in _GUARDS if isinstance(field_obj, kind)), None)
    if guard is not None and guard not in field_obj.pre_load:
        field_obj.pre_load = [guard, *field_obj.pre_load]
    if isinstance(field_obj, fields.List):
        _limit(field_obj.inner)
        _make_strict(field_obj.inner)


def _whole(value: Any) -> Any:
    if value is not None and (type(value) is not int or abs(value) > _GREATEST):
        raise ValidationError("须为整数。")
    return value


def _number(value: Any) -> Any:
    if value is not None and type(value) not in {int, float}:
        raise ValidationError("须为数字。")
    return value


def _truth(value: Any) -> Any:
    if value is not None and type(value) is not bool:
        raise ValidationError("须为是或否（true、false）。")
    return value


_GUARDS: Final[tuple[tuple[type[fields.Field[Any]], Guard], ...]] = (
    (fields.Integer, _whole),
    (fields.Float, _number),
    (fields.Boolean, _truth),
)
