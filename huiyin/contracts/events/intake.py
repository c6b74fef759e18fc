"""What intake says: registered, concluded, sealed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Literal

from huiyin.contracts.circle import Circle
from huiyin.contracts.events.base import CaseRole, Event, Ground, Medium, ToldOf
from huiyin.contracts.events.likeness import Claim
from huiyin.contracts.events.passing import PassedFrom

Disposal = Literal["dispatch", "answered", "told", "filed"]
CaseOutcome = Literal["echoed", "answered", "told", "filed", "withdrawn", "passed_on"]


@dataclass(frozen=True, kw_only=True)
class Given:
    """The unit that a matter goes to straight: a leader handed it there (E-95), or for guidance (S3-50)."""

    unit: str
    ground: Ground
    leader: str = ""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One thing asked for in a case; text stays in intake.

    One that is not `dispatched` is only registered, answered or told (E-45, S3-45). One of a `special`
    class is evaluated by nobody (E-111). `given` names the unit that has it whatever the catalogue says.
    """

    id: str
    kind: str
    category: str
    area: str
    place: str = ""
    dispatched: bool = True
    special: str = ""
    given: Given | None = None


@dataclass(frozen=True, kw_only=True)
class PartyRef:
    """A party without its identity: which media reach it and whether it gave its name.

    Who reports for another without that person's consent is `told` no more than that there is a result.
    """

    id: str
    role: CaseRole
    anonymous: bool
    media: tuple[Medium, ...] = ()
    told: ToldOf = "result"


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

    Unless `disposal` is `dispatch` nothing is dispatched: `answered` on the spot, `told` as its
    special class wants (S3-45), only `filed` (E-45). `evidence` says whether a report of a legal class
    came with any (S4-62). `difficulty` and `legal_class` choose the time limit. `flags` are the office's
    marks, such as `emergency`, which rules out more time (E-19). A case that was `taken_over` goes
    to its unit at once, its date and its count of urgings go on. One that was `passed_from` another
    office keeps the time it was first received there (E-123). `circle` is the first: nobody acts
    before knowing who may see what. `repeat` is what somebody says who comes again with the
    same matter; where that is `dissatisfied`, the earlier result is reviewed before anything is
    dispatched (E-39).
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
    disposal: Disposal
    flags: tuple[str, ...] = ()
    evidence: bool | None = None
    taken_over: TakenOver | None = None
    passed_from: PassedFrom | None = None
    repeat: Claim | None = None
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
    cause: Literal["accused", "recused", "confidential", "approved", "spent", "reclassified"]
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseConcluded(Event):
    """Handling is over toward the complainant; every service now closes its part."""

    type: ClassVar[str] = "case.concluded"
    outcome: CaseOutcome
    round: int
    concluded_at: datetime


@dataclass(frozen=True, kw_only=True)
class VolumeSealed(Event):
    """A part of the case's volume is complete; `head` is the hash of its last row."""

    type: ClassVar[str] = "volume.sealed"
    part: int
    rows: int
    head: str
