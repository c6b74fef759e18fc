"""The shapes of custody: retention, restriction, and who may know who complained."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema
from webargs.fields import DelimitedList

from huiyin.chassis.sealing import MONTH
from huiyin.chassis.web import QuerySchema, Schema
from services.intake.schemas.values import REASON


class Retention(QuerySchema):
    """Of which months the retention is asked: 2014-09,2014-10."""

    months = DelimitedList(
        fields.String(validate=validate.Regexp(MONTH, error="月份写作 2024-09，以逗号分隔。")),
        required=True,
        validate=validate.Length(min=1, max=100),
    )


class Restriction(Schema):
    """Why the view is restricted; kept outside the database too, so it names no person."""

    why = fields.String(required=True, validate=validate.Length(min=2, max=500))


class Opening(Schema):
    """Why somebody must know who complained."""

    reason = fields.String(required=True, validate=REASON)


class IdentityRequest(Schema):
    """Why somebody must know who complained; of one party, or of all; whether to tell the press."""

    reason = fields.String(required=True, validate=REASON)
    for_press = fields.Boolean(load_default=False)
    party = fields.String(load_default=None, validate=validate.Regexp(r"p[0-9]{1,3}\Z"))


class IdentityGrant(Schema):
    """Until when a request is granted: a moment, or hours from now; and a note."""

    until = fields.AwareDateTime(load_default=None)
    hours = fields.Integer(load_default=None, validate=validate.Range(min=1, max=720))
    note = fields.String(required=True, validate=REASON)

    @validates_schema
    def _one_end(self, data: dict[str, Any], **_: Any) -> None:
        if (data["until"] is None) == (data["hours"] is None):
            raise ValidationError("until 和 hours 须填写且只填写一项。", "until")


class IdentityRefusal(Schema):
    """Why a request is refused."""

    note = fields.String(required=True, validate=REASON)
