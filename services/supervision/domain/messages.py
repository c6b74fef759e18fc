"""Who is told what; notify finds the words and the way."""

from datetime import date

from huiyin.contracts.events import MessageRequested
from huiyin.contracts.roles import Role


def to_unit(message: str, template: str, unit: str, **params: str) -> MessageRequested:
    """A message to a handling unit."""
    return MessageRequested(
        message=message, template=template, addressee_kind="unit", addressee=unit, params=params
    )


def to_role(message: str, template: str, role: Role, **params: str) -> MessageRequested:
    """A message to whoever holds a role in the office."""
    return MessageRequested(
        message=f"{message}:{role}", template=template, addressee_kind="role", addressee=role, params=params
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


def returned(order: str, times: int, unit: str, due_on: date) -> MessageRequested:
    """The unit must handle its order again, by a new date (S4-45)."""
    return to_unit(f"reply-returned:{order}:{times}", "reply_returned", unit, due_on=due_on.isoformat())


def leader_needed(order: str, times: int) -> MessageRequested:
    """The leader is told of an order that was returned once too often (E-100)."""
    return to_role(f"returned-too-often:{order}:{times}", "instruction_needed", "leader")
