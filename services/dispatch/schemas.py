"""The shapes of dispatch's HTTP: what may be sent and asked."""

from marshmallow import fields, validate

from huiyin.chassis.web import QuerySchema, Schema
from services.dispatch.domain.handling import STEPS

_STATES = ("dispatched", *sorted({after for _, after in STEPS.values()}))


class Instruction(Schema):
    """A leader's words on a case."""

    text = fields.String(required=True, validate=validate.Length(min=1, max=2000))


class Assignment(Schema):
    """A dispatcher's choice of unit for a matter."""

    matter = fields.String(required=True, validate=validate.Length(min=1, max=32))
    unit = fields.String(required=True, validate=validate.Length(min=1, max=64))
    role = fields.String(load_default="lead", validate=validate.OneOf(("lead", "assisting")))


class Return(Schema):
    """Why a unit gives an order back."""

    reason = fields.String(required=True, validate=validate.Length(min=2, max=500))


class Reply(Schema):
    """A unit's result; `final: false` marks an interim one. Real replies run to 8,000 characters."""

    text = fields.String(required=True, validate=validate.Length(min=1, max=20_000))
    final = fields.Boolean(load_default=True)


class Page(QuerySchema):
    """Which part of a list."""

    skip = fields.Integer(load_default=0, validate=validate.Range(min=0, max=100_000))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class Desk(Page):
    """Which of a unit's orders."""

    state = fields.String(load_default="dispatched", validate=validate.OneOf(_STATES))


class Desks(QuerySchema):
    """Orders in which state are counted."""

    state = fields.String(load_default="dispatched", validate=validate.OneOf(_STATES))


class Waits(Page):
    """For whom the cases wait."""

    person = fields.String(required=True, validate=validate.OneOf(("leader", "dispatcher")))
