"""What people do: instruct, choose a unit, accept, return, reply."""

import hashlib
from collections.abc import Callable

from huiyin.chassis.draft import Answer
from huiyin.chassis.steps import Cause, Outcome
from huiyin.contracts import events as e
from services.dispatch.domain import gate, orders, routing
from services.dispatch.domain.handling import Handling, Reply
from services.dispatch.domain.rules import unit_at
from services.dispatch.errors import UnknownUnit
from services.dispatch.use_cases.house import House, office_of
from services.dispatch.use_cases.views import desk_row, order_of, summary


def instruct(house: House, number: str, text: str, cause: Cause) -> Answer:
    """A leader reads and instructs; then the orders go out (S2-18, S2-19)."""
    now = house.now()
    words = house.base.sealer.seal(cause.who.office, f"{now:%Y-%m}", text)
    return house.handlings.take(
        number,
        cause,
        "instruct",
        lambda h: gate.instruct(h, words, cause.who, house.rules(h), now),
        summary,
        about=lambda h: h,  # of what is open to the leader
    )


def assign(house: House, number: str, matter: str, unit: str, role: e.OrderRole, cause: Cause) -> Answer:
    """A dispatcher chooses the unit (E-60)."""
    office = office_of(house, cause.who)
    if unit not in office.units:
        raise UnknownUnit(f"通讯录里没有单位 {unit}。")
    unit = unit_at(unit, office, house.now())
    return house.handlings.take(
        number,
        cause,
        "assign",
        lambda h: routing.assign(h, matter, unit, role, house.rules(h), house.now()),
        summary,
        about=lambda h: h.matter(matter),
    )


def accept(house: House, number: str, order: str, cause: Cause) -> Answer:
    """A unit accepts its order."""
    return _take_as_unit(
        house, number, order, cause, "accept", lambda h, unit: orders.accept(h, order, unit, house.now())
    )


def return_order(house: House, number: str, order: str, reason: str, cause: Cause) -> Answer:
    """A unit returns its order with a reason, which is sealed where it is born."""
    now = house.now()
    sealed = house.base.sealer.seal(cause.who.office, f"{now:%Y-%m}", reason)
    return _take_as_unit(
        house,
        number,
        order,
        cause,
        "return",
        lambda h, unit: orders.return_order(h, order, unit, sealed, house.rules(h), now),
    )


def reply(house: House, number: str, order: str, text: str, final: bool, cause: Cause) -> Answer:
    """A unit replies; the text is sealed where it is born."""
    now = house.now()
    sealed = Reply(
        n=0,
        round=0,
        final=final,
        by=cause.who.subject,
        submitted_at=now,
        text=house.base.sealer.seal(cause.who.office, f"{now:%Y-%m}", text),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    return _take_as_unit(
        house, number, order, cause, "reply", lambda h, unit: orders.reply(h, order, unit, sealed)
    )


def _take_as_unit(
    house: House,
    number: str,
    order: str,
    cause: Cause,
    what: str,
    decide: Callable[[Handling, str], Outcome[Handling]],
) -> Answer:
    """A unit's step on its own order, also on one of a unit it succeeded; it is answered of that alone."""
    return house.handlings.take(
        number,
        cause,
        what,
        lambda h: decide(h, h.order(order).unit),
        lambda h: desk_row(h, h.order(order)),
        about=lambda h: order_of(house, h, order, cause.who, ("own",)),
    )
