"""What a unit may do with its order, and what supervision's words do to it."""

from dataclasses import replace
from datetime import datetime

from bson import Binary

from huiyin.contracts.events import (
    CaseConcluded,
    DeadlineSet,
    Event,
    HandlingCompleted,
    OrderAccepted,
    OrderReturned,
    PartClosed,
    ReplyApproved,
    ReplyReturned,
    ReplySubmitted,
    RoundRaised,
)
from services.dispatch.domain.handling import Handling, Order, Reply
from services.dispatch.domain.routing import find_another, recall_all, take_back
from services.dispatch.domain.rules import Rules
from services.dispatch.errors import NotYourOrder

Outcome = tuple[Handling, list[Event]]


def accept(handling: Handling, order_id: str, unit: str, at: datetime) -> Outcome:
    """The unit takes the order (S2-20, E-59)."""
    _own(handling.order(order_id), unit)
    accepted = OrderAccepted(order=order_id, unit=unit, accepted_at=at)
    return handling.changed(order_id, lambda o: o.step("accept")), [accepted]


def return_order(
    handling: Handling, order_id: str, unit: str, reason: Binary, rules: Rules, at: datetime
) -> Outcome:
    """The unit says: not mine, with a reason; dispatch finds another (E-57)."""
    order = handling.order(order_id)
    _own(order, unit)
    returned = handling.changed(order_id, lambda o: replace(o.step("return"), reason=reason))
    said = OrderReturned(order=order_id, unit=unit, returned_at=at)
    found, events = find_another(returned, order, rules, at)
    return found, [said, *events]


def reply(handling: Handling, order_id: str, unit: str, reply: Reply) -> Outcome:
    """The unit's result; an interim one leaves the order in work (S4-38, E-98)."""
    order = handling.order(order_id)
    _own(order, unit)
    numbered = replace(reply, n=len(order.replies) + 1, round=handling.round)
    after = order.step("reply")
    kept = replace(after if reply.final else order, replies=(*order.replies, numbered))
    said = ReplySubmitted(
        order=order_id,
        unit=unit,
        reply=numbered.n,
        round=numbered.round,
        final=numbered.final,
        digest=numbered.digest,
        submitted_at=numbered.submitted_at,
    )
    return handling.changed(order_id, lambda _: kept), [said]


def approve(handling: Handling, approved: ReplyApproved, at: datetime) -> Outcome:
    """Supervision approved the reply; the last approval completes the round (E-63)."""
    changed = handling.changed(approved.order, lambda o: o.judged(approved.reply, "approved").step("approve"))
    return complete(changed, at)


def complete(handling: Handling, at: datetime) -> Outcome:
    """`handling.completed` once every live order, lead and assisting, is approved (S2-57, E-63)."""
    live = [order for order in handling.orders if order.live]
    open_matters = {m.id for m in handling.matters if m.dispatched} - {
        o.matter for o in live if o.role == "lead"
    }
    unfinished = handling.gaps or open_matters or any(o.state != "approved" for o in live)
    if unfinished or handling.completed >= handling.round:
        return handling, []
    completed = HandlingCompleted(
        round=handling.round,
        replies=tuple(f"{o.id}:{_last_final(o).n}" for o in live if o.role == "lead"),
        completed_at=at,
    )
    return replace(handling, completed=handling.round), [completed]


def send_back(handling: Handling, returned: ReplyReturned) -> Outcome:
    """Supervision returned the reply: the unit handles the order again (S4-44, S4-45)."""
    return handling.changed(
        returned.order, lambda o: o.judged(returned.reply, "returned").step("send_back")
    ), []


def set_deadline(handling: Handling, deadline: DeadlineSet, sequence: int) -> Outcome:
    """Show the date supervision set; an older one than held is ignored."""

    def dated(order: Order) -> Order:
        newer = sequence > order.due_said
        return replace(order, due_on=deadline.due_on, due_said=sequence) if newer else order

    return handling.changed(deadline.order, dated), []


def note_slip(handling: Handling, order_id: str, slip: str) -> Outcome:
    """Show a slip, or the notice that withdraws one, on the unit's desk (S2-37)."""
    return handling.changed(order_id, lambda o: replace(o, slips=(*o.slips, slip))), []


def reopen(handling: Handling, raised: RoundRaised, rules: Rules, at: datetime) -> Outcome:
    """The whole case is handled again in a new round (E-110); not by a unit that is walled off (E-75)."""
    events: list[Event] = []
    handling = replace(handling, round=raised.round)
    for order_id in raised.orders:
        order = handling.order(order_id)
        if rules.may_hold(order.unit, order.head, handling.circle, order.matter, order.id):
            handling = handling.changed(order_id, lambda o: replace(o.step("reopen"), round=raised.round))
            continue
        handling, recalled = take_back(handling, order, at)
        handling, given = find_another(handling, order, rules, at)
        events += [*recalled, *given]
    return handling, events


def conclude(handling: Handling, concluded: CaseConcluded, said: int, at: datetime) -> Outcome:
    """The case is over: call back what is still out, and close this service's part. An end that was heard
    after the case was opened again ends nothing (E-46).
    """
    if concluded.round < handling.reopened:
        return handling, []
    recalled, events = recall_all(handling, at)
    closed = PartClosed(count=said + len(events) + 1, round=concluded.round)
    return replace(recalled, concluded=True), [*events, closed]


def _own(order: Order, unit: str) -> None:
    if order.unit != unit:
        raise NotYourOrder("这张工单不是派给贵单位的。")


def _last_final(order: Order) -> Reply:
    return next(r for r in reversed(order.replies) if r.final)
