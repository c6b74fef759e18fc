"""The shapes of sorting: classes, special classes with what was said, signs, reasons, priority."""

from typing import Any, Final

from marshmallow import fields, post_load, validate

from huiyin.chassis.web import Schema
from huiyin.contracts.events import Given
from services.intake.domain.sorting import CaseSorting, MatterSorting, SpecialForm
from services.intake.schemas.values import ID, REASON

_WORDS: Final = validate.Length(max=1_000)
#: The parts of a matter's and of a case's body that say how it was sorted.
OF_MATTER: Final = ("classes", "special", "handed")
OF_CASE: Final = ("signs", "why", "affected", "evidence", "priority_why")


class Special(Schema):
    """A special class: which kind of it, what was said by duty ("" for the standard words)."""

    special = fields.String(required=True, validate=ID, data_key="class")
    which = fields.String(load_default="", validate=validate.Length(max=80))
    said = fields.Dict(
        keys=fields.String(validate=ID), values=fields.String(validate=_WORDS), load_default=dict
    )
    unit = fields.String(load_default="", validate=validate.Length(max=80))

    @post_load
    def form(self, data: dict[str, Any], **_: Any) -> SpecialForm:
        """The domain's form."""
        return SpecialForm(**data)


class HandedOver(Schema):
    """The leader who handed a matter straight to a department, and the department (E-95)."""

    leader = fields.String(required=True, validate=ID)
    unit = fields.String(required=True, validate=ID)

    @post_load
    def given(self, data: dict[str, Any], **_: Any) -> Given:
        """As it travels."""
        return Given(ground="by_leader", **data)


class SortedMatter(Schema):
    """What a matter's body says of its sorting."""

    classes = fields.Dict(
        keys=fields.String(validate=ID),
        values=fields.String(validate=validate.Length(min=1, max=80)),
        load_default=dict,
    )
    special = fields.Nested(Special, load_default=None, allow_none=True)
    handed = fields.Nested(HandedOver, load_default=None, allow_none=True)


class SortedCase(Schema):
    """What a case's body says of its sorting; without a priority the content gives it."""

    priority = fields.String(load_default=None, allow_none=True, validate=ID)
    priority_why = fields.String(load_default="", validate=validate.Length(max=500))
    flags = fields.List(fields.String(validate=ID), load_default=list, validate=validate.Length(max=10))
    why = fields.Dict(
        keys=fields.String(validate=ID),
        values=fields.String(validate=validate.Length(max=500)),
        load_default=dict,
    )
    signs = fields.List(fields.String(validate=ID), load_default=list, validate=validate.Length(max=20))
    affected = fields.Integer(load_default=1, strict=True, validate=validate.Range(min=1, max=1_000_000))
    evidence = fields.Boolean(load_default=None, allow_none=True)


class Reclassification(Schema):
    """What an officer finds now, and why; what is not named stays. `special` null ends a special class."""

    reason = fields.String(required=True, validate=REASON)
    matter = fields.String(load_default="m1", validate=ID)
    kind = fields.String(validate=ID)
    category = fields.String(validate=ID)
    classes = fields.Dict(
        keys=fields.String(validate=ID), values=fields.String(validate=validate.Length(min=1, max=80))
    )
    special = fields.Nested(Special, allow_none=True)
    difficulty = fields.String(validate=ID)
    legal_class = fields.String(allow_none=True, validate=ID)
    evidence = fields.Boolean(allow_none=True)
    priority = fields.String(validate=ID)
    flags = fields.List(fields.String(validate=ID), validate=validate.Length(max=10))
    why = fields.Dict(
        keys=fields.String(validate=ID), values=fields.String(validate=validate.Length(max=500))
    )
    signs = fields.List(fields.String(validate=ID), validate=validate.Length(max=20))
    affected = fields.Integer(strict=True, validate=validate.Range(min=1, max=1_000_000))


def matter_sorting(data: dict[str, Any]) -> MatterSorting:
    """Takes its parts out of a matter's body."""
    return MatterSorting(**{name: data.pop(name) for name in OF_MATTER})


def case_sorting(data: dict[str, Any]) -> CaseSorting:
    """Takes its parts out of a case's body."""
    parts = {name: data.pop(name) for name in OF_CASE}
    return CaseSorting(**{**parts, "signs": tuple(parts["signs"])})
