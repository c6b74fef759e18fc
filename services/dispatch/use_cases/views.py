"""What people look at: desks, counts, orders; no text, no identity."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from huiyin.chassis.draft import Record
from huiyin.chassis.errors import no_such
from huiyin.chassis.sight import seen_by
from huiyin.chassis.standing import Standing, standing
from huiyin.chassis.steps import Actor
from services.dispatch.domain import giving
from services.dispatch.domain.handling import Handling, Order
from services.dispatch.errors import no_such_order
from services.dispatch.store import desks
from services.dispatch.use_cases.house import House, office_of


def desk(house: House, who: Actor, state: str, skip: int, limit: int) -> list[tuple[Handling, Order]]:
    """A page of a unit's orders in a state, and of those it has from units it succeeded (E-62)."""
    units = [unit for unit in office_of(house, who).units if _standing(house, who, unit) == "own"]
    query = {"office": who.office, "desk": {"$in": [f"{unit}|{state}" for unit in units]}}
    found = (record.state for record in house.handlings.each(query))
    rows = (
        (h, o)
        for h in found
        for o in h.orders
        if o.unit in units and o.state == state and giving.is_entitled(h, o, who, house.rules(h))
    )
    return list(islice(rows, skip, skip + limit))


def desk_counts(house: House, who: Actor, state: str) -> dict[str, int]:
    """How many orders in a state lie on each unit's desk."""
    return desks(house.handlings, who, state)


def waiting_for(house: House, who: Actor, person: str, skip: int, limit: int) -> list[Handling]:
    """The office's cases that wait for a leader or a dispatcher."""
    found = house.handlings.each({**seen_by(who), "waits_for": person})
    seen = (house.handlings.seen_in(record, who) for record in found)
    return list(islice((h for h in seen if h and person in h.waits_for), skip, skip + limit))


def handling(house: House, number: str, who: Actor) -> Handling:
    """One case's handling, as far as somebody sees it."""
    return house.handlings.seen(number, who).state


def order_of(
    house: House, handling: Handling, order: str, who: Actor, allowed: tuple[Standing, ...]
) -> Order:
    """An order of somebody's unit; who has none of the case is not told that there is one."""
    by = house.rules(handling)
    theirs = {
        one.id: one
        for one in handling.orders
        if _standing(house, who, one.unit) in allowed and giving.is_entitled(handling, one, who, by)
    }
    if not theirs:
        raise no_such(handling.number)
    if order not in theirs:
        raise no_such_order(order)
    return theirs[order]


def _standing(house: House, who: Actor, unit: str) -> Standing:
    return standing(who, unit, office_of(house, who), house.now())


def summary(handling: Handling) -> Mapping[str, Any]:
    """What a handling looks like from outside: no text, no identity."""
    return {
        "number": handling.number,
        "origin_number": handling.origin_number or None,
        "round": handling.round,
        "gate": handling.gate,
        "gaps": list(handling.gaps),
        "concluded": handling.concluded,
        "orders": [order_summary(order) for order in handling.orders],
    }


def desk_row(handling: Handling, order: Order) -> dict[str, Any]:
    """An order as it lies on the unit's desk, with the numbers of its case."""
    numbers = {"number": handling.number, "origin_number": handling.origin_number or None}
    return {**numbers, **order_summary(order)}


def order_summary(order: Order) -> dict[str, Any]:
    """What an order looks like from outside."""
    return {
        "id": order.id,
        "matter": order.matter,
        "unit": order.unit,
        "head": order.head or None,
        "role": order.role,
        "round": order.round,
        "ground": order.ground,
        "entry": order.entry,
        "state": order.state,
        "dispatched_at": order.dispatched_at.isoformat(),
        "due_on": order.due_on.isoformat() if order.due_on else None,
        "slips": list(order.slips),
        "replies": [
            {
                "n": reply.n,
                "round": reply.round,
                "final": reply.final,
                "submitted_at": reply.submitted_at.isoformat(),
                "verdict": reply.verdict,
            }
            for reply in order.replies
        ],
    }


def facts(records: Sequence[Record[Handling]]) -> list[Mapping[str, Any]]:
    """Dispatch's own lines in the books: the orders of each case that anybody was told of."""
    return [
        {"orders": [{"id": order.id, "state": order.state} for order in record.state.orders if order.sent]}
        for record in records
    ]
