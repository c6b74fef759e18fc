"""An enclosure: what lay in one letter, or what one visitor brought, under one voucher (S2-60, E-91).

Money, original certificates and other things are lines of their own; what became of each is its state.
Who sent it is not in here: that is the case's sealed identity. A line's own words are sealed as well,
since a certificate bears a name; `shown` is their redacted copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from bson import Binary

from services.intake.errors import NoSuchEnclosure

Origin = Literal["letter", "visit"]
LineKind = Literal["money", "certificate", "object"]
LineState = Literal["held", "returned", "finance", "police", "lost", "written_off"]
IncidentKind = Literal["lost", "damaged", "dangerous"]
IncidentOutcome = Literal["recovered", "compensated", "written_off"]
Way = Literal["registered_mail", "mail", "in_person"]

#: As long as a line is in one of these, the case stays open (E-86).
OUTSTANDING: Final[frozenset[LineState]] = frozenset({"held", "lost"})


@dataclass(frozen=True, kw_only=True)
class LineForm:
    """One line as it was counted; `description` is sealed, and shown redacted."""

    kind: LineKind
    certificate: str
    currency: str
    amount: int
    description: str


@dataclass(frozen=True, kw_only=True)
class EnclosedForm:
    """What a letter held or a visitor brought, as the first person counted it."""

    origin: Origin
    gift: bool
    lines: tuple[LineForm, ...]


@dataclass(frozen=True, kw_only=True)
class CopyRequest:
    """A unit needs the original: it gets a certified copy (E-89); its reason is sealed."""

    unit: str
    asker: str
    reason: Binary
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CertifiedCopy:
    """A released file of the case that who holds the original compared with it (E-89)."""

    file: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Line:
    """One sum of money, one certificate or one thing.

    `amount` is a whole number of the smallest unit of `currency` (ISO 4217): 100 CNY are 10000 fen.
    """

    id: str
    kind: LineKind
    shown: str
    words: Binary
    certificate: str = ""
    currency: str = ""
    amount: int = 0
    state: LineState = "held"
    copies_asked: tuple[CopyRequest, ...] = ()
    copy: CertifiedCopy | None = None

    def agrees(self, counted: "Counted") -> bool:
        """Whether the second person found what the first wrote down."""
        if self.kind == "money":
            return (counted.currency, counted.amount) == (self.currency, self.amount)
        return counted.present


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What the second person found of one line: for money the sum, for anything else that it is there."""

    line: str
    currency: str = ""
    amount: int = 0
    present: bool = False


@dataclass(frozen=True, kw_only=True)
class Count:
    """What one person counted, first; kept when it had to be counted anew."""

    by: str
    at: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Who holds it, and from when (S2-61)."""

    holder: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A hand-over that its receiver has not confirmed: until then the giver answers for it."""

    to: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Police:
    """The police were contacted: on which line, when, under which reference; whether they took it."""

    line: str
    contacted_at: datetime
    reference: str
    took_it: bool


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Something was lost, damaged or found dangerous (S2-61, E-90); the account of it is sealed."""

    id: str
    kind: IncidentKind
    lines: tuple[str, ...]
    account: Binary
    by: str
    at: datetime
    police: Police | None = None
    outcome: IncidentOutcome | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    note: Binary | None = None


@dataclass(frozen=True, kw_only=True)
class Return:
    """One way back; `mail` is the number of the registered mail (S2-62), `came_back_at` tells it failed."""

    n: int
    way: Way
    mail: str
    lines: tuple[str, ...]
    by: str
    at: datetime
    came_back_at: datetime | None = None
    came_back_why: str = ""


@dataclass(frozen=True, kw_only=True)
class Finance:
    """What could not be returned was handed to the finance department, against its receipt (E-87)."""

    receipt: str
    lines: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """What came with one letter or visitor; `gift` marks what was meant as a gift or bribe (E-88)."""

    id: str
    voucher: str
    origin: Origin
    count: Count
    former_counts: tuple[Count, ...] = ()
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    gift: bool = False
    custody: tuple[Holding, ...] = ()
    offer: Offer | None = None
    incidents: tuple[Incident, ...] = ()
    returns: tuple[Return, ...] = ()
    finance: tuple[Finance, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines as they were counted last, each with what became of it."""
        return self.count.lines

    @property
    def holder(self) -> str:
        """Who answers for it now."""
        return self.custody[-1].holder

    @property
    def outstanding(self) -> tuple[str, ...]:
        """The lines that are neither returned nor otherwise settled."""
        return tuple(line.id for line in self.lines if line.state in OUTSTANDING)

    @property
    def held(self) -> tuple[str, ...]:
        """The lines that lie here."""
        return tuple(line.id for line in self.lines if line.state == "held")

    @property
    def came_back_at(self) -> datetime | None:
        """When the last return of what is still held came back."""
        return max((r.came_back_at for r in self.returns if r.came_back_at), default=None)

    def incident(self, incident_id: str) -> Incident:
        """The incident under its id."""
        for incident in self.incidents:
            if incident.id == incident_id:
                return incident
        raise NoSuchEnclosure(f"凭证 {self.voucher} 没有事故 {incident_id}。")

    def line(self, line_id: str) -> Line:
        """The line under its id."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise NoSuchEnclosure(f"凭证 {self.voucher} 没有第 {line_id} 项。")

    def with_lines(self, lines: Sequence[Line]) -> "Enclosure":
        """The same with these lines in the place of those of the same id."""
        new = {line.id: line for line in lines}
        changed = tuple(new.get(line.id, line) for line in self.lines)
        return replace(self, count=replace(self.count, lines=changed))

    def settled(self, lines: Sequence[str], state: LineState) -> "Enclosure":
        """The same, these lines in a state."""
        return self.with_lines([replace(self.line(one), state=state) for one in lines])
