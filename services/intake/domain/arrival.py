"""How a complaint came in: the facts of the call, the visit, the letter or the message itself."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from bson import Binary

from huiyin.chassis.rulebook import Rulebook
from services.intake.domain.redaction import redact

Problem = tuple[str, str]
Delivered = Literal["mailed", "forwarded", "handed_in"]
Interest = Literal["own", "others", "public"]
Desk = Literal["window", "office"]

#: Which facts a way in can have; what does not belong to it is a slip of the pen.
_BELONG: Final = {
    "call": frozenset({"calling_number", "line"}),
    "visit": frozenset({"visitors"}),
    "letter": frozenset(
        {"delivered", "dated_on", "first_received_on", "forwarded_by", "forwarded_on", "tell_forwarder"}
    ),
    "message": frozenset({"calling_number", "account", "reference", "posted_at", "line"}),
}
_SEALED: Final = frozenset({"calling_number", "account"})
#: Organs and papers, as somebody wrote them down.
_NAMED: Final = ("forwarded_by", "news_outlet")
_EVERYWHERE: Final = frozenset({"news_outlet", "news_on"})
_NAMES: Final = {
    "calling_number": "来电号码",
    "line": "来源热线",
    "account": "留言人账号",
    "reference": "原系统留言编号",
    "posted_at": "留言时间",
    "visitors": "来访人数",
    "dated_on": "落款日期",
}


@dataclass(frozen=True, kw_only=True)
class _Noted:
    """What was noted of the arrival and is kept as it was; nothing where it was not asked or not known."""

    line: str = ""
    reference: str = ""
    posted_at: datetime | None = None
    visitors: int | None = None
    delivered: Delivered | None = None
    dated_on: date | None = None
    first_received_on: date | None = None
    forwarded_by: str = ""
    forwarded_on: date | None = None
    tell_forwarder: bool = False
    news_outlet: str = ""
    news_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ArrivalForm(_Noted):
    """The arrival as it is told."""

    calling_number: str = ""
    account: str = ""


@dataclass(frozen=True, kw_only=True)
class Arrival(_Noted):
    """The arrival as it is kept: `sealed` holds the calling number and the account (S0-02).

    `spoken` is a language the office does not write in (E-34).
    """

    sealed: Binary | None = None
    desk: Desk | None = None
    spoken: str = ""


def keep(
    told: ArrivalForm,
    sealed: Binary | None,
    form: tuple[str, str],
    book: Rulebook,
    known: Collection[str],
) -> Arrival:
    """The arrival as it is kept; a letter is mailed or forwarded, and lies on one desk (S2-52, XI-01).

    Organs and papers are named in it, and nobody who complains: `known` is what they gave (E-79).
    """
    channel, language = form
    delivered = _delivered(told, channel, book)
    named = {name: redact(getattr(told, name), known) for name in _NAMED}
    plain = {name: value for name, value in vars(told).items() if name not in _SEALED} | named
    return Arrival(
        **{**plain, "delivered": delivered},
        sealed=sealed,
        desk=_desk(delivered, book),
        spoken="" if language in book.office.languages else language,
    )


def _desk(delivered: Delivered | None, book: Rulebook) -> Desk | None:
    if delivered is None:
        return None
    return "window" if delivered == "handed_in" else book.letter.desk


def secret(told: ArrivalForm, phone: str) -> dict[str, str]:
    """What is sealed: a call has the number that was seen, else the one that was told (S0-02)."""
    kept = {"calling_number": told.calling_number or phone, "account": told.account}
    return {name: value for name, value in kept.items() if value}


def problems(
    told: ArrivalForm, channel: str, received_at: datetime, phone: str, book: Rulebook
) -> Iterator[Problem]:
    """What of the arrival does not fit its channel, or is missing (X-18, S3-05, S4-07, E-44)."""
    way = book.taking.ways[channel]
    given = {name for name, value in vars(told).items() if value}
    for name in sorted(given - _BELONG[way.way] - _EVERYWHERE):
        yield name, f"渠道 {channel} 没有这一项"
    known = given | ({"calling_number"} if phone else set())
    for name in way.facts:
        if name not in known:
            yield name, f"本渠道须登记{_NAMES[name]}"
    if told.line and told.line not in book.taking.lines:
        yield "line", f"没有这条并入的热线；可用：{'、'.join(book.taking.lines)}"
    yield from _letter_problems(told, received_at)
    if told.posted_at is not None and told.posted_at > received_at:
        yield "posted_at", "留言时间不能晚于收到时间"
    if told.news_on is not None and not told.news_outlet:
        yield "news_outlet", "须写明报道的媒体"


def _letter_problems(told: ArrivalForm, received_at: datetime) -> Iterator[Problem]:
    """A forwarded letter has two dates and a sender; they follow one another (E-44, S2-52)."""
    forwarded = told.delivered == "forwarded" or bool(told.forwarded_by)
    if forwarded and told.delivered not in (None, "forwarded"):
        yield "delivered", "写明转来机关的来信应为 forwarded（转送）"
    for name in ("forwarded_by", "first_received_on") if forwarded else ():
        if not getattr(told, name):
            yield name, "转送的来信须写明转来机关及该机关收到日期"
    if told.tell_forwarder and not forwarded:
        yield "tell_forwarder", "不是转送的来信，没有转来机关可告知"
    days = [told.dated_on, told.first_received_on, told.forwarded_on, received_at.date()]
    known = [day for day in days if day is not None]
    if known != sorted(known):
        yield "first_received_on", "落款、转来机关收到、转出、本机构收到的日期须依次不早于前一日期"


def _delivered(told: ArrivalForm, channel: str, book: Rulebook) -> Delivered | None:
    if book.taking.ways[channel].way != "letter":
        return None
    return told.delivered or ("forwarded" if told.forwarded_by else "mailed")
