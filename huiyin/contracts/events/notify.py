"""What notify says: delivered, failed, uncertain."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from huiyin.contracts.events.base import Event, Medium


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
