"""What people look at: one case's dates, what waits for them, the words of a return."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from huiyin.chassis.steps import Actor
from services.supervision.domain.clock import Clock, Limit
from services.supervision.domain.supervision import Dissatisfaction, Extension, Slip, Supervision
from services.supervision.errors import NothingReturned, NotYourOrder
from services.supervision.store import running_dues
from services.supervision.use_cases.house import House

T = TypeVar("T")
Row = dict[str, Any]

_SOON: Final = timedelta(days=3)
_CASES_AT_ONCE: Final = 100


def supervision(house: House, number: str, who: Actor) -> Mapping[str, Any]:
    """One case's supervision; a unit sees its own orders, another office nothing (E-84)."""
    found = house.supervisions.of_office(number, who.office).state
    if who.role != "unit":
        return summary(found)
    if not any(clock.unit == who.unit for clock in found.clocks):
        raise NotYourOrder("该诉求没有派给贵单位的工单。")
    return summary(found, who.unit)


def reviews(house: House, office: str, skip: int, limit: int) -> list[Row]:
    """The replies of the office that wait for a reviewer."""
    found = _page(house, office, "review", lambda s: s.to_review, slice(skip, skip + limit))
    return [_review(s, clock) for s, clock in found]


def extensions(house: House, office: str, skip: int, limit: int) -> list[Row]:
    """The office's requests for more time that wait for an answer, with the unit's reason."""
    found = _page(house, office, "extension", lambda s: s.asked, slice(skip, skip + limit))
    return [{**_asked(s, asked), "reason": house.open(asked.reason)} for s, asked in found]


def dissatisfactions(house: House, office: str, skip: int, limit: int) -> list[Row]:
    """The office's cases whose complainant is not satisfied, with what was said of each matter."""
    found = _page(house, office, "dissatisfaction", _doubted, slice(skip, skip + limit))
    return [_dissatisfaction(s, doubted) for s, doubted in found]


def clocks(house: House, office: str) -> Row:
    """How many of the office's clocks run, fall due within three days, and are overdue."""
    today = house.now().astimezone(_zone(house, office)).date()
    dues = running_dues(house.supervisions, office)
    return {
        "running": len(dues),
        "due_soon": sum(today <= due <= today + _SOON for due in dues),
        "overdue": sum(due < today for due in dues),
    }


def demands(house: House, number: str, order: str, who: Actor) -> Row:
    """The words of the last return, for the unit that must meet them and for supervisors (S4-44)."""
    clock = house.supervisions.of_office(number, who.office).state.clock(order)
    if who.role == "unit" and clock.unit != who.unit:
        raise NotYourOrder("这张工单不是派给贵单位的。")
    if not clock.returns:
        raise NothingReturned(f"工单 {order} 没有被退回重办。")
    last = clock.returns[-1]
    return {
        "reply": last.reply,
        "round": last.round,
        "failed": list(last.failed),
        "demands": house.open(last.demands),
        "due_on": last.due_on.isoformat(),
        "returned_at": last.returned_at.isoformat(),
    }


def summary(found: Supervision, unit: str = "") -> Mapping[str, Any]:
    """What a supervision looks like from outside, or one unit's share of it: no words, no identity."""
    clocks = [clock for clock in found.clocks if unit in ("", clock.unit)]
    orders = {clock.order for clock in clocks}
    doubted = found.doubted
    return {
        "number": found.number,
        "round": found.round,
        "concluded": found.concluded,
        "clocks": [_clock(clock) for clock in clocks],
        "slips": [_slip(slip) for slip in found.slips if slip.order in orders],
        "extensions": [
            {"id": x.id, "order": x.order, "until": x.until.isoformat(), "state": x.state}
            for x in found.extensions
            if x.order in orders
        ],
        "dissatisfied": list(doubted.matters) if doubted else [],
    }


def _zone(house: House, office: str) -> ZoneInfo:
    return ZoneInfo(house.base.rulebooks.office(office).rulebook.office.timezone)


def _clock(clock: Clock) -> Row:
    return {
        "order": clock.order,
        "matter": clock.matter,
        "unit": clock.unit,
        "role": clock.role,
        "round": clock.round,
        "state": clock.state,
        "returns": len(clock.returns),
        "limits": [_limit(limit) for limit in clock.limits],
        "replies": [
            {
                "n": reply.n,
                "round": reply.round,
                "submitted_at": reply.submitted_at.isoformat(),
                "on_time": reply.on_time,
                "verdict": reply.verdict,
                "results": {j.criterion: j.result for j in reply.judgements},
            }
            for reply in clock.replies
        ],
    }


def _limit(limit: Limit) -> Row:
    return {
        "reason": limit.reason,
        "start": limit.start.isoformat(),
        "due_on": limit.due_on.isoformat(),
        "due_at": limit.due_at.isoformat(),
        "provisional": limit.provisional,
        "expired": limit.expired,
    }


def _slip(slip: Slip) -> Row:
    return {
        "id": slip.id,
        "kind": slip.kind,
        "ordinal": slip.ordinal,
        "order": slip.order,
        "due_on": slip.due_on.isoformat(),
        "issued_at": slip.issued_at.isoformat(),
        "withdrawn_by": slip.notice or None,
    }


def _review(found: Supervision, clock: Clock) -> Row:
    reply = clock.to_review
    assert reply is not None, "it stands on the list because one waits"
    return {
        "number": found.number,
        "order": clock.order,
        "matter": clock.matter,
        "unit": clock.unit,
        "reply": reply.n,
        "round": reply.round,
        "submitted_at": reply.submitted_at.isoformat(),
        "on_time": reply.on_time,
        "returns": len(clock.returns),
    }


def _asked(found: Supervision, asked: Extension) -> Row:
    clock = found.clock(asked.order)
    return {
        "number": found.number,
        "id": asked.id,
        "order": asked.order,
        "unit": clock.unit,
        "due_on": clock.limits[-1].due_on.isoformat(),
        "until": asked.until.isoformat(),
        "asked_at": asked.asked_at.isoformat(),
    }


def _doubted(found: Supervision) -> tuple[Dissatisfaction, ...]:
    return (found.doubted,) if found.doubted else ()


def _dissatisfaction(found: Supervision, doubted: Dissatisfaction) -> Row:
    return {
        "number": found.number,
        "round": doubted.round,
        "matters": list(doubted.matters),
        "evaluations": [
            {"matter": e.matter, "reached": e.reached, "solved": e.solved, "satisfied": e.satisfied}
            for e in found.evaluations
            if e.matter in doubted.matters
        ],
    }


def _page(
    house: House, office: str, what: str, rows: Callable[[Supervision], Iterable[T]], page: slice
) -> list[tuple[Supervision, T]]:
    """A page of a list, counted in its rows; a case may have several."""
    found = ((s, row) for s in _waiting(house, office, what) for row in rows(s))
    return list(islice(found, page.start, page.stop))


def _waiting(house: House, office: str, what: str) -> Iterator[Supervision]:
    query, skip = {"office": office, "pending": what}, 0
    while records := house.supervisions.find(query, skip=skip, limit=_CASES_AT_ONCE):
        yield from (record.state for record in records)
        skip += len(records)
