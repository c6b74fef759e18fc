"""Reads data into the rulebook's shapes; every error names the file and the full dotted key."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, TypeVar, cast

import marshmallow_dataclass
from marshmallow import Schema, ValidationError, fields

from huiyin.chassis.errors import WrongSetting

T = TypeVar("T")


class _WholeNumber(fields.Integer):
    """An integer as written; `7.5` and `"7"` are refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)


class _YesNo(fields.Boolean):
    """A boolean as written; marshmallow would take the text "no" for false."""

    truthy = {True}  # noqa: RUF012 - marshmallow's own way to narrow it
    falsy = {False}  # noqa: RUF012


class _Day(fields.Date):
    """A date as YAML reads it, or as text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if type(value) is date:
            return value
        found: date = super()._deserialize(value, attr, data, **kwargs)
        return found


class _Base(Schema):
    TYPE_MAPPING = {int: _WholeNumber, bool: _YesNo, date: _Day}  # noqa: RUF012


@cache
def schema_of(shape: type[Any]) -> Schema:
    """The marshmallow schema of a dataclass; it refuses unknown keys."""
    return marshmallow_dataclass.class_schema(shape, base_schema=_Base)()


def read(shape: type[T], content: Any, where: str) -> T:
    """The content in its shape; WrongSetting holds one line `where: key: reason` an error."""
    try:
        loaded = schema_of(cast(Any, shape)).load(content if content is not None else {})
    except ValidationError as invalid:
        raise wrong(where, flatten(_mapping(invalid.messages))) from invalid
    assert isinstance(loaded, shape)
    return loaded


def _mapping(messages: Any) -> Mapping[Any, Any]:
    return messages if isinstance(messages, Mapping) else {"content": messages}


def wrong(where: str, errors: Mapping[str, str]) -> WrongSetting:
    """The refusal for these keys of this file."""
    return WrongSetting("\n".join(f"{where}: {key}: {reason}" for key, reason in errors.items()))


def flatten(messages: Mapping[Any, Any]) -> dict[str, str]:
    """Marshmallow's nested messages as dotted key → reason."""
    return dict(_flatten("", messages))


def _flatten(prefix: str, messages: Any) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            # marshmallow puts "key" and "value" between a mapping's key and its content
            name = prefix if key in {"key", "value", "_schema"} and prefix else f"{prefix}.{key}".lstrip(".")
            yield from _flatten(name, below)
    elif isinstance(messages, list) and all(isinstance(one, str) for one in messages):
        yield prefix, " ".join(messages).removesuffix(".")
    else:
        yield prefix, str(messages)
