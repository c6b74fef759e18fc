"""The shapes of the desk's own papers: half-typed forms, the duty book."""

from collections.abc import Mapping
from typing import Any

from bson import encode
from bson.errors import BSONError
from marshmallow import ValidationError, fields, validate

from huiyin.chassis.web import QuerySchema, Schema
from services.intake.schemas.values import Page


def _can_be_kept(form: Mapping[str, Any]) -> None:
    try:
        encode(form)
    except (BSONError, OverflowError) as wrong:
        raise ValidationError("含有无法保存的字段名或过大的数。") from wrong


class FormSoFar(Schema):
    """A registration as far as it is typed in: any shape that can be kept; finishing it checks it."""

    form = fields.Dict(keys=fields.String(), required=True, validate=_can_be_kept)


class Drafts(Page):
    """Which drafts: those that are worked on, or those left lying too long."""

    state = fields.String(load_default="open", validate=validate.OneOf(("open", "expired")))


class BookPage(QuerySchema):
    """Which page of the duty book: of a day, or of one duty of it."""

    day = fields.Date(required=True)
    duty = fields.String(load_default=None, validate=validate.Length(min=1, max=40))
    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=10_000))
