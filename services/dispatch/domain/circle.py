"""What the circle does to a handling: which orders must come back, and where they go instead."""

from dataclasses import replace
from datetime import datetime

from huiyin.contracts.events import CircleApplied, CircleChanged, Event
from services.dispatch.domain.gate import ask_leaders
from services.dispatch.domain.giving import Given
from services.dispatch.domain.handling import Handling, Order
from services.dispatch.domain.routing import find_another, take_back
from services.dispatch.domain.rules import Rules


def change_circle(handling: Handling, changed: CircleChanged, rules: Rules, at: datetime) -> Given:
    """From now on it is decided by this circle; one older than held is ignored (E-73, E-75, E-80).

    Orders that lie where they may not lie any more come back, and go where they may.
    """
    version = changed.circle.version
    if version <= handling.circle.version:
        return handling, []
    encircled = replace(handling, circle=changed.circle)
    if handling.concluded:
        return encircled, [CircleApplied(version=version)]
    back, events, recalled = _recalled(encircled, rules, at)
    asked, said = _asked_again(back, changed.matters, rules, at)
    routed, more = _rerouted(asked, changed.matters, rules, at)
    return routed, [*events, CircleApplied(version=version, recalled=recalled), *said, *more]


def refuse(handling: Handling, order_id: str, version: int, rules: Rules, at: datetime) -> Given:
    """Intake gives no leave: the held order never goes out, another is looked for (E-74)."""
    order = handling.order(order_id)
    if order.state != "held" or handling.circle.version != version:
        return handling, []
    withheld, _ = take_back(handling, order, at)
    return find_another(withheld, order, rules, at)


def _recalled(
    handling: Handling, rules: Rules, at: datetime
) -> tuple[Handling, list[Event], tuple[str, ...]]:
    events: list[Event] = []
    barred = [order for order in handling.orders if order.live and not _may_stay(handling, order, rules)]
    for order in barred:
        handling, said = take_back(handling, order, at)
        events += said
    return handling, events, tuple(order.id for order in barred if order.sent)


def _may_stay(handling: Handling, order: Order, rules: Rules) -> bool:
    """An approved result of a round that is over stays; the walls keep its unit from it."""
    over = order.state == "approved" and handling.completed >= handling.round
    return over or bool(rules.may_hold(order.unit, order.head, handling.circle, order.matter, order.id))


def _asked_again(handling: Handling, matters: tuple[str, ...], rules: Rules, at: datetime) -> Given:
    """What waits at the gate and changed is asked of a leader whom it does not touch (E-76)."""
    again = [matter for matter in handling.matters if matter.id in handling.awaiting and matter.id in matters]
    if not again:
        return handling, []
    ids = {matter.id for matter in again}
    left = tuple(matter for matter in handling.awaiting if matter not in ids)
    waiting = replace(handling, awaiting=left, gate="asked" if left else "instructed")
    return ask_leaders(waiting, again, rules, at)


def _rerouted(handling: Handling, matters: tuple[str, ...], rules: Rules, at: datetime) -> Given:
    """Matters left without a lead order get one, unless they wait for a person or a leader."""
    led = {order.matter for order in handling.orders if order.live and order.role == "lead"}
    begun = {order.matter for order in handling.orders}
    waiting = {*handling.gaps, *handling.awaiting, *led}
    events: list[Event] = []
    for matter in matters:
        if matter not in begun or matter in waiting:
            continue
        handling, said = find_another(handling, handling.of_matter(matter)[0], rules, at)
        events += said
    return handling, events
