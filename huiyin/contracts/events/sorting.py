"""What intake says of how a case is sorted later: reclassified, reopened."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from huiyin.contracts.events.base import Event
from huiyin.contracts.events.intake import Matter


@dataclass(frozen=True, kw_only=True)
class CaseReclassified(Event):
    """How the case is sorted from now on, whole; its first times stay (E-46).

    An older `version` than held is ignored; `circle` is the version of the circle it goes with, so that
    nobody routes by the new kind and the old walls. Orders follow the matters: those that are dispatched
    now get one, those that are not any more lose theirs.
    """

    type: ClassVar[str] = "case.reclassified"
    version: int
    matters: tuple[Matter, ...]
    difficulty: str
    legal_class: str | None
    priority: str
    flags: tuple[str, ...]
    evidence: bool | None
    circle: int
    reclassified_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseReopened(Event):
    """A concluded case goes on in a new round, under its number (E-46, E-107): every part opens again.

    With `again` what was handled is handled again; else only what nobody handled before.
    """

    type: ClassVar[str] = "case.reopened"
    round: int
    reopened_at: datetime
    again: bool = False
