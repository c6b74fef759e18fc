"""What intake says of danger to life and property: raised, and what became of the call for help."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Literal

from huiyin.contracts.events.base import Event

#: The flag that every office's emergencies carry; it rules out more time (E-19) and opens every gate (E-50).
EMERGENCY: Final = "emergency"


@dataclass(frozen=True, kw_only=True)
class EmergencyRaised(Event):
    """A registered case is an emergency from now on: flags and priority are said whole.

    Nothing of it waits for a leader any more (E-50, E-51, S4-33).
    """

    type: ClassVar[str] = "emergency.raised"
    flags: tuple[str, ...]
    priority: str
    raised_at: datetime


@dataclass(frozen=True, kw_only=True)
class EmergencyHandedOver(Event):
    """What became of a hand-over to an emergency line (S3-46): it answered and took over, or it did not.

    `attempts` counts how often the line was rung for it; a person may have reached it by other means.
    """

    type: ClassVar[str] = "emergency.handed_over"
    line: str
    outcome: Literal["taken", "not_taken"]
    attempts: int
    settled_at: datetime
