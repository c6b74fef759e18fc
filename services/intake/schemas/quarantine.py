"""The shapes of quarantine: why a file is shut or opened, and what becomes of it."""

from marshmallow import fields, validate

from huiyin.chassis.web import Schema
from services.intake.schemas.values import REASON


class Shutting(Schema):
    """Why a file is shut away, or opened in quarantine."""

    reason = fields.String(required=True, validate=REASON)


class Verdict(Shutting):
    """What becomes of a file in quarantine."""

    decision = fields.String(required=True, validate=validate.OneOf(("released", "rejected")))
