"""What several shapes share: ids, short words, telephone numbers, reasons, pages."""

from typing import Final

from marshmallow import fields, validate

from huiyin.chassis.web import QuerySchema

ID: Final = validate.Regexp(r"[A-Za-z0-9_./-]{1,80}\Z", error="只能用字母、数字和 _ . / -。")
REASON: Final = validate.Regexp(r"\s*\S[\s\S]{0,498}\S\s*\Z", error="须写明理由。")


def short(limit: int = 100) -> fields.String:
    """A short text, never empty."""
    return fields.String(validate=validate.Length(min=1, max=limit))


def phone(*, required: bool = False) -> fields.String:
    """A telephone number as it was said; the look-up makes it one spelling."""
    return fields.String(
        required=required,
        validate=validate.Regexp(r"[+0-9０-９ ()（）-]{3,30}\Z", error="电话只能含数字、空格、括号和短横。"),
    )


class Page(QuerySchema):
    """Which part of a list."""

    skip = fields.Integer(load_default=0, validate=validate.Range(min=0, max=100_000))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
