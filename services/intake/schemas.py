"""The shapes of intake's HTTP: what may be sent and asked."""

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema
from webargs.fields import DelimitedList

from huiyin.chassis.sealing import MONTH
from huiyin.chassis.web import QuerySchema, Schema
from huiyin.contracts.events import TakenOver
from services.intake.domain.circle import Named, Told
from services.intake.domain.registration import Form, MatterForm, PartyForm
from services.intake.domain.stages import STAGES

_ID = validate.Regexp(r"[A-Za-z0-9_./-]{1,80}\Z", error="只能用字母、数字和 _ . / -。")
_IDENTITY = ("name", "phone", "email", "address", "work_unit", "occupation")


def _short(limit: int = 100) -> fields.String:
    return fields.String(validate=validate.Length(min=1, max=limit))


class Accused(Schema):
    """Whom somebody names: people by directory subject, units by id."""

    people = fields.List(fields.String(validate=_ID), load_default=list, validate=validate.Length(max=20))
    units = fields.List(fields.String(validate=_ID), load_default=list, validate=validate.Length(max=20))

    @post_load
    def named(self, data: dict[str, Any], **_: Any) -> Named:
        """The domain's word for them."""
        return Named(people=tuple(data["people"]), units=tuple(data["units"]))


def _phone() -> fields.String:
    return fields.String(
        validate=validate.Regexp(r"[+0-9０-９ ()（）-]{3,30}\Z", error="电话只能含数字、空格、括号和短横。")
    )


class Matter(Schema):
    """One matter as it was told; `accused`, `accusing` and `confidential` begin its circle."""

    kind = fields.String(required=True, validate=_ID)
    category = fields.String(required=True, validate=_ID)
    area = fields.String(required=True, validate=_ID)
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
    name = _short()
    phone = _phone()
    email = fields.Email(validate=validate.Length(max=200))
    address = _short(300)
    work_unit = _short(200)
    occupation = _short()

    @post_load
    def form(self, data: dict[str, Any], **_: Any) -> PartyForm:
        """The domain's form."""
        identity = {name: data[name] for name in _IDENTITY if data.get(name)}
        return PartyForm(role=data["role"], anonymous=data["anonymous"], identity=identity)


class Registration(Schema):
    """A complaint as it was taken down; `received_at` only for what is typed in later (E-42)."""

    channel = fields.String(required=True, validate=_ID)
    language = fields.String(load_default="zh", validate=_ID)
    difficulty = fields.String(load_default="ordinary", validate=_ID)
    legal_class = fields.String(load_default=None, allow_none=True, validate=_ID)
    priority = fields.String(load_default="normal", validate=_ID)
    flags = fields.List(fields.String(validate=_ID), load_default=list, validate=validate.Length(max=10))
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


class Restriction(Schema):
    """Why the view is restricted; kept outside the database too, so it names no person."""

    why = fields.String(required=True, validate=validate.Length(min=2, max=500))


class Accusation(Accused):
    """Whom a matter accuses, as it was learned now."""

    matter = fields.String(required=True, validate=_ID)

    @post_load
    def named(self, data: dict[str, Any], **_: Any) -> Any:
        """The matter, and the domain's word for whom it names."""
        return {"matter": data["matter"], "named": super().named(data)}


class Confidentiality(Schema):
    """Which matter is to be kept confidential from now on."""

    matter = fields.String(required=True, validate=_ID)


class Approval(Schema):
    """An organisation's consent to one transfer to the accused's own unit."""

    matter = fields.String(required=True, validate=_ID)
    unit = fields.String(required=True, validate=_ID)
    requested_by = fields.String(required=True, validate=_ID)
    text = fields.String(required=True, validate=validate.Length(min=2, max=2_000))


class Retention(QuerySchema):
    """Of which months the retention is asked: 2014-09,2014-10."""

    months = DelimitedList(
        fields.String(validate=validate.Regexp(MONTH, error="月份写作 2024-09，以逗号分隔。")),
        required=True,
        validate=validate.Length(min=1, max=100),
    )


class Opening(Schema):
    """Why somebody must know who complained."""

    reason = fields.String(
        required=True, validate=validate.Regexp(r"\s*\S[\s\S]{0,498}\S\s*\Z", error="须写明理由。")
    )


_REASON = validate.Regexp(r"\s*\S[\s\S]{0,498}\S\s*\Z", error="须写明理由。")


class IdentityRequest(Schema):
    """Why somebody must know who complained; of one party, or of all."""

    reason = fields.String(required=True, validate=_REASON)
    party = fields.String(load_default=None, validate=validate.Regexp(r"[A-Za-z0-9]{1,16}\Z"))


class IdentityGrant(Schema):
    """Until when a request is granted: a moment, or hours from now; and a note."""

    until = fields.AwareDateTime(load_default=None)
    hours = fields.Integer(load_default=None, validate=validate.Range(min=1, max=720))
    note = fields.String(required=True, validate=_REASON)

    @validates_schema
    def _one_end(self, data: dict[str, Any], **_: Any) -> None:
        if (data["until"] is None) == (data["hours"] is None):
            raise ValidationError("until 和 hours 须填写且只填写一项。", "until")


class IdentityRefusal(Schema):
    """Why a request is refused."""

    note = fields.String(required=True, validate=_REASON)


class Correction(Schema):
    """What a party's name or contact truly is; what is not named stays as it was (E-35)."""

    name = _short()
    phone = _phone()
    email = fields.Email(validate=validate.Length(max=200))
    address = _short(300)


class Page(QuerySchema):
    """Which part of a list."""

    skip = fields.Integer(load_default=0, validate=validate.Range(min=0, max=100_000))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class Progress(Schema):
    """What a complainant shows to ask how it stands: number and query code."""

    number = fields.String(required=True, validate=validate.Length(min=1, max=64))
    code = fields.String(required=True, validate=validate.Regexp(r"\d{6}\Z", error="查询码是六位数字。"))


class Leased(QuerySchema):
    """Which rows of the leased serials: those behind `office:day`."""

    after = fields.String(load_default="", validate=validate.Length(max=64))
    limit = fields.Integer(load_default=200, validate=validate.Range(min=1, max=500))


class Queue(QuerySchema):
    """Which cases of the office, accepted from `since` on and before `until`; which part of the list.

    `number` is ours or an older system's.
    """

    number = fields.String(load_default=None, validate=validate.Length(min=1, max=64))
    stage = fields.String(load_default=None, validate=validate.OneOf(STAGES))
    channel = fields.String(load_default=None, validate=_ID)
    unit = fields.String(load_default=None, validate=_ID)
    since = fields.AwareDateTime(load_default=None)
    until = fields.AwareDateTime(load_default=None)
    skip = fields.Integer(load_default=0, validate=validate.Range(min=0, max=100_000))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class OfMatter(QuerySchema):
    """The one matter a file is about; without it, the case as a whole."""

    matter = fields.String(load_default="", validate=validate.Length(max=20))
