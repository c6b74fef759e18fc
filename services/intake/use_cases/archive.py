"""The archive: filing decisions, volumes found again, archived cases opened again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.chassis.draft import Answer
from huiyin.chassis.mongo import Doc
from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.rulebook.archive import Material
from huiyin.chassis.sight import untouched_by
from huiyin.chassis.steps import Actor, Cause
from services.intake.domain import archiving, course
from services.intake.domain.archiving import OF_TYPE, Filing
from services.intake.domain.case import Case
from services.intake.domain.retention import add_years
from services.intake.store.orders import FILED_LAST_FIRST
from services.intake.use_cases.house import House


def volume_number(house: House, book: Rulebook) -> str:
    """The next volume number of the office's year; none where the office does not bind (S2-50, X-31)."""
    if not book.archive.bound:
        return ""
    year = house.now().astimezone(ZoneInfo(book.office.timezone)).year
    serial = house.series.next(f"{book.office.id}:volume:{year}")
    return f"{book.office.code}-JZ-{year}-{serial:06d}"


def decide(
    house: House, number: str, *, kept: bool, reason: str, materials: tuple[Material, ...], cause: Cause
) -> Answer:
    """Archive it, yes or no, with the reason; the reason is sealed (S0-38, S4-54)."""
    record = house.cases.whole(number, cause.who, [cause.id])
    earlier = house.cases.earlier_answer(record.handled, cause)
    if earlier is not None:
        return earlier
    case, now = record.state, house.now()
    book = house.base.rulebooks.version(case.rulebook)
    there = {row["type"] for row in house.journal.of(number)}
    sealed = house.base.sealer.seal(case.office, f"{case.accepted_at:%Y-%m}", reason)
    filing = Filing(kept=kept, by=cause.who.subject, at=now, reason=sealed, materials=materials)
    _check(book, case, filing, there)
    if kept:
        filing = replace(filing, volume=volume_number(house, book))

    def decided(case: Case) -> tuple[Case, list[Any]]:
        _check(book, case, filing, there)
        return replace(case, filings=(*case.filings, filing)), []

    return house.cases.take(number, cause, "file", decided, lambda case: told(house, case))


def reopen(house: House, number: str, reason: str, cause: Cause) -> Answer:
    """An archived case goes on under its number, in a new part of its volume (E-107)."""
    case, now = house.cases.whole(number, cause.who).state, house.now()
    sealed = house.base.sealer.seal(case.office, f"{case.accepted_at:%Y-%m}", reason)
    by = cause.who.subject
    return house.cases.take(
        number,
        cause,
        "reopen",
        lambda case: course.reopen_archived(case, sealed, by, now),
        lambda case: {"number": case.number, "round": case.reopened, "part": len(case.parts) + 1},
    )


def undecided(house: House, who: Actor, skip: int, limit: int) -> Mapping[str, Any]:
    """The concluded cases on whose filing nobody decided yet, the first concluded first (S4-54)."""
    query = {**untouched_by(who), "unfiled": True}
    order = (("concluded_at", 1), ("number", 1))
    found = house.cases.find(query, sort=order, skip=skip, limit=limit)
    now = house.now()
    rows = [_waiting(house, record.state, now) for record in found]
    return {"total": house.cases.collection.count_documents(query), "cases": rows}


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which volumes are looked for; nothing means all."""

    volume: str | None = None
    number: str | None = None
    year: int | None = None
    category: str | None = None

    def query(self, who: Actor, timezone: str) -> Doc:
        """The same by indexed scalars, what is walled off from somebody left out."""
        named = {"volume_number": self.volume, "number": self.number}
        found: Doc = {name: value for name, value in named.items() if value}
        if self.category:
            found["categories"] = {"$regex": f"^{self.category}(/|$)"}
        if self.year:
            found["filed_at"] = {"$gte": _begin(self.year, timezone), "$lt": _begin(self.year + 1, timezone)}
        return {**untouched_by(who), "filed": True, **found}


def search(house: House, sought: Sought, who: Actor, skip: int, limit: int) -> Mapping[str, Any]:
    """Archived volumes, for reference: by number, year of filing, category (S2-51)."""
    timezone = house.base.rulebooks.office(who.office).rulebook.office.timezone
    query = sought.query(who, timezone)
    found = house.cases.find(query, sort=FILED_LAST_FIRST, skip=skip, limit=limit)
    total = house.cases.collection.count_documents(query)
    return {"total": total, "volumes": [told(house, record.state) for record in found]}


def told(house: House, case: Case) -> Mapping[str, Any]:
    """How a case is filed: the decision, its volume and parts, and until when it is kept (E-127)."""
    book = house.base.rulebooks.version(case.rulebook)
    filing = case.filing
    return {
        "number": case.number,
        "rule": book.archive.rule,
        "kept": filing.kept if filing else None,
        "volume": filing.volume or None if filing else None,
        "materials": list(filing.materials) if filing else [],
        "decided_by": filing.by if filing else None,
        "decided_at": filing.at.isoformat() if filing else None,
        "decisions": len(case.filings),
        "categories": sorted({matter.category for matter in case.matters}),
        "concluded_at": case.concluded_at.isoformat() if case.concluded_at else None,
        "parts": [
            {"part": p.part, "rows": p.rows, "head": p.head, "sealed_at": p.sealed_at.isoformat()}
            for p in case.parts
        ],
        "keep_until": _keep_until(case, book),
        "destroyed_after": book.archive.destroy,
    }


def _check(book: Rulebook, case: Case, filing: Filing, types: set[str]) -> None:
    there = {OF_TYPE[name] for name in types if name in OF_TYPE} | materials_of(case)
    archiving.check(book, case.filing, filing, concluded=case.outcome is not None, there=there)


def materials_of(case: Case) -> set[Material]:
    """The materials that the case's files are; a recording is a telephone record (S4-54)."""
    found: set[Material] = set()
    for file in (file for file in case.files if not file.shut):
        if file.material:
            found.add(file.material)
        elif file.kind == "voice":
            found.add("telephone_records")
    return found


def _waiting(house: House, case: Case, now: datetime) -> Mapping[str, Any]:
    assert case.concluded_at is not None
    return {**told(house, case), "waits_days": (now - case.concluded_at).days}


def _keep_until(case: Case, book: Rulebook) -> str | None:
    """The last day of its retention; none where the office keeps without end (E-127)."""
    years = book.archive.retention_years
    if years is None or case.concluded_at is None:
        return None
    return add_years(case.concluded_at.astimezone(ZoneInfo(book.office.timezone)).date(), years).isoformat()


def _begin(year: int, timezone: str) -> datetime:
    first = date(year, 1, 1)
    return datetime(first.year, 1, 1, tzinfo=ZoneInfo(timezone)).astimezone(UTC)
