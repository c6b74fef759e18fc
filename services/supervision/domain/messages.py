"""Who is told what; notify finds the words and the way."""

from datetime import date

from huiyin.contracts.events import MessageRequested
from huiyin.contracts.roles import Role
from services.supervision.domain.clock import Clock


def to_unit(message: str, template: str, clock: Clock, **params: str) -> MessageRequested:
    """A message to the unit that handles an order, or to its head when the order is for the head."""
    return MessageRequested(
        message=message,
        template=template,
        addressee_kind="person" if clock.head else "unit",
        addressee=clock.head or clock.unit,
        params=params,
        matter=clock.matter,
    )


def to_role(message: str, template: str, role: Role, clock: Clock, **params: str) -> MessageRequested:
    """A message about an order to whoever holds a role in the office."""
    return MessageRequested(
        message=f"{message}:{role}",
        template=template,
        addressee_kind="role",
        addressee=role,
        params=params,
        matter=clock.matter,
    )


def to_party(message: str, template: str, party: str, **params: str) -> MessageRequested:
    """A message to a party of the case."""
    return MessageRequested(
        message=f"{message}:{party}",
        template=template,
        addressee_kind="party",
        addressee=party,
        params=params,
    )


def returned(clock: Clock, times: int, due_on: date) -> MessageRequested:
    """The unit must handle its order again, by a new date (S4-45)."""
    name = f"reply-returned:{clock.order}:{times}"
    return to_unit(name, "reply_returned", clock, due_on=due_on.isoformat())


def leader_needed(clock: Clock, times: int) -> MessageRequested:
    """The leader is told of an order that was returned once too often (E-100)."""
    return to_role(f"returned-too-often:{clock.order}:{times}", "instruction_needed", "leader", clock)
