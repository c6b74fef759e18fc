"""The case: what was raised, by whom (sealed), and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bson import Binary

from huiyin.contracts.circle import Circle
from huiyin.contracts.events import CaseRole, Matter, Medium, TakenOver
from services.intake.domain.files import CaseFile
from services.intake.domain.stages import Stage, stage
from services.intake.errors import NoSuchFile, NoSuchMatter, NoSuchParty, ViewRestricted

Disposal = Literal["dispatch", "answered"]
RequestState = Literal["asked", "granted", "refused"]
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
    """Somebody with an identity in the case; the identity is one sealed value.

    `former` holds what it was before each correction, first to last (S0-05, E-35). `phone_hash`
    and `person_hash` (of name and address) find the person again without telling who it is.
    """

    id: str
    role: CaseRole
    anonymous: bool
    media: tuple[Medium, ...]
    identity: Binary
    phone_hash: str | None = None
    person_hash: str | None = None
    former: tuple[Binary, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IdentityRequest:
    """Somebody asked for who complained (one party, or all); words are sealed."""

    id: str
    asker: str
    role: str
    party: str | None
    reason: Binary
    asked_at: datetime
    state: RequestState = "asked"
    decided_by: str = ""
    decided_at: datetime | None = None
    until: datetime | None = None
    note: Binary | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it opens the identity now."""
        return self.state == "granted" and self.until is not None and now < self.until


@dataclass(frozen=True, kw_only=True)
class OrderRef:
    """An order of the case as intake heard of it: who may look because of it, until it has ended."""

    id: str
    unit: str
    matter: str = ""
    head: str = ""
    ended: bool = False


@dataclass(frozen=True, kw_only=True)
class Case:
    """Intake's whole view of one case.

    `closed` holds, for each service, how many events it said until it closed its part; `applied`, by
    which version of the circle it decides. `disclosed` holds by which version each order of a guarded
    matter was let go; the texts of approvals are sealed.
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
    orders: tuple[OrderRef, ...] = ()
    outcome: CaseOutcome | None = None
    concluded_at: datetime | None = None
    taken_over: TakenOver | None = None
    closed: Mapping[str, int] = field(default_factory=dict)
    volume_head: str | None = None
    restricted_at: datetime | None = None
    circle: Circle = field(default_factory=Circle)
    applied: Mapping[str, int] = field(default_factory=dict)
    disclosed: Mapping[str, int] = field(default_factory=dict)
    approval_texts: Mapping[str, Binary] = field(default_factory=dict)
    files: tuple[CaseFile, ...] = ()
    requests: tuple[IdentityRequest, ...] = ()
    withdrawn_why: Binary | None = None

    @property
    def matter_ids(self) -> tuple[str, ...]:
        """Every matter of the case."""
        return tuple(matter.id for matter in self.matters)

    @property
    def units(self) -> tuple[str, ...]:
        """The units that have an order of the case."""
        return tuple(sorted({order.unit for order in self.orders if not order.ended}))

    def matter(self, matter_id: str) -> CaseMatter:
        """The matter under its id."""
        for matter in self.matters:
            if matter.id == matter_id:
                return matter
        raise NoSuchMatter(f"该诉求没有事项 {matter_id}。")

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
