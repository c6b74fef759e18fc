"""The shapes of supervision's HTTP: what may be sent and asked."""

from typing import Any, get_args

from marshmallow import ValidationError, fields, validate, validates_schema

from huiyin.chassis.web import QuerySchema, Schema
from services.supervision.domain.clock import Result
from services.supervision.domain.supervision import Decision

_LONGEST_WORDS = 2000
_LONGEST_LIMIT_WD = 60


class _Words(fields.String):
    """Words that say something: never only blanks."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=[validate.Length(max=_LONGEST_WORDS), _says_something], **options)


def _says_something(words: str) -> None:
    if not words.strip():
        raise ValidationError("Says nothing.")


def _limit_wd() -> fields.Integer:
    return fields.Integer(load_default=None, validate=validate.Range(min=1, max=_LONGEST_LIMIT_WD))


class ExtensionRequest(Schema):
    """A unit's wish for more time."""

    until = fields.Date(required=True)
    reason = _Words(required=True)


class ExtensionDecision(Schema):
    """Consent or refusal; a refusal needs its reason."""

    granted = fields.Boolean(required=True)
    reason = _Words(load_default=None)

    @validates_schema
    def _refusal_has_a_reason(self, data: dict[str, Any], **_: Any) -> None:
        if not data["granted"] and data["reason"] is None:
            raise ValidationError("A refusal needs its reason.", "reason")


class Finding(Schema):
    """What was found by one criterion."""

    criterion = fields.String(required=True, validate=validate.Length(min=1, max=64))
    result = fields.String(required=True, validate=validate.OneOf(get_args(Result)))
    reason = _Words(load_default=None)


class Review(Schema):
    """A reviewer's judgement of one reply."""

    reply = fields.Integer(required=True, validate=validate.Range(min=1))
    results = fields.List(fields.Nested(Finding), required=True, validate=validate.Length(min=1, max=50))
    demands = _Words(load_default=None)
    limit_wd = _limit_wd()


class DissatisfactionDecision(Schema):
    """Handle again or uphold; what is explained is, on re-handling, what the units must meet."""

    decision = fields.String(required=True, validate=validate.OneOf(get_args(Decision)))
    explanation = _Words(required=True)
    limit_wd = _limit_wd()


class Page(QuerySchema):
    """Which part of a list."""

    skip = fields.Integer(load_default=0, validate=validate.Range(min=0, max=100_000))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
