"""What people look at: one case's dates, what waits for them, the words of a return."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from huiyin.chassis.errors import KeyDestroyed, NotFound, Unavailable, no_such
from huiyin.chassis.leave import require_leave
from huiyin.chassis.sight import seen_by
from huiyin.chassis.standing import Standing, standing
from huiyin.chassis.steps import Actor
from services.supervision.domain.clock import Clock, Limit
from services.supervision.domain.seen import of_orders
from services.supervision.domain.supervision import Dissatisfaction, Extension, Slip, Supervision
from services.supervision.domain.urging import turn
from services.supervision.errors import NothingReturned
from services.supervision.store import running_dues
from services.supervision.use_cases.house import House

T = TypeVar("T")
Row = dict[str, Any]

_SOON: Final = timedelta(days=3)
#: Who may look at a unit's order, and who may act on it.
READS: Final[tuple[Standing, ...]] = ("own", "above")
OWN: Final[tuple[Standing, ...]] = ("own",)


def supervision(house: House, number: str, who: Actor) -> Mapping[str, Any]:
    """One case's supervision; a unit sees its own orders and those of units that its head stands over."""
    found = house.supervisions.seen(number, who).state
    return summary(found) if who.role != "unit" else unit_summary(house, found, who)


def reviews(house: House, who: Actor, skip: int, limit: int) -> list[Row]:
    """The replies of the office that wait for a reviewer."""
    found = _page(house, who, "review", lambda s: s.to_review, slice(skip, skip + limit))
    return [_review(s, clock) for s, clock in found]


def extensions(house: House, who: Actor, skip: int, limit: int) -> list[Row]:
    """The office's requests for more time that wait for an answer, with the unit's reason."""
    found = _page(house, who, "extension", lambda s: s.asked, slice(skip, skip + limit))
    return [{**_asked(s, asked), "reason": _reason(house, s, asked, who)} for s, asked in found]


def _reason(house: House, found: Supervision, asked: Extension, who: Actor) -> str | None:
    """None without intake's leave or its month's key: the rest of the list is shown all the same."""
    try:
        require_leave(house.base.asker, who, found.number, found.circle, found.clock(asked.order).matter)
        return house.open(asked.reason)
    except (Unavailable, NotFound, KeyDestroyed):
        return None


def dissatisfactions(house: House, who: Actor, skip: int, limit: int) -> list[Row]:
    """The office's cases whose complainant is not satisfied, with what was said of each matter."""
    found = _page(house, who, "dissatisfaction", _doubted, slice(skip, skip + limit))
    return [_dissatisfaction(s, doubted) for s, doubted in found]


def rereviews(house: House, who: Actor, skip: int, limit: int) -> list[Row]:
    """The results of the office that somebody with a conflict handled or judged (E-75)."""
    found = _page(house, who, "rereview", lambda s: s.to_rereview, slice(skip, skip + limit))
    return [
        {"number": s.number, "order": one.order, "reply": one.reply, "noted_at": one.noted_at.isoformat()}
        for s, one in found
    ]


def unfinished(house: House, who: Actor, skip: int, limit: int) -> list[Row]:
    """The orders of the office that were transferred and are not finished, in the turn of urging (S0-16)."""
    book = house.base.rulebooks.office(who.office).rulebook
    records = house.supervisions.each({**seen_by(who), "runs": True})
    seen = (house.supervisions.seen_in(record, who) for record in records)
    running = [(s, clock) for s in seen if s is not None for clock in s.running]

    def by_turn(one: tuple[Supervision, Clock]) -> tuple[Any, ...]:
        found, clock = one
        return *turn(found.case.priority, clock.limits[-1].due_on, book), found.number, clock.order

    return [_unfinished(s, clock) for s, clock in sorted(running, key=by_turn)[skip : skip + limit]]


def _unfinished(found: Supervision, clock: Clock) -> Row:
    slips = [slip for slip in found.slips if slip.order == clock.order and not slip.notice]
    return {
        "number": found.number,
        "order": clock.order,
        "unit": clock.unit,
        "priority": found.case.priority,
        "due_on": clock.limits[-1].due_on.isoformat(),
        "slips": [slip.id for slip in slips],
    }


def clocks(house: House, who: Actor) -> Row:
    """How many of the office's clocks run, fall due within three days, and are overdue."""
    today = house.now().astimezone(_zone(house, who.office)).date()
    dues = running_dues(house.supervisions, who)
    return {
        "running": len(dues),
        "due_soon": sum(today <= due <= today + _SOON for due in dues),
        "overdue": sum(due < today for due in dues),
    }


def demands(house: House, number: str, order: str, who: Actor) -> Row:
    """The words of the last return, for the unit that must meet them and for supervisors (S4-44)."""
    found = house.supervisions.seen(number, who).state
    clock = found.clock(order) if who.role != "unit" else clock_of(house, found, order, who)
    require_leave(house.base.asker, who, number, found.circle, clock.matter)
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


def clock_of(
    house: House, found: Supervision, order: str, who: Actor, allowed: Collection[Standing] = READS
) -> Clock:
    """The clock of an order of somebody's unit; who has none of the case is not told that there is one."""
    return _share(house, found, who, allowed).clock(order)


def unit_summary(house: House, found: Supervision, who: Actor) -> Mapping[str, Any]:
    """A unit's share of a supervision."""
    return summary(_share(house, found, who, READS))


def _share(house: House, found: Supervision, who: Actor, allowed: Collection[Standing]) -> Supervision:
    office, now = house.base.rulebooks.office(who.office), house.now()
    theirs = (clock for clock in found.clocks if standing(who, clock.unit, office, now) in allowed)
    mine = {clock.order for clock in theirs if clock.head in ("", who.subject)}
    if not mine:
        raise no_such(found.number)
    return of_orders(found, mine)


def summary(found: Supervision) -> Mapping[str, Any]:
    """What a supervision looks like from outside: no words, no identity."""
    doubted = found.doubted
    return {
        "number": found.number,
        "round": found.round,
        "concluded": found.concluded,
        "clocks": [_clock(clock) for clock in found.clocks],
        "slips": [_slip(slip) for slip in found.slips],
        "extensions": [
            {"id": x.id, "order": x.order, "until": x.until.isoformat(), "state": x.state}
            for x in found.extensions
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
    house: House, who: Actor, what: str, rows: Callable[[Supervision], Iterable[T]], page: slice
) -> list[tuple[Supervision, T]]:
    """A page of a list, counted in its rows; a case may have several."""
    found = ((s, row) for s in _waiting(house, who, what) for row in rows(s))
    return list(islice(found, page.start, page.stop))


def _waiting(house: House, who: Actor, what: str) -> Iterator[Supervision]:
    found = house.supervisions.each({**seen_by(who), "pending": what})
    seen = (house.supervisions.seen_in(record, who) for record in found)
    return (supervision for supervision in seen if supervision is not None)
