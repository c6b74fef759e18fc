"""What people look at: cases without identity, the journal, volumes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from huiyin.chassis.errors import no_such
from huiyin.chassis.mongo import Doc
from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.sight import seen_by, untouched_by, walled_from
from huiyin.chassis.steps import Actor
from huiyin.chassis.walls import marks
from huiyin.contracts.services import SERVICES
from services.intake.domain import search
from services.intake.domain.archiving import OF_TYPE
from services.intake.domain.arrival import Arrival
from services.intake.domain.case import Case, CaseMatter, Party
from services.intake.domain.danger import CallRef, Danger
from services.intake.domain.enclosure import Enclosure
from services.intake.domain.numbers import is_number
from services.intake.store.orders import NEWEST_FIRST, WEIGHTIEST_FIRST
from services.intake.use_cases import enclosures_shown
from services.intake.use_cases.answering import answer_of
from services.intake.use_cases.files import told, told_to_unit
from services.intake.use_cases.house import House
from services.intake.use_cases.proposals import proposed_flags
from services.intake.use_cases.sharing import share
from services.intake.use_cases.sorting import shown, sorted_as


def show(house: House, number: str, who: Actor) -> Mapping[str, Any]:
    """A case with its redacted words; a unit sees the matters of which it has orders, while it has them."""
    case = _case(house, number, who)
    if who.role == "unit":
        case = share(house, case, who)
    files = told_to_unit(case) if who.role == "unit" else [told(file) for file in case.files]
    book = house.base.rulebooks.version(case.rulebook)
    sorted_ = {} if who.role == "unit" else _sorted(house, case, who, book)
    return {
        **summary(case),
        **sorted_,
        "matters": [_words(matter) for matter in case.matters],
        "files": files,
        "answer": answer_of(case),
        "enclosures": [_enclosed(held, case, who) for held in case.enclosures],
    }


def _enclosed(held: Enclosure, case: Case, who: Actor) -> Mapping[str, Any]:
    if who.role == "unit":
        return enclosures_shown.told_to_unit(held)
    return enclosures_shown.told(held, case.number)


def _sorted(house: House, case: Case, who: Actor, book: Rulebook) -> dict[str, Any]:
    return {**sorted_as(case, book), "proposed_flags": proposed_flags(house, case, who, book)}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which cases of an office are looked for; nothing means all."""

    who: Actor
    q: str | None = None
    number: str | None = None
    stage: str | None = None
    channel: str | None = None
    unit: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    order: Literal["newest", "priority"] = "newest"

    def query(self) -> Doc:
        """The same by the scalars that are indexed; who has orders of a case speaks of it as a whole."""
        seen = untouched_by(self.who) if self.unit else seen_by(self.who)
        bounds = {"$gte": self.since, "$lt": self.until}
        accepted = {name: moment for name, moment in bounds.items() if moment is not None}
        found: Doc = {
            "stage": self.stage,
            "channel": self.channel,
            "units": self.unit,
            "accepted_at": accepted,
        }
        if self.number:
            found[number_field(self.number)] = self.number
        if self.order == "priority":
            seen = {**seen, "concluded_at": None}
        if self.q:
            found["words"] = holding(self.q, self.who)
        return {**seen, **{name: value for name, value in found.items() if value}}


def queue(house: House, wanted: Wanted, skip: int, limit: int) -> Mapping[str, Any]:
    """The office's cases: a page of them, and how many there are in all.

    Newest first, or as the work queue: open ones, by priority, then by age (S0-13).
    """
    query = wanted.query()
    order = WEIGHTIEST_FIRST if wanted.order == "priority" else NEWEST_FIRST
    found = house.cases.page(query, wanted.who, skip, limit, order)
    total = house.cases.collection.count_documents(query)
    return {"total": total, "cases": [summary(case) for case in found]}


def holding(term: str, who: Actor) -> Doc:
    """Selects cases where the term stands in one matter's words that are open to somebody."""
    return {"$elemMatch": {"shut": {"$nin": marks(who)}, **search.wanted(term)}}


def number_field(number: str) -> str:
    """Where a number is looked for: ours, or an older system's."""
    return "number" if is_number(number) else "origin_number"


def journal(house: House, number: str, who: Actor) -> list[Mapping[str, Any]]:
    """Every event of a case, as its journal has it."""
    rows = sorted(
        house.journal.of(_case(house, number, who, whole=True).number),
        key=lambda row: (row["time"], SERVICES.index(row["source"]), row["sequence"]),
    )
    return [{"id": row.pop("_id"), **row} for row in rows]


def parts(house: House, number: str, who: Actor) -> list[Mapping[str, Any]]:
    """The sealed parts of a case's volume (S2-51)."""
    case = _case(house, number, who, whole=True)
    times = {row["_id"]: row["time"] for row in house.journal.of(case.number)}
    bound = house.volumes.of(case.number)
    return [{**_shown(part, case), "contents": _contents(part, times)} for part in bound]


def _shown(part: Doc, case: Case) -> Mapping[str, Any]:
    volume = case.filing.volume if case.filing else ""
    return {**{name: part[name] for name in ("number", "part", "head", "files")}, "volume": volume or None}


def _contents(part: Doc, times: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The contents list of a part: each row with its place, time and kind of material (S2-50, S4-54)."""
    return [
        {"n": n, **row, "time": times.get(row["event"]), "material": OF_TYPE.get(row["type"])}
        for n, row in enumerate(part["contents"], start=1)
    ]


def counts(house: House, who: Actor) -> dict[str, int]:
    """How many cases of the office stand at each stage."""
    groups = house.cases.collection.aggregate(
        [{"$match": seen_by(who)}, {"$group": {"_id": "$stage", "n": {"$sum": 1}}}]
    )
    return {group["_id"]: group["n"] for group in groups}


def tally(house: House, who: Actor) -> dict[str, int]:
    """How often each type of event happened in the cases of the office that are open to somebody."""
    return house.journal.counts(who.office, house.cases.keys(walled_from(who)))


def summary(case: Case) -> Mapping[str, Any]:
    """What a case looks like without words and identity."""
    return {
        "number": case.number,
        "origin_number": case.taken_over.number if case.taken_over else None,
        **_links(case),
        "channel": case.channel,
        "stage": case.stage.name,
        "disposal": case.disposal,
        "round": case.stage.round,
        "difficulty": case.difficulty,
        "legal_class": case.legal_class,
        "priority": case.priority,
        "flags": list(case.flags),
        "received_at": case.received_at.isoformat(),
        "accepted_at": case.accepted_at.isoformat(),
        **attended(case),
        "call": ref_of(case.call) if case.call else None,
        "emergency": _emergency(case.danger),
        "unread": case.reading is not None and case.reading.read_at is None,
        "outcome": case.outcome,
        "waits_for_enclosures": case.pending is not None,
        "volume": case.volume_head,
        "archived": case.filing.kept if case.filing else None,
        "restricted_at": case.restricted_at.isoformat() if case.restricted_at else None,
        "revision": case.revision,
        "withdrawn_at": case.withdrawn_at.isoformat() if case.withdrawn_at else None,
        "goes_on": list(case.goes_on),
        "interest": case.interest,
        "truth_stated": case.truth_stated,
        "warned": case.warned,
        "arrival": _arrival(case.arrival),
        "parties": [_party(party) for party in case.parties],
    }


def _arrival(arrival: Arrival) -> dict[str, Any]:
    """What is known of the arrival; the calling number and the account stay sealed."""
    plain = {name: value for name, value in vars(arrival).items() if name != "sealed" and value}
    days = {name: value.isoformat() for name, value in plain.items() if isinstance(value, date)}
    return {**plain, **days}


def _party(party: Party) -> dict[str, Any]:
    return {
        "id": party.id,
        "role": party.role,
        "kind": party.kind,
        "anonymous": party.anonymous,
        "not_given": list(party.not_given),
        "needs": list(party.needs),
        "media": list(party.media),
        "consents": party.consents,
        "consents_to_press": party.consents_to_press,
    }


def attended(case: Case) -> Mapping[str, str | None]:
    """When somebody looks at it (X-20)."""
    return {"attended_from": case.attended_from.isoformat() if case.attended_from else None}


def _links(case: Case) -> dict[str, Any]:
    """Where the case went to and came from; no number yet while the other office has not got it (E-123)."""
    to, came = case.passing, case.passed_from
    return {
        "passed_to": {"office": to.to, "number": to.number or None} if to else None,
        "passed_from": {"office": came.office, "number": came.number} if came else None,
    }


def _emergency(danger: Danger | None) -> Mapping[str, Any] | None:
    """Since when the case is an emergency, and whether that was found true (S4-33)."""
    if danger is None:
        return None
    return {"raised_at": danger.raised_at.isoformat(), "by": danger.raised_by, "real": danger.real}


def ref_of(call: CallRef) -> Mapping[str, Any]:
    """The call a case came by, its originating line, and whether it had a number (S3-05, S4-07, E-25)."""
    return {"id": call.id or None, "line": call.line or None, "number": call.number}


def _case(house: House, number: str, who: Actor, *, whole: bool = False) -> Case:
    """The case of a number, ours or an older one, as far as somebody sees it, or only if as a whole."""
    found = house.cases.find({number_field(number): number, "office": who.office})
    for record in found:
        seen = house.cases.seen_in(record, who)
        if seen is not None and (seen is record.state or not whole):
            return seen
    raise no_such(number)


def _words(matter: CaseMatter) -> dict[str, Any]:
    return {
        "id": matter.id,
        "kind": matter.kind,
        "category": matter.category,
        "area": matter.area,
        "place": matter.place,
        "text": matter.text,
        "wish": matter.wish,
        **shown(matter),
        "object": matter.object,
    }
