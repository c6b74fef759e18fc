"""What intake says of a case that goes from one office to another (E-123)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from huiyin.contracts.events.base import Event


@dataclass(frozen=True, kw_only=True)
class PassedFrom:
    """Where a case came from: the office, and its number there."""

    office: str
    number: str


@dataclass(frozen=True, kw_only=True)
class CasePassed(Event):
    """A case is to go on to the office `to`; intake hears itself and registers it there, once."""

    type: ClassVar[str] = "case.passed"
    to: str
    received_at: datetime
    passed_at: datetime


@dataclass(frozen=True, kw_only=True)
class PassingRegistered(Event):
    """The office `to` has the case under a `number` of its own, with the time it was first received."""

    type: ClassVar[str] = "passing.registered"
    to: str
    number: str
    registered_at: datetime
