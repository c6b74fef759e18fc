"""What people look at: cases without identity, the journal, volumes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.chassis.errors import no_such
from huiyin.chassis.mongo import Doc
from huiyin.chassis.sight import seen_by, untouched_by, walled_from
from huiyin.chassis.steps import Actor
from huiyin.contracts.services import SERVICES
from services.intake.domain.case import Case, CaseMatter
from services.intake.domain.numbers import is_number
from services.intake.store import NEWEST_FIRST
from services.intake.use_cases.files import told, told_to_unit
from services.intake.use_cases.house import House
from services.intake.use_cases.sharing import share


def show(house: House, number: str, who: Actor) -> Mapping[str, Any]:
    """A case with its redacted words; a unit sees the matters of which it has orders, while it has them."""
    case = _case(house, number, who)
    if who.role == "unit":
        case = share(house, case, who)
    files = told_to_unit(case) if who.role == "unit" else [told(file) for file in case.files]
    return {**summary(case), "matters": [_words(matter) for matter in case.matters], "files": files}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which cases of an office are looked for; nothing means all."""

    who: Actor
    number: str | None = None
    stage: str | None = None
    channel: str | None = None
    unit: str | None = None
    since: datetime | None = None
    until: datetime | None = None

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
        return {**seen, **{name: value for name, value in found.items() if value}}


def queue(house: House, wanted: Wanted, skip: int, limit: int) -> Mapping[str, Any]:
    """The office's cases, newest first: a page of them, and how many there are in all."""
    query = wanted.query()
    found = house.cases.page(query, wanted.who, skip, limit, NEWEST_FIRST)
    total = house.cases.collection.count_documents(query)
    return {"total": total, "cases": [summary(case) for case in found]}


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
    bound = house.volumes.of(_case(house, number, who, whole=True).number)
    return [{k: v for k, v in part.items() if k != "_id"} for part in bound]


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
        "channel": case.channel,
        "stage": case.stage.name,
        "round": case.stage.round,
        "difficulty": case.difficulty,
        "legal_class": case.legal_class,
        "priority": case.priority,
        "flags": list(case.flags),
        "received_at": case.received_at.isoformat(),
        "accepted_at": case.accepted_at.isoformat(),
        "outcome": case.outcome,
        "volume": case.volume_head,
        "restricted_at": case.restricted_at.isoformat() if case.restricted_at else None,
        "parties": [{"id": p.id, "role": p.role, "anonymous": p.anonymous} for p in case.parties],
    }


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
    }
