"""Intake's own lines in the books: journal, volume, and the numbers that were leased."""

from collections.abc import Mapping, Sequence
from typing import Any

from huiyin.chassis.draft import Record
from huiyin.chassis.ledger import Facts, fingerprint
from huiyin.chassis.mongo import Doc
from services.intake.domain import volume
from services.intake.domain.case import Case
from services.intake.use_cases.house import House


def facts(house: House) -> Facts[Case]:
    """The lines of a page of cases: one read of the journal and one of the volumes for all."""

    def of(records: Sequence[Record[Case]]) -> list[Mapping[str, Any]]:
        numbers = [record.key for record in records]
        rows, parts = house.journal.of_cases(numbers), house.volumes.of_cases(numbers)
        return [_facts(record.state, rows[record.key], parts[record.key]) for record in records]

    return of


def leased(house: House, after: str, limit: int) -> list[Doc]:
    """How many serials each office has leased, a day a row, by the row's id."""
    return house.numbers.leased(after, limit)


def _facts(case: Case, rows: list[Doc], parts: list[Doc]) -> Mapping[str, Any]:
    return {
        "stage": case.stage.name,
        "accepted_at": case.accepted_at.isoformat(),
        "journal": [
            {
                "id": row["_id"],
                "source": row["source"],
                "sequence": row["sequence"],
                "digest": fingerprint(row),
            }
            for row in rows
        ],
        "volume": _volume(case, rows, parts),
    }


def _volume(case: Case, rows: list[Doc], parts: list[Doc]) -> Mapping[str, Any] | None:
    if case.volume_head is None:
        return None
    return {
        "head": case.volume_head,
        "heads": [part.head for part in case.parts],
        "parts": len(parts),
        "intact": volume.holds(rows, case.parts, parts),
    }
