"""The shape of passing a case on: to whom, why, and how the other office calls things."""

from typing import Any

from marshmallow import fields, post_load, validate

from huiyin.chassis.web import Schema
from services.intake.domain.passing import MatterWanted, Wanted
from services.intake.schemas.circle import Accused
from services.intake.schemas.values import ID, REASON


class PassedMatter(Schema):
    """One matter as the other office calls it; `accused` by that office's directory."""

    id = fields.String(required=True, validate=ID)
    kind = fields.String(load_default="", validate=ID)
    category = fields.String(load_default="", validate=ID)
    area = fields.String(load_default="", validate=ID)
    accused = fields.Nested(Accused, load_default=None, allow_none=True)

    @post_load
    def wanted(self, data: dict[str, Any], **_: Any) -> MatterWanted:
        """The domain's word for it."""
        return MatterWanted(**data)


class Passing(Schema):
    """To which office a case goes on, and why."""

    to = fields.String(required=True, validate=ID)
    reason = fields.String(required=True, validate=REASON)
    channel = fields.String(load_default="", validate=ID)
    difficulty = fields.String(load_default="", validate=ID)
    priority = fields.String(load_default="", validate=ID)
    matters = fields.List(fields.Nested(PassedMatter), load_default=list, validate=validate.Length(max=20))

    @post_load
    def wanted(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The reason, and the domain's word for the rest."""
        reason = data.pop("reason")
        return {"reason": reason, "wanted": Wanted(**{**data, "matters": tuple(data["matters"])})}
