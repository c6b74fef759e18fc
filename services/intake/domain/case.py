"""The case: what was raised, by whom (sealed), and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bson import Binary

from huiyin.contracts.events import CaseRole, Matter, Medium, TakenOver
from services.intake.domain.files import CaseFile
from services.intake.domain.stages import Stage, stage
from services.intake.errors import NoSuchFile, NoSuchParty, ViewRestricted

Disposal = Literal["dispatch", "answered"]
CaseOutcome = Literal["echoed", "answered", "withdrawn"]


@dataclass(frozen=True, kw_only=True)
class CaseMatter:
    """One matter with its words: the redacted copy for work, the original sealed."""

    id: str
    kind: str
    category: str
    area: str
    place: str
    text: str
    wish: str
    original: Binary

    def public(self) -> Matter:
        """The matter as it travels: without words."""
        return Matter(id=self.id, kind=self.kind, category=self.category, area=self.area, place=self.place)


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody with an identity in the case; the identity is one sealed value."""

    id: str
    role: CaseRole
    anonymous: bool
    media: tuple[Medium, ...]
    identity: Binary
    phone_hash: str | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """Intake's whole view of one case.

    `closed` holds, for each service, how many events it said until it closed its part.
    """

    number: str
    office: str
    rulebook: str
    channel: str
    language: str
    difficulty: str
    legal_class: str | None
    priority: str
    flags: tuple[str, ...]
    received_at: datetime
    accepted_at: datetime
    registered_by: str
    disposal: Disposal
    matters: tuple[CaseMatter, ...]
    parties: tuple[Party, ...]
    answer: Binary | None = None
    stage: Stage = field(default_factory=lambda: stage("registered"))
    units: tuple[str, ...] = ()
    outcome: CaseOutcome | None = None
    concluded_at: datetime | None = None
    taken_over: TakenOver | None = None
    closed: Mapping[str, int] = field(default_factory=dict)
    volume_head: str | None = None
    restricted_at: datetime | None = None
    files: tuple[CaseFile, ...] = ()

    def party(self, party_id: str) -> Party:
        """The party under its id."""
        for party in self.parties:
            if party.id == party_id:
                return party
        raise NoSuchParty(f"该诉求没有当事方 {party_id}。")

    def file(self, file_id: str) -> CaseFile:
        """The file under its id."""
        for file in self.files:
            if file.id == file_id:
                return file
        raise NoSuchFile(f"该诉求没有文件 {file_id}。")

    def require_open(self) -> None:
        """Refuse whoever wants to open identity or original words under a restriction (S0-05, E-35)."""
        if self.restricted_at is not None:
            raise ViewRestricted("应诉求人要求，该诉求的身份信息和原文已限制查看。")
