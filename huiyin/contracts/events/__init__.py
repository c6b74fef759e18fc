"""The events: facts in the past tense, each with the data that travels.

No event carries text or identity: only numbers, ids, kinds, categories, area codes,
public places, dates and outcomes. A fact (a date, an order's state) is said whole, so that
a hearer may ignore what is older than it holds. Times are aware datetimes; `*_on` are
dates in the office's time zone; `round` counts the handlings of the whole case from 1.
"""

from huiyin.contracts.events.base import AddresseeKind, CaseRole, Event, Ground, Medium, OrderRole
from huiyin.contracts.events.common import CircleApplied, MessageRequested, PartClosed
from huiyin.contracts.events.dispatch import (
    CatalogueGapFound,
    HandlingCompleted,
    InstructionAsked,
    InstructionGiven,
    OrderAccepted,
    OrderDispatched,
    OrderRecalled,
    OrderReturned,
    ReplySubmitted,
)
from huiyin.contracts.events.feedback import (
    ContactAttempted,
    EchoCompleted,
    EchoOpened,
    EvaluationDissatisfied,
    EvaluationRecorded,
    ResultTold,
)
from huiyin.contracts.events.intake import (
    CaseConcluded,
    CaseRegistered,
    CircleChanged,
    Matter,
    PartyRef,
    TakenOver,
    VolumeSealed,
)
from huiyin.contracts.events.notify import MessageDelivered, MessageFailed, MessageUncertain
from huiyin.contracts.events.supervision import (
    DeadlineReason,
    DeadlineSet,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    OrderUrged,
    ReplyApproved,
    ReplyReturned,
    ResultUpheld,
    RoundRaised,
    SlipWithdrawn,
    SupervisionIssued,
)

__all__ = [
    "AddresseeKind",
    "CaseConcluded",
    "CaseRegistered",
    "CaseRole",
    "CatalogueGapFound",
    "CircleApplied",
    "CircleChanged",
    "ContactAttempted",
    "DeadlineReason",
    "DeadlineSet",
    "EchoCompleted",
    "EchoOpened",
    "EvaluationDissatisfied",
    "EvaluationRecorded",
    "Event",
    "ExtensionAsked",
    "ExtensionGranted",
    "ExtensionRefused",
    "Ground",
    "HandlingCompleted",
    "InstructionAsked",
    "InstructionGiven",
    "Matter",
    "Medium",
    "MessageDelivered",
    "MessageFailed",
    "MessageRequested",
    "MessageUncertain",
    "OrderAccepted",
    "OrderDispatched",
    "OrderRecalled",
    "OrderReturned",
    "OrderRole",
    "OrderUrged",
    "PartClosed",
    "PartyRef",
    "ReplyApproved",
    "ReplyReturned",
    "ReplySubmitted",
    "ResultTold",
    "ResultUpheld",
    "RoundRaised",
    "SlipWithdrawn",
    "SupervisionIssued",
    "TakenOver",
    "VolumeSealed",
]
