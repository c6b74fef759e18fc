"""What supervision says: dates, slips, more time, judgements, rounds."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from huiyin.contracts.events.base import Event

DeadlineReason = Literal[
    "started", "taken_over", "extended", "supervised", "returned", "recomputed", "reclassified"
]


@dataclass(frozen=True, kw_only=True)
class DeadlineSet(Event):
    """The date of one clock, said whole. `due_on` is the last day on time (until 24:00, E-06).

    `unit` has the order; it is empty in what was said before it was.
    """

    type: ClassVar[str] = "deadline.set"
    clock: str
    order: str
    due_on: date
    due_at: datetime
    provisional: bool
    reason: DeadlineReason
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderUrged(Event):
    """A numbered urging slip before the limit (S2-35…S2-38)."""

    type: ClassVar[str] = "order.urged"
    slip: str
    ordinal: int
    order: str
    unit: str
    due_on: date
    urged_at: datetime


@dataclass(frozen=True, kw_only=True)
class SupervisionIssued(Event):
    """Written supervision after the limit, with a limit of its own (S4-42, S4-43)."""

    type: ClassVar[str] = "supervision.issued"
    slip: str
    ordinal: int
    order: str
    unit: str
    overdue_since: date
    due_on: date
    issued_at: datetime


@dataclass(frozen=True, kw_only=True)
class SlipWithdrawn(Event):
    """A slip proved wrong (the reply was in time) and is taken back by a numbered notice."""

    type: ClassVar[str] = "slip.withdrawn"
    slip: str
    notice: str
    order: str
    unit: str
    withdrawn_at: datetime


@dataclass(frozen=True, kw_only=True)
class ExtensionAsked(Event):
    """The unit asks for more time (S4-36)."""

    type: ClassVar[str] = "extension.asked"
    extension: str
    order: str
    unit: str
    until: date


@dataclass(frozen=True, kw_only=True)
class ExtensionGranted(Event):
    """More time was consented, inside the cap (S4-36, S4-37)."""

    type: ClassVar[str] = "extension.granted"
    extension: str
    order: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class ExtensionRefused(Event):
    """More time was refused; the date stands."""

    type: ClassVar[str] = "extension.refused"
    extension: str
    order: str


@dataclass(frozen=True, kw_only=True)
class ReplyApproved(Event):
    """The reply passed every criterion (S2-42)."""

    type: ClassVar[str] = "reply.approved"
    order: str
    reply: int
    round: int
    approved_at: datetime
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class ReplyReturned(Event):
    """The reply failed; specific demands and a mandatory new limit (S4-44, S4-45, E-100)."""

    type: ClassVar[str] = "reply.returned"
    order: str
    reply: int
    round: int
    failed: tuple[str, ...]
    due_on: date
    returned_at: datetime
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class RoundRaised(Event):
    """The whole case is handled again: these orders reopen in this round (E-110)."""

    type: ClassVar[str] = "round.raised"
    round: int
    orders: tuple[str, ...]
    raised_at: datetime


@dataclass(frozen=True, kw_only=True)
class ResultUpheld(Event):
    """A dissatisfied evaluation was reviewed and the result stands, with an explanation (S4-17)."""

    type: ClassVar[str] = "result.upheld"
    round: int
    upheld_at: datetime
