"""What intake says: registered, concluded, sealed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Literal

from huiyin.contracts.circle import Circle
from huiyin.contracts.events.base import CaseRole, Event, Medium


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
class TakenOver:
    """How a running case stood in an older system: its number there, the unit that has it, its last
    day on time, and how often the unit was urged.
    """

    number: str
    unit: str
    due_on: date
    urged: int = 0


@dataclass(frozen=True, kw_only=True)
class CaseRegistered(Event):
    """A complaint got its number; `rulebook` is the content hash frozen into the case.

    `disposal` is `answered` when the officer answered on the spot, so that nothing is
    dispatched. `difficulty` and `legal_class` choose the time limit. `flags` are the office's
    marks, such as `emergency`, which rules out more time (E-19). A case that was `taken_over` goes
    to its unit at once, its date and its count of urgings go on. `circle` is the first: nobody acts
    before knowing who may see what.
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
    taken_over: TakenOver | None = None
    matters: tuple[Matter, ...]
    parties: tuple[PartyRef, ...]
    circle: Circle = field(default_factory=Circle)


@dataclass(frozen=True, kw_only=True)
class CircleChanged(Event):
    """Who may see the case has changed: the whole circle, `matters` are those it changed for.

    An older version than held is ignored. Each service answers `circle.applied`.
    """

    type: ClassVar[str] = "circle.changed"
    circle: Circle
    matters: tuple[str, ...]
    cause: Literal["accused", "recused", "confidential", "approved", "spent"]
    changed_at: datetime


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
