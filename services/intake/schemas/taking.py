"""The shapes of taking down: registrations, takeovers, corrections, withdrawals."""

from datetime import datetime
from typing import Any, Final, get_args

from marshmallow import fields, post_load, validate

from huiyin.chassis.web import Schema
from huiyin.contracts.events import CaseRole, GoesOn, TakenOver
from services.intake.domain.arrival import ArrivalForm, Delivered, Interest
from services.intake.domain.circle import Named, Told
from services.intake.domain.danger import CallRef
from services.intake.domain.parties import Need, PartyForm, PartyKind
from services.intake.domain.registration import Form, MatterForm
from services.intake.domain.repeats import Repeated
from services.intake.schemas.circle import Accused
from services.intake.schemas.enclosures import Enclosed
from services.intake.schemas.knowledge import Cited
from services.intake.schemas.sorting import SortedCase, SortedMatter, case_sorting, matter_sorting
from services.intake.schemas.values import ID, REASON, phone, short

_IDENTITY: Final = (
    "name",
    "phone",
    "email",
    "address",
    "work_unit",
    "occupation",
    "contact_person",
    "registered_address",
    "helper_name",
    "helper_phone",
)
#: What somebody may refuse to give (E-24).
_REFUSABLE: Final = (*_IDENTITY[:8], "contact")


def _id() -> fields.String:
    """An id of the office's catalogue; whether it must be given, its rulebook says."""
    return fields.String(
        load_default="", validate=validate.Regexp(r"[A-Za-z0-9_./-]{0,80}\Z", error=ID.error)
    )


class Matter(SortedMatter):
    """One matter as it was told; `accused`, `accusing` and `confidential` begin its circle."""

    kind = _id()
    category = _id()
    area = _id()
    place = fields.String(load_default="", validate=validate.Length(max=200))
    text = fields.String(load_default="", validate=validate.Length(max=20_000))
    object = fields.String(load_default="", validate=validate.Length(max=200))
    wish = fields.String(load_default="", validate=validate.Length(max=2_000))
    accused = fields.Nested(Accused, load_default=Named())
    accusing = fields.Boolean(load_default=False)
    confidential = fields.Boolean(load_default=False)

    @post_load
    def form(self, data: dict[str, Any], **_: Any) -> MatterForm:
        """The domain's form."""
        matter = matter_sorting(data)
        told = Told(**{name: data.pop(name) for name in ("accused", "accusing", "confidential")})
        return MatterForm(**data, told=told, sorted=matter)


class Party(Schema):
    """One party as it told of itself."""

    role = fields.String(
        load_default="complainant",
        validate=validate.OneOf(get_args(CaseRole)),
    )
    anonymous = fields.Boolean(load_default=False)
    name = short()
    helper_phone = phone()
    phone = phone()
    email = fields.Email(validate=validate.Length(max=200))
    address = short(300)
    work_unit = short(200)
    occupation = short()
    contact_person = short()
    registered_address = short(300)
    helper_name = short()
    kind = fields.String(load_default="citizen", validate=validate.OneOf(get_args(PartyKind)))
    not_given = fields.List(fields.String(validate=validate.OneOf(_REFUSABLE)), load_default=list)
    needs = fields.List(fields.String(validate=validate.OneOf(get_args(Need))), load_default=list)
    consents = fields.Boolean(load_default=False)

    @post_load
    def form(self, data: dict[str, Any], **_: Any) -> PartyForm:
        """The domain's form."""
        identity = {name: data[name] for name in _IDENTITY if data.get(name)}
        told = {name: data[name] for name in ("role", "anonymous", "kind", "not_given", "needs", "consents")}
        return PartyForm(**told, identity=identity)


class RepeatOf(Schema):
    """The person's earlier case of the same matter; `claim` is what they say of it now (E-36…E-39).

    `why` is what the operator goes by: it is stored (V-06).
    """

    number = fields.String(required=True, validate=validate.Length(min=1, max=64))
    claim = fields.String(load_default="same", validate=validate.OneOf(("same", "new_facts", "dissatisfied")))
    why = fields.String(required=True, validate=REASON)

    @post_load
    def repeated(self, data: dict[str, Any], **_: Any) -> Repeated:
        """The domain's word for it."""
        return Repeated(**data)


class Arrival(Schema):
    """How it came in; which of it belongs to the channel, the rulebook says (X-18)."""

    calling_number = phone()
    line = fields.String(validate=ID)
    account = short(200)
    reference = fields.String(validate=validate.Regexp(r"[\x21-\x7e]{1,100}\Z", error="须为原系统的编号。"))
    posted_at = fields.AwareDateTime()
    visitors = fields.Integer(validate=validate.Range(min=1, max=10_000))
    delivered = fields.String(validate=validate.OneOf(get_args(Delivered)))
    dated_on = fields.Date()
    first_received_on = fields.Date()
    forwarded_by = short(200)
    forwarded_on = fields.Date()
    tell_forwarder = fields.Boolean()
    news_outlet = short()
    news_on = fields.Date()

    @post_load
    def form(self, data: dict[str, Any], **_: Any) -> ArrivalForm:
        """The domain's form."""
        return ArrivalForm(**data)


class Registration(SortedCase):
    """A complaint as it was taken down; `received_at` only for what is typed in later (E-42).

    `call` names the call it was told in; `number_mark` says why there is no number (S0-02, E-25).
    `answer_cites` names the entries of the knowledge base that an answer on the spot rests on.
    """

    channel = fields.String(required=True, validate=ID)
    language = fields.String(load_default="zh", validate=ID)
    difficulty = fields.String(load_default="ordinary", validate=ID)
    legal_class = fields.String(load_default=None, allow_none=True, validate=ID)
    received_at = fields.AwareDateTime(load_default=None, allow_none=True)
    matters = fields.List(fields.Nested(Matter), required=True, validate=validate.Length(min=1, max=20))
    parties = fields.List(fields.Nested(Party), required=True, validate=validate.Length(min=1, max=20))
    answer = fields.String(load_default=None, allow_none=True, validate=validate.Length(min=2, max=5_000))
    arrival = fields.Nested(Arrival, load_default=ArrivalForm())
    interest = fields.String(load_default="own", validate=validate.OneOf(get_args(Interest)))
    truth_stated = fields.Boolean(load_default=False)
    warned = fields.Boolean(load_default=False)
    call = fields.String(
        load_default="", validate=validate.Regexp(r"(C[0-9a-f]{24})?\Z", error="不是来电编号。")
    )
    number_mark = fields.String(
        load_default="shown", validate=validate.OneOf(("shown", "withheld", "switchboard"))
    )
    enclosed = fields.Nested(Enclosed, load_default=None, allow_none=True)
    repeat_of = fields.Nested(RepeatOf, load_default=None, allow_none=True)
    answered_at = fields.AwareDateTime(load_default=None, allow_none=True)
    answer_cites = fields.List(fields.Nested(Cited), load_default=list, validate=validate.Length(max=20))


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
    told = dict(body)
    call, mark = told.pop("call"), told.pop("number_mark")
    ref = CallRef(id=call, number=mark) if call or mark != "shown" else None
    return Form(sorted=case_sorting(told), **{**told, "received_at": told["received_at"] or now}, call=ref)


class Withdrawal(Schema):
    """Why the complainant withdraws, and what the officer sees that must be handled all the same (E-29)."""

    reason = fields.String(required=True, validate=validate.Length(min=2, max=500))
    stated = fields.List(
        fields.String(validate=validate.OneOf(get_args(GoesOn))), load_default=list, data_key="goes_on"
    )


class Correction(Schema):
    """What a party truly is; what is not named stays (E-35). `based_on`: the revision that was read."""

    name = short()
    helper_phone = phone()
    phone = phone()
    email = fields.Email(validate=validate.Length(max=200))
    address = short(300)
    work_unit = short(200)
    occupation = short()
    contact_person = short()
    registered_address = short(300)
    helper_name = short()
    based_on = fields.Integer(required=True, validate=validate.Range(min=0))
