"""The events: facts in the past tense, each with the data that travels.

No event carries text or identity: only numbers, ids, kinds, categories, area codes,
public places, dates and outcomes. A fact (a date, an order's state) is said whole, so that
a hearer may ignore what is older than it holds. Times are aware datetimes; `*_on` are
dates in the office's time zone; `round` counts the handlings of the whole case from 1.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Literal

CaseRole = Literal["complainant", "representative", "interested"]
OrderRole = Literal["lead", "assisting"]
Ground = Literal["by_subject", "by_territory", "by_level", "by_person"]
Medium = Literal["sms", "mail", "letter", "call"]
AddresseeKind = Literal["party", "unit", "role"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events; `type` is the routing key."""

    type: ClassVar[str]


# -- intake ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One thing asked for in a case; text stays in intake."""

    id: str
    kind: str
    category: str
    area: str
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class PartyRef:
    """A party without its identity: which media reach it and whether it gave its name."""

    id: str
    role: CaseRole
    anonymous: bool
    media: tuple[Medium, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseRegistered(Event):
    """A complaint got its number; `rulebook` is the content hash frozen into the case.

    `disposal` is `answered` when the officer answered on the spot, so that nothing is
    dispatched. `difficulty` and `legal_class` choose the time limit. `flags` are the office's
    marks, such as `emergency`, which rules out more time (E-19).
    """

    type: ClassVar[str] = "case.registered"
    rulebook: str
    channel: str
    language: str
    difficulty: str
    legal_class: str | None = None
    priority: str
    received_at: datetime
    accepted_at: datetime
    disposal: Literal["dispatch", "answered"]
    flags: tuple[str, ...] = ()
    matters: tuple[Matter, ...]
    parties: tuple[PartyRef, ...]


@dataclass(frozen=True, kw_only=True)
class CaseConcluded(Event):
    """Handling is over toward the complainant; every service now closes its part."""

    type: ClassVar[str] = "case.concluded"
    outcome: Literal["echoed", "answered", "withdrawn"]
    round: int
    concluded_at: datetime


@dataclass(frozen=True, kw_only=True)
class VolumeSealed(Event):
    """A part of the case's volume is complete; `head` is the hash of its last row."""

    type: ClassVar[str] = "volume.sealed"
    part: int
    rows: int
    head: str


# -- dispatch -------------------------------------------------------------------------


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
    """A unit was given an order; `ground` and `entry` say why this unit (S3-42, S3-43)."""

    type: ClassVar[str] = "order.dispatched"
    order: str
    matter: str
    unit: str
    role: OrderRole
    round: int
    ground: Ground
    entry: str
    dispatched_at: datetime


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


# -- supervision ----------------------------------------------------------------------

DeadlineReason = Literal["started", "extended", "supervised", "returned", "recomputed"]


@dataclass(frozen=True, kw_only=True)
class DeadlineSet(Event):
    """The date of one clock, said whole. `due_on` is the last day on time (until 24:00, E-06)."""

    type: ClassVar[str] = "deadline.set"
    clock: str
    order: str
    due_on: date
    due_at: datetime
    provisional: bool
    reason: DeadlineReason


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


# -- feedback -------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class EchoOpened(Event):
    """The complainant is to be told the result of this round."""

    type: ClassVar[str] = "echo.opened"
    round: int


@dataclass(frozen=True, kw_only=True)
class ContactAttempted(Event):
    """One attempt to reach the complainant (E-31)."""

    type: ClassVar[str] = "contact.attempted"
    round: int
    attempt: int
    medium: Medium
    reached: bool
    attempted_at: datetime


@dataclass(frozen=True, kw_only=True)
class ResultTold(Event):
    """The complainant was told the result (S4-39)."""

    type: ClassVar[str] = "result.told"
    round: int
    medium: Medium
    told_at: datetime


@dataclass(frozen=True, kw_only=True)
class EvaluationRecorded(Event):
    """What the complainant said: reached? solved? satisfied?"""

    type: ClassVar[str] = "evaluation.recorded"
    round: int
    matter: str
    reached: bool
    solved: bool
    satisfied: bool
    evaluated_at: datetime


@dataclass(frozen=True, kw_only=True)
class EvaluationDissatisfied(Event):
    """The complainant is not satisfied: a review opens, not automatically a new round (E-110)."""

    type: ClassVar[str] = "evaluation.dissatisfied"
    round: int
    matters: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EchoCompleted(Event):
    """The matter has had its echo; told but not judged is `unevaluated`, never satisfied (E-109)."""

    type: ClassVar[str] = "echo.completed"
    round: int
    outcome: Literal["satisfied", "upheld", "unreachable", "unevaluated", "exempt"]
    completed_at: datetime


# -- notify ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MessageDelivered(Event):
    """The provider took (SMTP) or delivered (SMS) the message, or a person did (work lists)."""

    type: ClassVar[str] = "message.delivered"
    message: str
    template: str
    medium: Medium
    delivered_at: datetime


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Event):
    """The message could not be delivered by this or any other medium (E-112)."""

    type: ClassVar[str] = "message.failed"
    message: str
    template: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MessageUncertain(Event):
    """A crash left it open whether the provider took the message; a person decides."""

    type: ClassVar[str] = "message.uncertain"
    message: str
    template: str
    medium: Medium


# -- every service --------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MessageRequested(Event):
    """Somebody must be told something. `params` hold neither text nor identity.

    `addressee` is a party id of the case, a unit id or a role of the office. `text_of`
    names a text to fetch when the message is written, as `reply:<order>:<n>`.
    """

    type: ClassVar[str] = "message.requested"
    message: str
    template: str
    addressee_kind: AddresseeKind
    addressee: str
    params: dict[str, str] = field(default_factory=dict)
    text_of: str = ""
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class PartClosed(Event):
    """The sayer has said everything about the case: `count` events, this one included."""

    type: ClassVar[str] = "part.closed"
    count: int
