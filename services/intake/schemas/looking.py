"""The shapes of looking: which cases, which rows, whose progress, which files."""

from typing import get_args

from marshmallow import fields, validate

from huiyin.chassis.rulebook.archive import Material
from huiyin.chassis.web import QuerySchema, Schema
from services.intake.domain.stages import STAGES
from services.intake.schemas.values import ID, phone


class Queue(QuerySchema):
    """Which cases of the office, accepted from `since` on and before `until`; which part of the list.

    `number` is ours or an older system's; `q` is a term that stands in a matter's redacted words. By
    `order=priority` they are the work queue: what is open, the weightiest first, then the oldest (S0-13).
    """

    q = fields.String(load_default=None, validate=validate.Length(min=1, max=100))
    number = fields.String(load_default=None, validate=validate.Length(min=1, max=64))
    stage = fields.String(load_default=None, validate=validate.OneOf(STAGES))
    channel = fields.String(load_default=None, validate=ID)
    unit = fields.String(load_default=None, validate=ID)
    order = fields.String(load_default="newest", validate=validate.OneOf(("newest", "priority")))
    since = fields.AwareDateTime(load_default=None)
    until = fields.AwareDateTime(load_default=None)
    skip = fields.Integer(load_default=0, validate=validate.Range(min=0, max=100_000))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class Progress(Schema):
    """What a complainant shows to ask how it stands: number and query code."""

    number = fields.String(required=True, validate=validate.Length(min=1, max=64))
    code = fields.String(required=True, validate=validate.Regexp(r"\d{6}\Z", error="查询码是六位数字。"))


class LinkAsked(Schema):
    """What a complainant names to be sent the link: the number and the registered telephone."""

    number = fields.String(required=True, validate=validate.Length(min=1, max=64))
    phone = phone(required=True)


class Leased(QuerySchema):
    """Which rows of the leased serials: those behind `office:day`."""

    after = fields.String(load_default="", validate=validate.Length(max=64))
    limit = fields.Integer(load_default=200, validate=validate.Range(min=1, max=500))


class OfMatter(QuerySchema):
    """The one matter a file is about; without it, the case as a whole. What it is for the archive (S4-54)."""

    matter = fields.String(load_default="", validate=validate.Length(max=20))
    material = fields.String(load_default=None, validate=validate.OneOf(get_args(Material)))
