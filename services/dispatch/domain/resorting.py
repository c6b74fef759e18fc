"""A case is sorted anew, or opened again: its orders follow (E-46)."""

from dataclasses import replace
from datetime import datetime

from huiyin.chassis.errors import NotYet
from huiyin.contracts.events import CaseReclassified, CaseReopened, Event
from services.dispatch.domain.giving import Given
from services.dispatch.domain.handling import Handling
from services.dispatch.domain.opening import begin
from services.dispatch.domain.routing import take_back
from services.dispatch.domain.rules import Rules


def reclassify(handling: Handling, sorted_: CaseReclassified, rules: Rules, at: datetime) -> Given:
    """What is dispatched now gets an order, what is not any more loses its own (E-46, S3-45).

    It waits for the walls that its new kind raises: nothing is routed by the old ones.
    """
    if sorted_.version <= handling.sorting:
        return handling, []
    if sorted_.circle > handling.circle.version:
        raise NotYet(f"circle {sorted_.circle} of {handling.number} was not heard here yet")
    after = replace(handling, sorting=sorted_.version, matters=sorted_.matters, flags=sorted_.flags)
    return (after, []) if handling.concluded else _follow(after, rules, at)


def reopen(handling: Handling, reopened: CaseReopened, rules: Rules, at: datetime) -> Given:
    """A concluded case goes on in a new round; one that was heard before changes nothing."""
    if reopened.round <= handling.reopened:
        return handling, []
    opened = replace(
        handling,
        concluded=False,
        reopened=reopened.round,
        round=max(handling.round, reopened.round),
    )
    return _follow(opened, rules, at)


def _follow(handling: Handling, rules: Rules, at: datetime) -> Given:
    events: list[Event] = []
    silent = {matter.id for matter in handling.matters if not matter.dispatched}
    for order in handling.orders:
        if order.matter in silent and order.live and order.state != "approved":
            handling, said = take_back(handling, order, at)
            events += said
    waits = {*handling.gaps, *handling.awaiting}
    handling = replace(
        handling,
        gaps=tuple(gap for gap in handling.gaps if gap not in silent),
        awaiting=tuple(matter for matter in handling.awaiting if matter not in silent),
    )
    led = {order.matter for order in handling.orders if order.live} | waits
    new = [matter for matter in handling.matters if matter.dispatched and matter.id not in led]
    handling, said = begin(handling, new, rules, at)
    return handling, [*events, *said]
