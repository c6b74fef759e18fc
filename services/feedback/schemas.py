"""The shapes of feedback's HTTP: what may be sent and asked."""

from typing import Final, get_args

from marshmallow import fields, validate

from huiyin.chassis.web import QuerySchema, Schema
from huiyin.contracts.events import Medium

_MEDIUM: Final = validate.OneOf(get_args(Medium))


class Contact(Schema):
    """For which purpose a contact is opened."""

    purpose = fields.String(required=True, validate=validate.OneOf(("callback",)))


class Attempt(Schema):
    """One attempt to reach the complainant."""

    medium = fields.String(required=True, validate=_MEDIUM)
    reached = fields.Boolean(required=True)


class Telling(Schema):
    """By which medium the result was told."""

    medium = fields.String(required=True, validate=_MEDIUM)


class Evaluation(Schema):
    """What the complainant says of one matter's result."""

    matter = fields.String(required=True, validate=validate.Length(min=1, max=32))
    reached = fields.Boolean(required=True)
    solved = fields.Boolean(required=True)
    satisfied = fields.Boolean(required=True)
    words = fields.String(load_default="", validate=validate.Length(max=2000))


class Desk(QuerySchema):
    """Which of the office's echoes."""

    state = fields.String(
        load_default="open",
        validate=validate.OneOf(("open", "told", "evaluated", "dissatisfied", "completed")),
    )
    skip = fields.Integer(load_default=0, validate=validate.Range(min=0, max=100_000))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
