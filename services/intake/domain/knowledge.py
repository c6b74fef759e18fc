"""The knowledge base: policy entries of an office, every version kept, each with its owner unit.

Public entries answer a citizen's question at once (S3-37, S4-23). What is for staff only guides the
departments and never reaches a citizen (S2-88, E-128): it may be the basis of an answer, not its words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from huiyin.chassis.rulebook import OfficeFolder
from huiyin.contracts.events import Event, MessageRequested
from services.intake.errors import AlreadyDecided, NoSuchProposal, NoSuchVersion, NotAsRuled, NothingToCorrect

Audience = Literal["public", "staff_only"]
EntryKind = Literal["law", "policy", "guidance", "faq"]
Standing = Literal["coming", "in_force", "expiring", "expired"]
Decision = Literal["waiting", "taken", "refused"]

AUDIENCES: Final[tuple[Audience, ...]] = ("public", "staff_only")
KINDS: Final[tuple[EntryKind, ...]] = ("law", "policy", "guidance", "faq")
STANDINGS: Final[tuple[Standing, ...]] = ("coming", "in_force", "expiring", "expired")
#: Stands before an entry's id where it is the subject of events: it is no case.
_SUBJECT: Final = "knowledge"

Outcome = tuple["Entry", Sequence[Event]]


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What an entry says; `law` and `document` are where it comes from, `valid_until` the last day."""

    title: str
    text: str
    kind: EntryKind
    audience: Audience
    valid_from: date
    valid_until: date | None = None
    law: str = ""
    document: str = ""
    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    @property
    def searched(self) -> str:
        """All that is found by its words."""
        return "\n".join((self.title, self.law, self.document, self.text))


@dataclass(frozen=True, kw_only=True)
class Version:
    """One wording as it was published; `by` is a token subject, `ask_at` when its owner is to renew it."""

    n: int
    wording: Wording
    by: str
    at: datetime
    why: str
    ask_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A wording that the owner unit asks for; the office's keeper of rules decides."""

    id: str
    wording: Wording
    by: str
    at: datetime
    why: str
    state: Decision = "waiting"
    decided_by: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A policy entry. Nothing of it is ever deleted: whoever cited a version can read it for ever."""

    id: str
    office: str
    owner: str
    versions: tuple[Version, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    asked: tuple[int, ...] = ()

    def version(self, n: int) -> Version:
        """The version of that number."""
        for one in self.versions:
            if one.n == n:
                return one
        raise NoSuchVersion(f"条目 {self.id} 没有第 {n} 版。")

    def at(self, on: date) -> Version | None:
        """The newest version that has begun on that day, whether it still holds or not."""
        begun = [one for one in self.versions if one.wording.valid_from <= on]
        return begun[-1] if begun else None

    def shown(self, on: date) -> Version | None:
        """The version to show on that day: what has begun, else what is coming; none of a mere proposal."""
        return self.at(on) or (self.versions[-1] if self.versions else None)

    def ask_at(self) -> datetime | None:
        """When the owner is to be asked to renew the newest version, unless that was done."""
        if not self.versions or self.versions[-1].n in self.asked:
            return None
        return self.versions[-1].ask_at


def subject_of(office: str, entry: str) -> str:
    """The name under which an entry says its events."""
    return f"{_SUBJECT}:{office}:{entry}"


def entry_of(subject: str) -> tuple[str, str]:
    """Office and entry behind such a name."""
    _, office, entry = subject.split(":", 2)
    return office, entry


def standing(version: Version, on: date, warn_days: int) -> Standing:
    """How a version stands on a day: what ends within `warn_days` is expiring."""
    wording = version.wording
    if on < wording.valid_from:
        return "coming"
    if wording.valid_until is None or on + timedelta(days=warn_days) < wording.valid_until:
        return "in_force"
    return "expired" if wording.valid_until < on else "expiring"


def publish(entry: Entry, wording: Wording, by: str, why: str, office: OfficeFolder, at: datetime) -> Outcome:
    """A new version holds from its day on; the departments it is for get it (S2-88)."""
    _check(wording, office)
    if entry.versions and entry.versions[-1].wording == wording:
        raise NothingToCorrect("内容与现行版本相同，没有需要修订的。")
    n = len(entry.versions) + 1
    version = Version(n=n, wording=wording, by=by, at=at, why=why, ask_at=_ask_at(wording, office))
    return replace(entry, versions=(*entry.versions, version)), _supplied(entry, version, office)


def propose(entry: Entry, wording: Wording, by: str, why: str, office: OfficeFolder, at: datetime) -> Outcome:
    """The owner unit asks for a new wording; it holds when the office has taken it."""
    _check(wording, office)
    asked = Proposal(id=f"p{len(entry.proposals) + 1}", wording=wording, by=by, at=at, why=why)
    return replace(entry, proposals=(*entry.proposals, asked)), []


def decide(
    entry: Entry, proposal_id: str, *, taken: bool, note: str, by: str, office: OfficeFolder, at: datetime
) -> Outcome:
    """The office takes a proposal, which makes a version of it, or refuses it with a reason."""
    asked = next((one for one in entry.proposals if one.id == proposal_id), None)
    if asked is None:
        raise NoSuchProposal(f"条目 {entry.id} 没有修订建议 {proposal_id}。")
    if asked.state != "waiting":
        raise AlreadyDecided("该修订建议已经处理。")
    state: Decision = "taken" if taken else "refused"
    decided = replace(asked, state=state, decided_by=by, note=note)
    after = replace(entry, proposals=tuple(decided if p is asked else p for p in entry.proposals))
    return publish(after, asked.wording, by, asked.why, office, at) if taken else (after, [])


def ask_owner(entry: Entry) -> Outcome:
    """The owner is asked, once a version, to correct or renew it before its last day."""
    newest = entry.versions[-1]
    until = newest.wording.valid_until
    said = MessageRequested(
        message=f"renew:{newest.n}",
        template="guidance_expiring",
        addressee_kind="unit",
        addressee=entry.owner,
        params={
            "title": newest.wording.title,
            "entry": entry.id,
            "version": str(newest.n),
            "until": until.isoformat() if until else "",
        },
    )
    return replace(entry, asked=(*entry.asked, newest.n)), [said]


def units_for(wording: Wording, owner: str, office: OfficeFolder) -> tuple[str, ...]:
    """Whom a guidance is for: who handles its matters in its areas by the catalogue, and its owner.

    What names no category is for every unit of the catalogue (S2-88).
    """
    concerned = (
        unit
        for line in office.rulebook.catalogue
        if _meet_any(line.category, wording.categories, "/") and _in_areas(line.area, wording.areas)
        for unit in (line.unit, *line.assisting)
    )
    return tuple(dict.fromkeys((owner, *concerned)))


def _supplied(entry: Entry, version: Version, office: OfficeFolder) -> list[Event]:
    """New and changed guidance goes to its departments at once; notify fetches the words (S2-88, E-128)."""
    wording = version.wording
    params = {"title": wording.title, "entry": entry.id, "version": str(version.n)}
    return [
        MessageRequested(
            message=f"guidance:{version.n}:{unit}",
            template="guidance_issued",
            addressee_kind="unit",
            addressee=unit,
            params={**params, "valid_from": wording.valid_from.isoformat()},
            text_of=f"guidance:{version.n}",
        )
        for unit in units_for(wording, entry.owner, office)
    ]


def _ask_at(wording: Wording, office: OfficeFolder) -> datetime | None:
    """The first moment of the day from which on a version warns."""
    if wording.valid_until is None:
        return None
    book = office.rulebook
    day = wording.valid_until - timedelta(days=book.knowledge.warn_days)
    return datetime.combine(day, time(), ZoneInfo(book.office.timezone))


def _check(wording: Wording, office: OfficeFolder) -> None:
    """What names a category, an area or days that cannot be is refused, each field named."""
    book, problems = office.rulebook, {}
    if unknown := [one for one in wording.categories if one not in book.categories]:
        problems["categories"] = f"事项目录里没有 {unknown[0]}"
    if unknown := [one for one in wording.areas if one not in book.areas]:
        problems["areas"] = f"区域目录里没有 {unknown[0]}"
    if wording.valid_until is not None and wording.valid_until < wording.valid_from:
        problems["valid_until"] = "失效日期不能早于生效日期"
    if problems:
        raise NotAsRuled("条目内容不符合本机构规则，请按提示修改。", problems)


def _meet_any(one: str, others: Sequence[str], below: str) -> bool:
    """Whether a branch of the catalogue lies above or below one of these; without any, it does."""
    return not others or any(_lies_in(one, other, below) or _lies_in(other, one, below) for other in others)


def _in_areas(area: str, areas: Sequence[str]) -> bool:
    return area == "*" or _meet_any(area, areas, "")


def _lies_in(one: str, other: str, below: str) -> bool:
    return f"{one}{below}".startswith(f"{other}{below}")
