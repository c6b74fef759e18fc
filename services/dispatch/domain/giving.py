"""Giving an order: at once, or held until intake has given leave to disclose the matter."""

from dataclasses import dataclass, replace
from datetime import datetime

from huiyin.chassis import walls
from huiyin.chassis.steps import Actor
from huiyin.contracts.events import Event, Ground, Matter, MessageRequested, OrderDispatched, OrderRole
from services.dispatch.domain.handling import Handling, Order
from services.dispatch.domain.rules import Rules
from services.dispatch.errors import WrongState

Given = tuple[Handling, list[Event]]


@dataclass(frozen=True, kw_only=True)
class To:
    """Whom an order is for, and why: the unit, or its head alone (S2-26)."""

    unit: str
    ground: Ground
    entry: str = ""
    head: str = ""


def next_order(handling: Handling, matter: str) -> str:
    """The id of a matter's next order."""
    return f"{matter}-{len(handling.of_matter(matter)) + 1}"


def give(handling: Handling, matter: Matter, to: To, role: OrderRole, at: datetime) -> Given:
    """An order; of a guarded matter it is held until intake gave leave (S0-36), and nobody is told of it."""
    held = handling.circle.of(matter.id).guarded
    order = Order(
        id=next_order(handling, matter.id),
        matter=matter.id,
        unit=to.unit,
        head=to.head,
        role=role,
        round=handling.round,
        ground=to.ground,
        entry=to.entry,
        state="held" if held else "dispatched",
        dispatched_at=at,
    )
    return replace(handling, orders=(*handling.orders, order)), [] if held else _said(order)


def send(handling: Handling, order_id: str, version: int, rules: Rules, at: datetime) -> Given:
    """Intake gave leave by this version of the circle: the order goes out if that is the one held here."""
    order = handling.order(order_id)
    allowed = rules.may_hold(order.unit, order.head, handling.circle, order.matter, order.id)
    if handling.circle.version != version or handling.concluded or not allowed:
        raise WrongState(f"工单 {order_id} 的知情范围已变化，须重新征得同意。")
    sent = replace(order.step("send"), dispatched_at=at)
    return handling.changed(order_id, lambda _: sent), _said(sent)


def is_entitled(handling: Handling, order: Order, who: Actor, rules: Rules) -> bool:
    """Whether a member of the unit may work on its order: one for the head is for the head alone (S2-26)."""
    open_to = walls.may(who, handling.circle, order.matter, rules.office, rules.at)
    return order.sent and order.head in ("", who.subject) and bool(open_to)


def _said(order: Order) -> list[Event]:
    dispatched = OrderDispatched(
        order=order.id,
        matter=order.matter,
        unit=order.unit,
        head=order.head,
        role=order.role,
        round=order.round,
        ground=order.ground,
        entry=order.entry,
        dispatched_at=order.dispatched_at,
    )
    message = MessageRequested(
        message=f"order-given:{order.id}",
        template="order_given",
        addressee_kind="person" if order.head else "unit",
        addressee=order.head or order.unit,
        matter=order.matter,
    )
    return [dispatched, message]
