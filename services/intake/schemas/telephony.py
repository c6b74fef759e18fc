"""The shapes of telephony: the call centre's words, hand-overs, emergencies, limits."""

from typing import Any, Final

from marshmallow import fields, post_load, validate

from huiyin.chassis.web import Schema
from services.intake.domain.calls import ENDINGS, OUTCOMES
from services.intake.domain.hearing_calls import WORDS, Spoken
from services.intake.domain.misuse import MEASURES
from services.intake.schemas.values import ID, REASON, phone

_FOREIGN: Final = validate.Regexp(r"[\x21-\x7e]{1,64}\Z", error="须为 1 至 64 个可见 ASCII 字符。")
_LINE: Final = validate.Regexp(r"[0-9A-Za-z_-]{1,20}\Z", error="线路写作号码，如 120。")


class CallWord(Schema):
    """One word of the call centre; `event` is its id, handled once. Of the rest what its kind needs."""

    event = fields.String(required=True, validate=_FOREIGN)
    office = fields.String(required=True, validate=ID)
    type = fields.String(required=True, validate=validate.OneOf(WORDS))
    call = fields.String(required=True, validate=_FOREIGN)
    at = fields.AwareDateTime(load_default=None)
    number = phone()
    number_kind = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(("shown", "withheld", "switchboard"))
    )
    line = fields.String(load_default="", validate=_LINE)
    operator = fields.String(load_default="", validate=ID)
    reference = fields.String(load_default="", validate=_FOREIGN)
    to = fields.String(load_default="", validate=_LINE)
    outcome = fields.String(load_default="ringing", validate=validate.OneOf(OUTCOMES))
    reason = fields.String(load_default="ended", validate=validate.OneOf(ENDINGS))
    recording = fields.String(load_default="", validate=_FOREIGN)

    @post_load
    def heard(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The use case's word, and whose it is."""
        id_, office = data.pop("event"), data.pop("office")
        told = Spoken(
            word=data.pop("type"),
            mark=data.pop("number_kind"),
            ending=data.pop("reason"),
            number=data.pop("number", ""),
            **data,
        )
        return {"id": id_, "office": office, "told": told}


class HandOver(Schema):
    """Which line is to take over, and what is known so far: nothing of it but the line is needed."""

    line = fields.String(required=True, validate=_LINE)
    words = fields.String(load_default="", validate=validate.Length(max=2_000))
    area = fields.String(load_default="", validate=validate.Length(max=80))
    place = fields.String(load_default="", validate=validate.Length(max=200))


class Settlement(Schema):
    """How a hand-over ended that the call centre could not tell of."""

    taken = fields.Boolean(required=True)
    how = fields.String(required=True, validate=REASON)


class Raised(Schema):
    """What was found in a letter or post; the line to be rung, where one must be."""

    line = fields.String(load_default=None, allow_none=True, validate=_LINE)
    words = fields.String(load_default="", validate=validate.Length(max=2_000))


class Verified(Schema):
    """Whether the emergency is real."""

    real = fields.Boolean(required=True)


class Limited(Schema):
    """Why a number is limited, and until when."""

    reason = fields.String(required=True, validate=REASON)
    until = fields.AwareDateTime(required=True)


class Recorded(Schema):
    """What was done about a malicious caller, short of a limit."""

    measure = fields.String(required=True, validate=validate.OneOf(MEASURES))
    words = fields.String(required=True, validate=REASON)


class Lifted(Schema):
    """Why a limit ends before its time."""

    reason = fields.String(required=True, validate=REASON)
