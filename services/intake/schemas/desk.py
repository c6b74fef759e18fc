"""The shapes of the desk's own papers: half-typed forms, the duty book."""

from marshmallow import fields, validate

from huiyin.chassis.web import QuerySchema, Schema
from services.intake.schemas.values import Page


class FormSoFar(Schema):
    """A registration as far as it is typed in: any shape, nothing is checked before it is finished."""

    form = fields.Dict(keys=fields.String(), required=True)


class Drafts(Page):
    """Which drafts: those that are worked on, or those left lying too long."""

    state = fields.String(load_default="open", validate=validate.OneOf(("open", "expired")))


class BookPage(QuerySchema):
    """Which page of the duty book: of a day, or of one duty of it."""

    day = fields.Date(required=True)
    duty = fields.String(load_default=None, validate=validate.Length(min=1, max=40))
    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=10_000))
