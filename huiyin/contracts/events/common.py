"""What every service says: that somebody must be told, that its part is closed."""

from dataclasses import dataclass, field
from typing import ClassVar

from huiyin.contracts.events.base import AddresseeKind, Event


@dataclass(frozen=True, kw_only=True)
class MessageRequested(Event):
    """Somebody must be told something. `params` hold neither text nor identity.

    `addressee` is a party id of the case, a unit id or a role of the office. `text_of`
    names a text to fetch when the message is written: `reply:<order>:<n>`, or `guidance:<version>` of the
    knowledge entry that is the subject. `matter` is the one
    it speaks of; empty when it speaks of the case as a whole.
    """

    type: ClassVar[str] = "message.requested"
    message: str
    template: str
    addressee_kind: AddresseeKind
    addressee: str
    params: dict[str, str] = field(default_factory=dict)
    text_of: str = ""
    urgent: bool = False
    matter: str = ""


@dataclass(frozen=True, kw_only=True)
class CircleApplied(Event):
    """The sayer decides by this version of the circle; the orders `recalled` for it are revoked (E-73)."""

    type: ClassVar[str] = "circle.applied"
    version: int
    recalled: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PartClosed(Event):
    """The sayer has said everything about the case: `count` events, this one included.

    `round` is the one that was concluded; of a case that was opened again since, it closes nothing.
    """

    type: ClassVar[str] = "part.closed"
    count: int
    round: int = 1
