"""The shapes of the archive: decisions, searches, reopenings."""

from typing import Any, get_args

from marshmallow import fields, post_load, validate

from huiyin.chassis.rulebook.archive import Material
from huiyin.chassis.web import Schema
from services.intake.schemas.values import ID, REASON, Page


class FilingDecision(Schema):
    """Archived, yes or no, and why; for materials of value also which."""

    kept = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=REASON)
    materials = fields.List(
        fields.String(validate=validate.OneOf(get_args(Material))),
        load_default=list,
        validate=validate.Length(max=10),
    )

    @post_load
    def decision(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """What the use case takes."""
        return {**data, "materials": tuple(dict.fromkeys(data["materials"]))}


class Reopening(Schema):
    """Why an archived case is opened again."""

    reason = fields.String(required=True, validate=REASON)


class VolumeSearch(Page):
    """Which archived volumes: by volume or case number, year of filing, category with what lies below."""

    volume = fields.String(load_default=None, validate=validate.Regexp(r"[A-Z]{2,4}-JZ-[0-9]{4}-[0-9]{6,}\Z"))
    number = fields.String(load_default=None, validate=validate.Length(min=1, max=64))
    year = fields.Integer(load_default=None, validate=validate.Range(min=2000, max=2200))
    category = fields.String(load_default=None, validate=ID)
