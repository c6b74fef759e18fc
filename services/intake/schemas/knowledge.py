"""The shapes of the knowledge base: entries, their wordings, proposals, questions."""

from typing import Any, Final

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from huiyin.chassis.web import QuerySchema, Schema
from services.intake.domain import knowledge
from services.intake.domain.citing import Citing
from services.intake.domain.knowledge import AUDIENCES, KINDS, STANDINGS
from services.intake.schemas.values import ID, REASON, Page

_ENTRY: Final = validate.Regexp(
    r"[a-z0-9][a-z0-9-]{1,62}[a-z0-9]\Z", error="条目编号用小写字母、数字和短横，3 至 64 个字符。"
)


class Wording(Schema):
    """What an entry says; `valid_until` is its last day, `document` the number of the paper it comes from."""

    title = fields.String(required=True, validate=validate.Length(min=2, max=200))
    text = fields.String(required=True, validate=validate.Length(min=2, max=20_000))
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    audience = fields.String(required=True, validate=validate.OneOf(AUDIENCES))
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(load_default=None, allow_none=True)
    law = fields.String(load_default="", validate=validate.Length(max=200))
    document = fields.String(load_default="", validate=validate.Length(max=100))
    categories = fields.List(fields.String(validate=ID), load_default=list, validate=validate.Length(max=20))
    areas = fields.List(fields.String(validate=ID), load_default=list, validate=validate.Length(max=50))

    @post_load
    def form(self, data: dict[str, Any], **_: Any) -> knowledge.Wording:
        """As the domain has it."""
        lists: dict[str, Any] = {name: tuple(data.pop(name)) for name in ("categories", "areas")}
        return knowledge.Wording(**data, **lists)


class Entry(Schema):
    """A new entry: its id, the unit that answers for it, and its first wording."""

    entry = fields.String(required=True, validate=_ENTRY)
    owner = fields.String(required=True, validate=ID)
    wording = fields.Nested(Wording, required=True)
    why = fields.String(load_default="", validate=validate.Length(max=500))


class Revision(Schema):
    """A new wording of an entry, and why it is revised."""

    wording = fields.Nested(Wording, required=True)
    why = fields.String(required=True, validate=REASON)


class Decision(Schema):
    """Whether a proposal is taken; a refusal says why."""

    taken = fields.Boolean(required=True)
    note = fields.String(load_default="", validate=validate.Length(max=500))

    @validates_schema
    def _reasoned(self, data: dict[str, Any], **_: Any) -> None:
        if not data["taken"] and not data["note"].strip():
            raise ValidationError("不采纳须写明理由。", "note")


class Question(Page):
    """What is looked for: words, and what narrows them."""

    q = fields.String(load_default="", validate=validate.Length(max=200))
    standing = fields.String(load_default=None, validate=validate.OneOf(STANDINGS))
    owner = fields.String(load_default=None, validate=ID)
    category = fields.String(load_default=None, validate=ID)
    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))
    audience = fields.String(load_default=None, validate=validate.OneOf(AUDIENCES))
    proposed = fields.Boolean(load_default=False)


class Between(QuerySchema):
    """Which two versions are compared."""

    old = fields.Integer(required=True, validate=validate.Range(min=1, max=10_000))
    new = fields.Integer(required=True, validate=validate.Range(min=1, max=10_000))


class Cited(Schema):
    """Which version of which entry an answer rests on."""

    entry = fields.String(required=True, validate=_ENTRY)
    version = fields.Integer(required=True, validate=validate.Range(min=1, max=10_000))

    @post_load
    def form(self, data: dict[str, Any], **_: Any) -> Citing:
        """As the domain has it."""
        return Citing(**data)
