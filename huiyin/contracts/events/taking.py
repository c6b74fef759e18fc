"""What intake says of what is taken down after registration: corrections, consent, withdrawal."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from huiyin.contracts.events.base import Event
from huiyin.contracts.events.intake import Matter

MatterPart = Literal["text", "wish", "object", "place"]
#: Why handling goes on after a withdrawal (E-29).
GoesOn = Literal["danger", "accusation", "public_interest"]
IncidentKind = Literal["groundless_trouble", "disrupting_order", "bad_influence", "dangerous"]


@dataclass(frozen=True, kw_only=True)
class MatterCorrected(Event):
    """What was taken down of a matter was wrong: `matter` is how it stands now, whole, without words.

    `revision` counts the case's corrections; a lower one than held is ignored.
    """

    type: ClassVar[str] = "matter.corrected"
    matter: Matter
    parts: tuple[MatterPart, ...]
    revision: int
    corrected_at: datetime


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    """An interested person lets the result go to who reported for them; these may be told it now."""

    type: ClassVar[str] = "consent.given"
    party: str
    told: tuple[str, ...]
    given_at: datetime


@dataclass(frozen=True, kw_only=True)
class ComplainantWithdrew(Event):
    """The complainant withdrew, and handling goes on for these reasons: nobody is told or asked any more."""

    type: ClassVar[str] = "complainant.withdrew"
    goes_on: tuple[GoesOn, ...]
    withdrawn_at: datetime


@dataclass(frozen=True, kw_only=True)
class VisitorIncident(Event):
    """A visitor made trouble after the reception; a threat against staff goes to the police first."""

    type: ClassVar[str] = "visitor.incident"
    incident: str
    kind: IncidentKind
    threat: bool
    reported: bool
    police_told: bool
    measure: Literal["persuaded", "police"] | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class FabricationFound(Event):
    """A person found that a name or facts were made up; nothing follows from it by itself (E-32)."""

    type: ClassVar[str] = "fabrication.found"
    finding: str
    what: Literal["facts", "name", "distorted"]
    found_at: datetime
