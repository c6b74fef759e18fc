"""The shapes of enclosures: what lay in a letter, who counted what, where it went."""

import re
from typing import Any, Final

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from huiyin.chassis.web import Schema
from services.intake.domain.enclosure import Counted, EnclosedForm, LineForm, Police
from services.intake.domain.returning import Sent
from services.intake.schemas.values import ID, REASON, Page

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
#: As a counter of registered mail writes it.
_MAIL: Final = validate.Regexp(r"[A-Z0-9-]{6,40}\Z", error="邮件编号为 6 至 40 位大写字母或数字。")
_MOST: Final = 10**13
_LINE: Final = validate.Regexp(r"l[0-9]{1,3}\Z", error="写作 l1、l2……")


class EnclosedLine(Schema):
    """One sum (in the currency's smallest unit: 100 元 is 10000 CNY), one certificate or one thing."""

    kind = fields.String(required=True, validate=validate.OneOf(("money", "certificate", "object")))
    certificate = fields.String(load_default="", validate=validate.Length(max=40))
    currency = fields.String(load_default="", validate=validate.Length(max=3))
    amount = fields.Integer(load_default=0, validate=validate.Range(min=0, max=_MOST))
    description = fields.String(load_default="", validate=validate.Length(max=500))

    @validates_schema
    def _fitting(self, data: dict[str, Any], **_: Any) -> None:
        if data["kind"] == "money":
            if not _CURRENCY.fullmatch(data["currency"]):
                raise ValidationError("币种写作三个大写字母，如 CNY。", "currency")
            if data["amount"] < 1:
                raise ValidationError("金额须为正整数，以最小货币单位计（元写作分）。", "amount")
        elif data["currency"] or data["amount"]:
            raise ValidationError("只有现金填写币种和金额。", "amount")
        if data["kind"] == "certificate" and not data["certificate"]:
            raise ValidationError("证件须写明种类。", "certificate")
        if data["kind"] == "object" and not data["description"]:
            raise ValidationError("其他物品须写明是什么。", "description")

    @post_load
    def form(self, data: dict[str, Any], **_: Any) -> LineForm:
        """The use case's form."""
        return LineForm(**data)


class Recount(Schema):
    """A new first count."""

    lines = fields.List(fields.Nested(EnclosedLine), required=True, validate=validate.Length(min=1, max=100))


class Enclosed(Recount):
    """What a letter held or a visitor brought; `gift`: it was meant as a gift or bribe."""

    origin = fields.String(required=True, validate=validate.OneOf(("letter", "visit")))
    gift = fields.Boolean(load_default=False)

    @post_load
    def form(self, data: dict[str, Any], **_: Any) -> EnclosedForm:
        """The use case's form."""
        return EnclosedForm(origin=data["origin"], gift=data["gift"], lines=tuple(data["lines"]))


class CountedLine(Schema):
    """What the second person found of one line: for money the sum, else that it is there."""

    line = fields.String(required=True, validate=_LINE)
    currency = fields.String(load_default="", validate=validate.Length(max=3))
    amount = fields.Integer(load_default=0, validate=validate.Range(min=0, max=_MOST))
    present = fields.Boolean(load_default=False)

    @post_load
    def counted(self, data: dict[str, Any], **_: Any) -> Counted:
        """The domain's word for it."""
        return Counted(**data)


class Confirmation(Schema):
    """The second person's own count of every line."""

    lines = fields.List(fields.Nested(CountedLine), required=True, validate=validate.Length(min=1, max=100))


class KeeperChange(Schema):
    """To whom it is given, by directory subject."""

    to = fields.String(required=True, validate=ID)


class IncidentPolice(Schema):
    """The line on which the police were contacted, when, and what they gave as a reference."""

    line = fields.String(required=True, validate=validate.Length(min=3, max=20))
    contacted_at = fields.AwareDateTime(required=True)
    reference = fields.String(required=True, validate=validate.Length(min=1, max=100))
    took_it = fields.Boolean(required=True)

    @post_load
    def police(self, data: dict[str, Any], **_: Any) -> Police:
        """The domain's word for it."""
        return Police(**data)


class Incident(Schema):
    """Loss, damage or danger; without `lines`, of all that is held."""

    kind = fields.String(required=True, validate=validate.OneOf(("lost", "damaged", "dangerous")))
    lines = fields.List(fields.String(validate=_LINE), load_default=list, validate=validate.Length(max=100))
    account = fields.String(required=True, validate=REASON)
    police = fields.Nested(IncidentPolice, load_default=None, allow_none=True)

    @post_load
    def happened(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """What the use case seals and reports."""
        return {**data, "lines": tuple(data["lines"])}


class IncidentDecision(Schema):
    """How an incident ends."""

    outcome = fields.String(
        required=True, validate=validate.OneOf(("recovered", "compensated", "written_off"))
    )
    note = fields.String(required=True, validate=REASON)


class GivingBack(Schema):
    """How it is returned; without `lines`, all that is held."""

    way = fields.String(required=True, validate=validate.OneOf(("registered_mail", "mail", "in_person")))
    mail = fields.String(
        load_default="", validate=validate.Regexp(r"([A-Z0-9-]{6,40})?\Z", error=_MAIL.error)
    )
    lines = fields.List(fields.String(validate=_LINE), load_default=list, validate=validate.Length(max=100))

    @post_load
    def sent(self, data: dict[str, Any], **_: Any) -> Sent:
        """The domain's word for it."""
        return Sent(way=data["way"], mail=data["mail"], lines=tuple(data["lines"]))


class ReturnedMail(Schema):
    """Which mail came back, and why."""

    mail = fields.String(required=True, validate=_MAIL)
    why = fields.String(
        required=True, validate=validate.OneOf(("wrong_address", "unknown", "refused", "not_collected"))
    )


class ToFinance(Schema):
    """The number of the finance department's receipt."""

    receipt = fields.String(required=True, validate=ID)


class CopyRequest(Schema):
    """Why the unit needs the original."""

    reason = fields.String(required=True, validate=REASON)


class CertifiedCopy(Schema):
    """Which released file of the case is the copy that was compared with the original."""

    file = fields.String(required=True, validate=ID)


class Custody(Page):
    """Which part of the list of what is in custody; of one holder, or of all."""

    holder = fields.String(load_default=None, validate=ID)
