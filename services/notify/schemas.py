"""The shapes of notify's HTTP: what may be sent and asked."""

from marshmallow import fields, validate

from huiyin.chassis.web import QuerySchema, Schema

#: Codes only: a provider's own words might name somebody.
_CODE = validate.Regexp(r"^[A-Za-z0-9_.-]{1,40}\Z", error="Not a code of letters and digits.")


class Receipt(Schema):
    """What became of an SMS; `receipt` is the gateway's id of this notice."""

    receipt = fields.String(required=True, validate=validate.Length(min=8, max=128))
    reference = fields.String(required=True, validate=validate.Length(min=1, max=64))
    state = fields.String(required=True, validate=validate.OneOf(("delivered", "failed")))
    reason = fields.String(load_default="gateway-failed", validate=_CODE)


class Done(Schema):
    """How a letter or a call went."""

    outcome = fields.String(required=True, validate=validate.OneOf(("delivered", "failed")))
    mail_number = fields.String(load_default="", validate=validate.Regexp(r"^[A-Za-z0-9-]{0,40}\Z"))


class Settlement(Schema):
    """A person's word on an uncertain message."""

    decision = fields.String(required=True, validate=validate.OneOf(("resend", "delivered", "failed")))


class Page(QuerySchema):
    """Which part of a list."""

    skip = fields.Integer(load_default=0, validate=validate.Range(min=0, max=10_000))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class Tasks(Page):
    """Which work list."""

    medium = fields.String(required=True, validate=validate.OneOf(("letter", "call")))


class Feed(Schema):
    """Which unit of the office gets a feed."""

    unit = fields.String(required=True, validate=validate.Length(min=1, max=64))
