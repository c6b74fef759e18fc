"""The shape of what was typed so far."""

from marshmallow import fields, validate

from huiyin.chassis.web import Schema


class TypedWords(Schema):
    """The words as they stand in the form."""

    text = fields.String(required=True, validate=validate.Length(min=2, max=20_000))
