"""The seven records of letters and visits, per department and period, from the journal (S2-86).

Registration, statistics, transfer, investigation, urging, closing, archiving: lists, not a second
store. What is walled off from somebody is left out of every list, total and count.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

from huiyin.chassis.errors import Forbidden
from huiyin.chassis.mongo import Doc
from huiyin.chassis.sight import untouched_by
from huiyin.chassis.steps import Actor
from services.intake.domain.case import Case
from services.intake.store.orders import OLDEST_FIRST
from services.intake.use_cases import archive
from services.intake.use_cases.house import House

Kind = Literal["registration", "statistics", "transfer", "investigation", "urging", "closing", "archiving"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
#: Which events make which record.
_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "registration": ("case.registered",),
    "transfer": ("order.dispatched", "order.returned", "order.recalled"),
    "investigation": ("order.accepted", "reply.submitted", "reply.approved", "reply.returned"),
    "urging": ("order.urged", "supervision.issued", "slip.withdrawn"),
    "closing": ("case.concluded", "case.reopened"),
}
#: Events that name the unit they concern; the others concern a unit that has an order of the case.
_OF_A_UNIT: Final = frozenset({"transfer", "investigation", "urging"})
#: What of an event's data stands in a record.
_SHOWN: Final = ("unit", "order", "matter", "ground", "slip", "due_on", "reply", "outcome", "round")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which record: of one department or of the office, from `since` on and before `until`."""

    kind: Kind
    unit: str | None
    since: datetime
    until: datetime
    channels: Sequence[str]


def record(house: House, wanted: Wanted, who: Actor, skip: int, limit: int) -> Mapping[str, Any]:
    """A page of one record, with how many rows it has in all."""
    unit = _unit_of(wanted, who)
    cases = _cases(house, wanted, unit, who)
    if wanted.kind == "statistics":
        total, rows = _statistics(house, {**cases, "accepted_at": _period(wanted)}, who)
    elif wanted.kind == "archiving":
        total, rows = _archiving(house, {**cases, "filed_at": _period(wanted)}, skip, limit)
    else:
        total, rows = _from_journal(house, wanted, unit, cases, (skip, limit))
    seen = [row for row in rows if who.role != "unit" or _sees(house, row, who)]
    return {
        "record": wanted.kind,
        "unit": unit,
        "channels": list(wanted.channels),
        "total": total,
        "rows": seen,
    }


def _unit_of(wanted: Wanted, who: Actor) -> str | None:
    """A unit keeps its own records, and sees no other's."""
    if who.role != "unit":
        return wanted.unit
    if wanted.unit not in (None, who.unit):
        raise Forbidden("只能查看本单位的记录。")
    return who.unit


def _cases(house: House, wanted: Wanted, unit: str | None, who: Actor) -> Doc:
    mine = {"number": {"$in": house.journal.of_unit(who.office, unit)}} if unit else {}
    return {**untouched_by(who), "channel": {"$in": list(wanted.channels)}, **mine}


def _from_journal(
    house: House, wanted: Wanted, unit: str | None, cases: Doc, page: tuple[int, int]
) -> tuple[int, list[Mapping[str, Any]]]:
    period = {"$gte": _written(wanted.since), "$lt": _written(wanted.until)}
    asked: Doc = {"office": cases["office"], "type": {"$in": list(_TYPES[wanted.kind])}, "time": period}
    if unit and wanted.kind in _OF_A_UNIT:
        asked["data.unit"] = unit
    total, rows = house.journal.page(house.cases.collection, asked, cases, *page)
    return total, [_row(row) for row in rows]


def _row(row: Doc) -> Mapping[str, Any]:
    shown = {name: row["data"][name] for name in _SHOWN if row["data"].get(name) not in (None, "")}
    return {
        "number": row["case"],
        "time": row["time"],
        "what": row["type"],
        "channel": row["of"]["channel"],
        "categories": row["of"]["categories"],
        **shown,
    }


def _statistics(house: House, query: Doc, who: Actor) -> tuple[int, list[Mapping[str, Any]]]:
    """How many cases by channel, kind, category, stage and outcome; a matter counts by itself."""
    counts: Counter[tuple[str, str]] = Counter()
    total = 0
    for found in house.cases.each(query):
        if house.cases.seen_in(found, who) is not None:
            total += 1
            counts.update(_counted(found.state))
    return total, [{"by": by, "of": of, "n": n} for (by, of), n in sorted(counts.items())]


def _counted(case: Case) -> list[tuple[str, str]]:
    matters = [pair for m in case.matters for pair in (("kind", m.kind), ("category", m.category))]
    return [
        ("channel", case.channel),
        ("stage", case.stage.name),
        ("outcome", case.outcome or "open"),
        *matters,
    ]


def _archiving(house: House, query: Doc, skip: int, limit: int) -> tuple[int, list[Mapping[str, Any]]]:
    found = house.cases.find(query, sort=OLDEST_FIRST, skip=skip, limit=limit)
    total = house.cases.collection.count_documents(query)
    return total, [archive.told(house, one.state) for one in found]


def _sees(house: House, row: Mapping[str, Any], who: Actor) -> bool:
    """Walls that stand on the directory (a unit under an accused one) are asked case by case."""
    if "number" not in row:
        return True
    return house.cases.seen_in(house.cases.get(row["number"]), who) is not None


def _period(wanted: Wanted) -> Doc:
    return {"$gte": wanted.since, "$lt": wanted.until}


def _written(moment: datetime) -> str:
    """As the journal writes a moment: in UTC."""
    return moment.astimezone(UTC).isoformat()
