"""The shapes of what is noted of a case after it was taken down: corrections, incidents, findings."""

from typing import Any, get_args

from marshmallow import ValidationError, fields, validate, validates_schema

from huiyin.chassis.web import Schema
from huiyin.contracts.events import IncidentKind
from services.intake.domain.notes import Found, Measure
from services.intake.schemas.values import REASON

_PARTS = ("text", "wish", "object", "place")


class MatterCorrection(Schema):
    """What was taken down wrongly, why, and which `revision` of the case the officer had read."""

    text = fields.String(validate=validate.Length(max=20_000))
    wish = fields.String(validate=validate.Length(max=2_000))
    object = fields.String(validate=validate.Length(max=200))
    place = fields.String(validate=validate.Length(max=200))
    based_on = fields.Integer(required=True, validate=validate.Range(min=0))
    reason = fields.String(required=True, validate=REASON)

    @validates_schema
    def _something(self, data: dict[str, Any], **_: Any) -> None:
        if not any(part in data for part in _PARTS):
            raise ValidationError("text、wish、object、place 至少填写一项。", "text")


class VisitorIncident(Schema):
    """What a visitor did after the reception; `threat` when staff were threatened."""

    kind = fields.String(required=True, validate=validate.OneOf(get_args(IncidentKind)))
    threat = fields.Boolean(load_default=False)
    words = fields.String(required=True, validate=REASON)
    happened_at = fields.AwareDateTime(load_default=None)


class PoliceFirstContact(Schema):
    """Which police station was contacted."""

    station = fields.String(required=True, validate=validate.Length(min=2, max=200))


class VisitorMeasure(Schema):
    """What was done about it."""

    measure = fields.String(required=True, validate=validate.OneOf(get_args(Measure)))


class PressConsent(Schema):
    """Whether the press may learn who a party is."""

    consents = fields.Boolean(required=True)


class Fabrication(Schema):
    """What was made up, and on what grounds a person found so."""

    what = fields.String(required=True, validate=validate.OneOf(get_args(Found)))
    grounds = fields.String(required=True, validate=REASON)
