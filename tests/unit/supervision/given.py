"""What the tests of supervision start from: the two offices' rulebooks, cases, orders, replies."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bson import Binary

from huiyin.chassis.calendar import load_calendar
from huiyin.chassis.rulebook import Rulebook, load_office
from huiyin.contracts.events import (
    CaseRegistered,
    Event,
    MessageRequested,
    OrderAccepted,
    OrderDispatched,
    PartyRef,
    ReplySubmitted,
)
from services.supervision.domain import cases, clocks, falling_due, review
from services.supervision.domain.clock import Clock, Judgement, Limit
from services.supervision.domain.dates import Rules
from services.supervision.domain.supervision import Supervision

OFFICES = Path(__file__).parents[3] / "deploy" / "offices"
CALENDAR = load_calendar(OFFICES / "calendars")
SHANGHAI = ZoneInfo("Asia/Shanghai")
WORDS = Binary(b"sealed")


@cache
def book_of(office: str) -> Rulebook:
    return load_office(OFFICES / office).rulebook


def rules(office: str = "mayors-line", **sections: dict[str, Any]) -> Rules:
    """The office's rules, with single keys changed: `rules(urge={"before": None})`."""
    book = book_of(office)
    changed = {name: replace(getattr(book, name), **keys) for name, keys in sections.items()}
    return Rules(replace(book, **changed), CALENDAR)


LINE = rules("mayors-line")
CENTRE = rules("community-centre")


def at(text: str) -> datetime:
    """An instant by the office's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def registered(accepted: str = "2024-09-27 10:00", **changes: Any) -> CaseRegistered:
    facts: dict[str, Any] = {
        "rulebook": "hash",
        "channel": "call",
        "language": "zh",
        "difficulty": "ordinary",
        "priority": "normal",
        "received_at": at(accepted),
        "accepted_at": at(accepted),
        "disposal": "dispatch",
        "matters": (),
        "parties": (PartyRef(id="p1", role="complainant", anonymous=False, media=("sms",)),),
    }
    return CaseRegistered(**{**facts, **changes})


def case(accepted: str = "2024-09-27 10:00", **changes: Any) -> Supervision:
    event = registered(accepted, **changes)
    return cases.open_supervision(event, "SZ-1", "mayors-line", "cal", book_of("mayors-line"))[0]


def order(dispatched: str = "2024-09-27 10:00", order: str = "m1-1", **changes: Any) -> OrderDispatched:
    facts: dict[str, Any] = {
        "order": order,
        "matter": "m1",
        "unit": "water",
        "role": "lead",
        "round": 1,
        "ground": "by_subject",
        "entry": "e1",
        "dispatched_at": at(dispatched),
    }
    return OrderDispatched(**{**facts, **changes})


def acceptance(accepted: str, order: str = "m1-1") -> OrderAccepted:
    return OrderAccepted(order=order, unit="water", accepted_at=at(accepted))


def reply(
    submitted: str, n: int = 1, order: str = "m1-1", final: bool = True, round_: int = 1
) -> ReplySubmitted:
    return ReplySubmitted(
        order=order, unit="water", reply=n, round=round_, final=final, digest="d", submitted_at=at(submitted)
    )


def started(
    by: Rules = LINE, dispatched: str = "2024-09-27 10:00", accepted: str | None = None, **facts: Any
) -> Supervision:
    """A case with one order given to a unit, on the day the case was accepted unless said."""
    opened = case(accepted or dispatched, **facts)
    return clocks.dispatched(opened, order(dispatched), by)[0]


def replied(supervision: Supervision, submitted: str, n: int = 1) -> Supervision:
    return clocks.replied(supervision, reply(submitted, n), at(submitted))[0]


def clock_of(supervision: Supervision, order: str = "m1-1") -> Clock:
    return supervision.clock(order)


def limit_of(supervision: Supervision, order: str = "m1-1") -> Limit:
    return supervision.clock(order).limits[-1]


def due_on(supervision: Supervision, order: str = "m1-1") -> date:
    return limit_of(supervision, order).due_on


def come(supervision: Supervision, now: str, by: Rules = LINE) -> tuple[Supervision, list[Event]]:
    """Time comes to `now`: do what is due, one act after the other."""
    said: list[Event] = []
    while acts := falling_due.due_acts(supervision, at(now)):
        supervision, events = falling_due.fall_due(supervision, acts[0], by, at(now))
        said += events
    return supervision, said


def all_pass(by: Rules = LINE) -> tuple[Judgement, ...]:
    return tuple(Judgement(criterion=c.id, result="pass") for c in by.book.review.criteria)


def one_fails(failed: str = "facts", by: Rules = LINE) -> tuple[Judgement, ...]:
    return tuple(replace(j, result="fail") if j.criterion == failed else j for j in all_pass(by))


def reviewed(judgements: Sequence[Judgement], n: int = 1, **changes: Any) -> review.Review:
    facts: dict[str, Any] = {
        "order": "m1-1",
        "reply": n,
        "judgements": tuple(judgements),
        "demands": None,
        "limit_wd": None,
        "by": "s1",
        "unit": "duty_room",
    }
    return review.Review(**{**facts, **changes})


def approved(supervision: Supervision, now: str, n: int = 1, order: str = "m1-1") -> Supervision:
    return review.judge(supervision, reviewed(all_pass(), n, order=order), LINE, at(now))[0]


def messages(events: Sequence[Event]) -> list[tuple[str, str, str]]:
    """Template, kind of addressee and addressee of each message asked for."""
    return [(e.template, e.addressee_kind, e.addressee) for e in events if isinstance(e, MessageRequested)]


def only(events: Sequence[Event], kind: type[Any]) -> Any:
    """The one event of a kind."""
    (found,) = [event for event in events if isinstance(event, kind)]
    return found
