"""The shapes of the circle: whom a matter accuses, what is confidential, what was approved."""

from typing import Any

from marshmallow import fields, post_load, validate

from huiyin.chassis.web import Schema
from services.intake.domain.circle import Named
from services.intake.schemas.values import ID


class Accused(Schema):
    """Whom somebody names: people by directory subject, units by id."""

    people = fields.List(fields.String(validate=ID), load_default=list, validate=validate.Length(max=20))
    units = fields.List(fields.String(validate=ID), load_default=list, validate=validate.Length(max=20))

    @post_load
    def named(self, data: dict[str, Any], **_: Any) -> Named:
        """The domain's word for them."""
        return Named(people=tuple(data["people"]), units=tuple(data["units"]))


class Accusation(Accused):
    """Whom a matter accuses, as it was learned now."""

    matter = fields.String(required=True, validate=ID)

    @post_load
    def named(self, data: dict[str, Any], **_: Any) -> Any:
        """The matter, and the domain's word for whom it names."""
        return {"matter": data["matter"], "named": super().named(data)}


class Confidentiality(Schema):
    """Which matter is to be kept confidential from now on."""

    matter = fields.String(required=True, validate=ID)


class ApprovalRequest(Schema):
    """Which matter is to go once to which unit, that the accusation shuts out."""

    matter = fields.String(required=True, validate=ID)
    unit = fields.String(required=True, validate=ID)


class Approval(Schema):
    """An organisation's consent to what was requested."""

    request = fields.String(required=True, validate=ID)
    text = fields.String(required=True, validate=validate.Length(min=2, max=2_000))
