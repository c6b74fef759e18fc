"""The shapes of taking down: registrations, takeovers, corrections, withdrawals."""

from datetime import datetime
from typing import Any, Final

from marshmallow import fields, post_load, validate

from huiyin.chassis.web import Schema
from huiyin.contracts.events import TakenOver
from services.intake.domain.circle import Named, Told
from services.intake.domain.registration import Form, MatterForm, PartyForm
from services.intake.schemas.circle import Accused
from services.intake.schemas.values import ID, phone, short

_IDENTITY: Final = ("name", "phone", "email", "address", "work_unit", "occupation")


class Matter(Schema):
    """One matter as it was told; `accused`, `accusing` and `confidential` begin its circle."""

    kind = fields.String(required=True, validate=ID)
    category = fields.String(required=True, validate=ID)
    area = fields.String(required=True, validate=ID)
    place = fields.String(load_default="", validate=validate.Length(max=200))
    text = fields.String(required=True, validate=validate.Length(min=2, max=20_000))
    wish = fields.String(load_default="", validate=validate.Length(max=2_000))
    accused = fields.Nested(Accused, load_default=Named())
    accusing = fields.Boolean(load_default=False)
    confidential = fields.Boolean(load_default=False)

    @post_load
    def form(self, data: dict[str, Any], **_: Any) -> MatterForm:
        """The domain's form."""
        told = Told(**{name: data.pop(name) for name in ("accused", "accusing", "confidential")})
        return MatterForm(**data, told=told)


class Party(Schema):
    """One party as it told of itself."""

    role = fields.String(
        load_default="complainant",
        validate=validate.OneOf(("complainant", "representative", "interested")),
    )
    anonymous = fields.Boolean(load_default=False)
    name = short()
    phone = phone()
    email = fields.Email(validate=validate.Length(max=200))
    address = short(300)
    work_unit = short(200)
    occupation = short()

    @post_load
    def form(self, data: dict[str, Any], **_: Any) -> PartyForm:
        """The domain's form."""
        identity = {name: data[name] for name in _IDENTITY if data.get(name)}
        return PartyForm(role=data["role"], anonymous=data["anonymous"], identity=identity)


class Registration(Schema):
    """A complaint as it was taken down; `received_at` only for what is typed in later (E-42)."""

    channel = fields.String(required=True, validate=ID)
    language = fields.String(load_default="zh", validate=ID)
    difficulty = fields.String(load_default="ordinary", validate=ID)
    legal_class = fields.String(load_default=None, allow_none=True, validate=ID)
    priority = fields.String(load_default="normal", validate=ID)
    flags = fields.List(fields.String(validate=ID), load_default=list, validate=validate.Length(max=10))
    received_at = fields.AwareDateTime(load_default=None, allow_none=True)
    matters = fields.List(fields.Nested(Matter), required=True, validate=validate.Length(min=1, max=20))
    parties = fields.List(fields.Nested(Party), required=True, validate=validate.Length(min=1, max=20))
    answer = fields.String(load_default=None, allow_none=True, validate=validate.Length(min=2, max=5_000))


class Handed(Schema):
    """How a running case stands in the older system; `number` is the one it has there."""

    number = fields.String(
        required=True,
        validate=validate.Regexp(
            r"\S([^\x00-\x1f\x7f]{0,62}\S)?\Z", error="须为 1 至 64 个字符，首尾无空格。"
        ),
    )
    unit = fields.String(required=True, validate=validate.Length(min=1, max=64))
    due_on = fields.Date(required=True)
    urged = fields.Integer(load_default=0, validate=validate.Range(min=0, max=999))

    @post_load
    def handed(self, data: dict[str, Any], **_: Any) -> TakenOver:
        """As it travels."""
        return TakenOver(**data)


class Takeover(Registration):
    """A case that runs in an older system and goes on here."""

    received_at = fields.AwareDateTime(required=True)
    taken_over = fields.Nested(Handed, required=True)


def form_of(body: dict[str, Any], now: datetime) -> Form:
    """The domain's form of a registration; what has no time of its own was received now."""
    return Form(**{**body, "received_at": body["received_at"] or now})


class Withdrawal(Schema):
    """Why the complainant withdraws."""

    reason = fields.String(required=True, validate=validate.Length(min=2, max=500))


class Correction(Schema):
    """What a party's name or contact truly is; what is not named stays as it was (E-35)."""

    name = short()
    phone = phone()
    email = fields.Email(validate=validate.Length(max=200))
    address = short(300)
