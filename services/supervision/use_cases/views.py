"""What people look at: one case's dates, what waits for them, the words of a return."""

from collections.abc import Mapping
from typing import Any

from huiyin.chassis.steps import Actor
from services.supervision.domain.clock import Clock, Limit
from services.supervision.domain.supervision import Slip, Supervision
from services.supervision.errors import NothingReturned, NotYourOrder
from services.supervision.use_cases.house import House

Row = dict[str, Any]


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
    return [
        {
            "number": s.number,
            "order": clock.order,
            "matter": clock.matter,
            "unit": clock.unit,
            "reply": reply.n,
            "round": reply.round,
            "submitted_at": reply.submitted_at.isoformat(),
            "on_time": reply.on_time,
            "returns": len(clock.returns),
        }
        for s in _waiting(house, office, "review", skip, limit)
        for clock in s.to_review
        if (reply := clock.to_review) is not None
    ]


def extensions(house: House, office: str, skip: int, limit: int) -> list[Row]:
    """The office's requests for more time that wait for an answer, with the unit's reason."""
    return [
        {
            "number": s.number,
            "id": asked.id,
            "order": asked.order,
            "unit": s.clock(asked.order).unit,
            "due_on": s.clock(asked.order).limits[-1].due_on.isoformat(),
            "until": asked.until.isoformat(),
            "asked_at": asked.asked_at.isoformat(),
            "reason": house.open(asked.reason),
        }
        for s in _waiting(house, office, "extension", skip, limit)
        for asked in s.asked
    ]


def dissatisfactions(house: House, office: str, skip: int, limit: int) -> list[Row]:
    """The office's cases whose complainant is not satisfied, with what was said of each matter."""
    return [
        {
            "number": s.number,
            "round": doubted.round,
            "matters": list(doubted.matters),
            "evaluations": [
                {"matter": e.matter, "reached": e.reached, "solved": e.solved, "satisfied": e.satisfied}
                for e in s.evaluations
                if e.matter in doubted.matters
            ],
        }
        for s in _waiting(house, office, "dissatisfaction", skip, limit)
        if (doubted := s.doubted) is not None
    ]


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


def _waiting(house: House, office: str, what: str, skip: int, limit: int) -> list[Supervision]:
    query = {"office": office, "pending": what}
    return [record.state for record in house.supervisions.find(query, skip=skip, limit=limit)]
