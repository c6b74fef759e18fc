"""What dispatch says: instructions, orders, replies."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from huiyin.contracts.events.base import Event, Ground, OrderRole


@dataclass(frozen=True, kw_only=True)
class CatalogueGapFound(Event):
    """No entry, or more than one, fits a matter: a person must choose (E-60)."""

    type: ClassVar[str] = "catalogue.gap_found"
    matter: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class InstructionAsked(Event):
    """The office's rule wants a leader to read before dispatch (S2-17…S2-19)."""

    type: ClassVar[str] = "instruction.asked"
    matters: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class InstructionGiven(Event):
    """A leader read and instructed; the words stay sealed in dispatch."""

    type: ClassVar[str] = "instruction.given"
    leader: str
    given_at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderDispatched(Event):
    """A unit was given an order; `ground` and `entry` say why this unit (S3-42, S3-43).

    Accusing material is for the `head` of the unit alone (S2-26).
    """

    type: ClassVar[str] = "order.dispatched"
    order: str
    matter: str
    unit: str
    role: OrderRole
    round: int
    ground: Ground
    entry: str
    dispatched_at: datetime
    head: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderAccepted(Event):
    """The unit took the order."""

    type: ClassVar[str] = "order.accepted"
    order: str
    unit: str
    accepted_at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderReturned(Event):
    """The unit says: not mine. The order ends; another takes its place (E-57). The reason stays sealed."""

    type: ClassVar[str] = "order.returned"
    order: str
    unit: str
    returned_at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderRecalled(Event):
    """The order ends without a reply: the case was withdrawn or concluded otherwise."""

    type: ClassVar[str] = "order.recalled"
    order: str
    unit: str
    recalled_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReplySubmitted(Event):
    """The unit's result number `reply` of this order; interim ones do not stop a clock (E-98)."""

    type: ClassVar[str] = "reply.submitted"
    order: str
    unit: str
    reply: int
    round: int
    final: bool
    digest: str
    submitted_at: datetime


@dataclass(frozen=True, kw_only=True)
class HandlingCompleted(Event):
    """Every order, lead and assisting, has an approved reply; `replies` are the leads' (E-63)."""

    type: ClassVar[str] = "handling.completed"
    round: int
    replies: tuple[str, ...]
    completed_at: datetime
