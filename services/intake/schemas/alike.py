"""The shapes of likeness: what is typed, what a person decides."""

from marshmallow import fields, validate

from huiyin.chassis.web import Schema
from services.intake.schemas.values import ID, REASON, phone, short


class TypedForm(Schema):
    """What an operator has typed so far; who calls finds their own earlier cases. None of it is kept."""

    text = fields.String(required=True, validate=validate.Length(min=2, max=20_000))
    category = fields.String(load_default="", validate=ID)
    area = fields.String(load_default="", validate=ID)
    phone = phone()
    name = short()
    address = short(300)


class LinkDecision(Schema):
    """What a person says of two cases, and why (V-06)."""

    other = fields.String(required=True, validate=validate.Length(min=1, max=64))
    verdict = fields.String(required=True, validate=validate.OneOf(("repeat", "incident", "not_alike")))
    why = fields.String(required=True, validate=REASON)
