"""What people look at: cases without identity, the progress query, the journal, volumes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from huiyin.chassis.errors import NotFound
from huiyin.chassis.mongo import Doc
from huiyin.chassis.steps import Actor
from huiyin.contracts.services import SERVICES
from services.intake.domain.case import Case, CaseMatter
from services.intake.domain.numbers import is_number
from services.intake.errors import NoSuchCase
from services.intake.store import NEWEST_FIRST
from services.intake.use_cases.files import told, told_to_unit
from services.intake.use_cases.house import House, query_code


def show(house: House, number: str, who: Actor) -> Mapping[str, Any]:
    """A case with its redacted words; a unit sees it only while it has an order of it."""
    case = _case(house, number, who.office)
    if who.role == "unit" and who.unit not in case.units:
        raise _no_such(number)
    files = told_to_unit(case) if who.role == "unit" else [told(file) for file in case.files]
    return {**summary(case), "matters": [_words(matter) for matter in case.matters], "files": files}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which cases of an office are looked for; nothing means all."""

    office: str
    number: str | None = None
    stage: str | None = None
    channel: str | None = None
    unit: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def query(self) -> Doc:
        """The same by the scalars that are indexed."""
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
        return {"office": self.office, **{name: value for name, value in found.items() if value}}


def queue(house: House, wanted: Wanted, skip: int, limit: int) -> Mapping[str, Any]:
    """The office's cases, newest first: a page of them, and how many there are in all."""
    query = wanted.query()
    found = house.cases.find(query, sort=NEWEST_FIRST, skip=skip, limit=limit)
    total = house.cases.collection.count_documents(query)
    return {"total": total, "cases": [summary(record.state) for record in found]}


def with_number(house: House, number: str, office: str | None = None) -> list[Case]:
    """The case of a number: one of ours, or the one it had in an older system (each office's own)."""
    of_office = {"office": office} if office else {}
    return [record.state for record in house.cases.find({number_field(number): number, **of_office})]


def number_field(number: str) -> str:
    """Where a number is looked for: ours, or an older system's."""
    return "number" if is_number(number) else "origin_number"


def progress(house: House, number: str, code: str) -> Mapping[str, Any]:
    """How a case stands, for whoever knows its number and query code (S3-26, E-33)."""
    found = (case for case in with_number(house, number) if code == query_code(house, case.number))
    case = next(found, None)
    if case is None:
        raise NotFound("编号或查询码不正确，请核对回执后重试。")
    rows = house.journal.of(case.number)
    return {
        "number": case.number,
        "origin_number": case.taken_over.number if case.taken_over else None,
        "stage": case.stage.name,
        "round": case.stage.round,
        "accepted_at": case.accepted_at.isoformat(),
        "concluded_at": case.concluded_at.isoformat() if case.concluded_at else None,
        "steps": [{"type": row["type"], "time": row["time"]} for row in rows if row["type"] in _TOLD],
    }


#: What a complainant is told of the way; slips and reviews stay inside the house.
_TOLD: Final = frozenset(
    {
        "case.registered",
        "order.dispatched",
        "order.accepted",
        "extension.granted",
        "handling.completed",
        "echo.opened",
        "evaluation.recorded",
        "round.raised",
        "echo.completed",
        "case.concluded",
    }
)


def journal(house: House, number: str, who: Actor) -> list[Mapping[str, Any]]:
    """Every event of a case, as its journal has it."""
    rows = sorted(
        house.journal.of(_case(house, number, who.office).number),
        key=lambda row: (row["time"], SERVICES.index(row["source"]), row["sequence"]),
    )
    return [{"id": row.pop("_id"), **row} for row in rows]


def parts(house: House, number: str, who: Actor) -> list[Mapping[str, Any]]:
    """The sealed parts of a case's volume (S2-51)."""
    bound = house.volumes.of(_case(house, number, who.office).number)
    return [{k: v for k, v in part.items() if k != "_id"} for part in bound]


def counts(house: House, office: str) -> dict[str, int]:
    """How many cases of the office stand at each stage."""
    groups = house.cases.collection.aggregate(
        [{"$match": {"office": office}}, {"$group": {"_id": "$stage", "n": {"$sum": 1}}}]
    )
    return {group["_id"]: group["n"] for group in groups}


def tally(house: House, office: str) -> dict[str, int]:
    """How often each type of event happened in the office."""
    return house.journal.counts(office)


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


def _case(house: House, number: str, office: str) -> Case:
    found = with_number(house, number, office)
    if not found:
        raise _no_such(number)
    return found[0]


def _no_such(number: str) -> NoSuchCase:
    return NoSuchCase(f"没有编号为 {number} 的记录。请核对编号。")


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
