"""What is noted beside a case after it was taken down: corrections, visitors' incidents, findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bson import Binary

from huiyin.contracts.events import IncidentKind, MatterPart

Measure = Literal["persuaded", "police"]
Found = Literal["facts", "name", "distorted"]


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One correction: who, when, why; `before` is the sealed original, `words` its copy for work (S0-05)."""

    revision: int
    matter: str
    parts: tuple[MatterPart, ...]
    by: str
    at: datetime
    reason: str
    before: Binary
    words: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One incident (S2-78): what happened is sealed; when leaders and police were told; the measure."""

    id: str
    kind: IncidentKind
    threat: bool
    words: Binary
    happened_at: datetime
    noted_by: str
    noted_at: datetime
    reported_at: datetime | None = None
    police_at: datetime | None = None
    station: str = ""
    measure: Measure | None = None
    measure_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Facts made up, a false name, or facts distorted: by whom it was found, and on what grounds."""

    id: str
    what: Found
    grounds: str
    by: str
    at: datetime
