"""The case: what was raised, by whom (sealed), and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from bson import Binary

from huiyin.chassis.errors import ViewRestricted
from huiyin.contracts.circle import Circle
from huiyin.contracts.events import (
    CaseConcluded,
    CaseOutcome,
    CaseRole,
    Disposal,
    Given,
    GoesOn,
    Matter,
    Medium,
    PassedFrom,
    TakenOver,
)
from services.intake.domain.alike import Alike
from services.intake.domain.archiving import Filing, Reopening
from services.intake.domain.arrival import Arrival, Interest
from services.intake.domain.citing import Answered
from services.intake.domain.danger import CallRef, Danger, Reading
from services.intake.domain.enclosure import Enclosure
from services.intake.domain.files import CaseFile
from services.intake.domain.notes import Correction, Finding, Incident
from services.intake.domain.parties import Need, PartyKind
from services.intake.domain.passed import Passing
from services.intake.domain.sorting import Sorting, Special
from services.intake.domain.stages import Stage, stage
from services.intake.domain.volume import Part
from services.intake.errors import NoSuchEnclosure, NoSuchFile, NoSuchMatter, NoSuchParty

RequestState = Literal["asked", "granted", "refused"]


#: What stands for a state secret where words are worked on (E-82, S3-49).
SEALED: Final = "（内容已封存）"
_SECRET: Final[Mapping[str, str]] = {"place": "", "object": "", "text": SEALED, "wish": SEALED}


@dataclass(frozen=True, kw_only=True)
class CaseMatter:
    """One matter with its words: the redacted copy for work, the original sealed.

    `travels_as` is its special class as the others hear of it: none where it goes its ordinary way.
    """

    id: str
    kind: str
    category: str
    area: str
    place: str
    text: str
    wish: str
    original: Binary
    classes: Mapping[str, str] = field(default_factory=dict)
    dispatched: bool = True
    special: Special | None = None
    travels_as: str = ""
    given: Given | None = None
    object: str = ""
    secret: bool = False

    def worded(self, words: Mapping[str, str]) -> "CaseMatter":
        """With these redacted words to work with; a state secret has none (E-82)."""
        held = _SECRET if self.secret else words
        return replace(
            self,
            place=held.get("place", self.place),
            text=held.get("text", self.text),
            wish=held.get("wish", self.wish),
            object=held.get("object", self.object),
        )

    def public(self) -> Matter:
        """The matter as it travels: without words."""
        return Matter(
            id=self.id,
            kind=self.kind,
            category=self.category,
            area=self.area,
            place=self.place,
            dispatched=self.dispatched,
            special=self.travels_as,
            given=self.given,
        )


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody with an identity in the case; the identity is one sealed value.

    `not_given` are the fields it refused (E-24); an interested party `consents` that what is private to
    it goes to who reports for it (E-27), and a party `consents_to_press` that the press learns who it is
    (E-83). `former` holds what it was before each correction, first to
    last (S0-05, E-35). `phone_hash` and `person_hash` (of name and address) find the person again
    without telling who it is.
    """

    id: str
    role: CaseRole
    anonymous: bool
    media: tuple[Medium, ...]
    identity: Binary
    phone_hash: str | None = None
    person_hash: str | None = None
    former: tuple[Binary, ...] = ()
    kind: PartyKind = "citizen"
    not_given: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    consents: bool = False
    consents_to_press: bool = False


@dataclass(frozen=True, kw_only=True)
class IdentityRequest:
    """Somebody asked for who complained (one party, or all); words are sealed.

    `for_press`: to pass it on to the press, which needs the consent of whom it names (E-83).
    """

    id: str
    asker: str
    role: str
    party: str | None
    reason: Binary
    asked_at: datetime
    for_press: bool = False
    state: RequestState = "asked"
    decided_by: str = ""
    decided_at: datetime | None = None
    until: datetime | None = None
    note: Binary | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it opens the identity now."""
        return self.state == "granted" and self.until is not None and now < self.until


@dataclass(frozen=True, kw_only=True)
class TransferRequest:
    """Somebody asked that a matter go once to the accused's own unit; `approval` is what granted it."""

    id: str
    matter: str
    unit: str
    asker: str
    asked_at: datetime
    approval: str = ""


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
    matter was let go; the texts of approvals are sealed. `parts` are the sealed parts of the volume, `late`
    what each service said behind the last of them, `reopened` the round in which the case was last opened
    again. `pending` is the end that waits until the last enclosure is out of custody (E-86). `answer` holds
    the sealed words of an answer on the spot, `answered` what staff see of it.
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
    attended_from: datetime | None = None
    disposal: Disposal
    matters: tuple[CaseMatter, ...]
    parties: tuple[Party, ...]
    answer: Binary | None = None
    answered: Answered | None = None
    stage: Stage = field(default_factory=lambda: stage("registered"))
    orders: tuple[OrderRef, ...] = ()
    outcome: CaseOutcome | None = None
    concluded_at: datetime | None = None
    taken_over: TakenOver | None = None
    closed: Mapping[str, int] = field(default_factory=dict)
    reopened: int = 1
    reopenings: tuple[Reopening, ...] = ()
    parts: tuple[Part, ...] = ()
    late: Mapping[str, int] = field(default_factory=dict)
    late_at: datetime | None = None
    filings: tuple[Filing, ...] = ()
    restricted_at: datetime | None = None
    circle: Circle = field(default_factory=Circle)
    applied: Mapping[str, int] = field(default_factory=dict)
    disclosed: Mapping[str, int] = field(default_factory=dict)
    transfer_requests: tuple[TransferRequest, ...] = ()
    approval_texts: Mapping[str, Binary] = field(default_factory=dict)
    files: tuple[CaseFile, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    pending: CaseConcluded | None = None
    requests: tuple[IdentityRequest, ...] = ()
    withdrawn_why: Binary | None = None
    sorting: Sorting = field(default_factory=Sorting)
    arrival: Arrival = field(default_factory=Arrival)
    interest: Interest = "own"
    truth_stated: bool = False
    warned: bool = False
    revision: int = 0
    edited: Mapping[str, int] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    incidents: tuple[Incident, ...] = ()
    findings: tuple[Finding, ...] = ()
    withdrawn_at: datetime | None = None
    goes_on: tuple[GoesOn, ...] = ()
    passing: Passing | None = None
    passed_from: PassedFrom | None = None
    told_back: bool = False
    call: CallRef | None = None
    danger: Danger | None = None
    reading: Reading | None = None
    alike: Alike = field(default_factory=Alike)

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

    @property
    def volume_head(self) -> str | None:
        """The hash of the last row of the volume, once a part of it is sealed."""
        return self.parts[-1].head if self.parts else None

    @property
    def filing(self) -> Filing | None:
        """The decision whether it is archived, as it holds now (S0-38)."""
        return self.filings[-1] if self.filings else None

    @property
    def outstanding(self) -> bool:
        """Whether an enclosure is neither returned nor otherwise settled (E-86)."""
        return any(enclosure.outstanding for enclosure in self.enclosures)

    def enclosure(self, enclosure_id: str) -> Enclosure:
        """The enclosure under its id."""
        for enclosure in self.enclosures:
            if enclosure.id == enclosure_id:
                return enclosure
        raise NoSuchEnclosure(f"该诉求没有附物 {enclosure_id}。")

    def file(self, file_id: str) -> CaseFile:
        """The file under its id."""
        for file in self.files:
            if file.id == file_id:
                return file
        raise NoSuchFile(f"该诉求没有文件 {file_id}。")

    def require_open(self) -> None:
        """Refuse whoever wants to open identity or original words under a restriction (S0-05, E-35)."""
        if self.restricted_at is not None:
            raise ViewRestricted
