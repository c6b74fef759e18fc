"""Seals the volumes whose every part was closed and whose every row is there."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from huiyin.chassis.draft import Draft, Record
from huiyin.chassis.mongo import STORE_AWAY, Doc
from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.steps import Cause, machine
from services.intake.domain import archiving, course, volume
from services.intake.domain.case import Case
from services.intake.domain.files import CaseFile
from services.intake.domain.volume import Part
from services.intake.use_cases import archive
from services.intake.use_cases.house import House

_log = logging.getLogger(__name__)

_SEALED_AT_ONCE: Final = 50
_SELF: Final = "service:intake"


def seal_volumes(house: House) -> None:
    """Seal the volumes that are complete; one that fails is told and does not stop the others."""
    for record in house.cases.find({"sealable": True}, limit=_SEALED_AT_ONCE):
        try:
            _seal_volume(house, record)
        except STORE_AWAY:
            raise
        except Exception:  # noqa: BLE001 - the other cases' volumes must be sealed all the same
            _log.exception("a volume could not be sealed", extra={"case": record.key})


def _seal_volume(house: House, record: Record[Case]) -> None:
    case, rows = record.state, house.journal.of(record.key)
    upto, now = course.next_part(case), house.now()
    if not course.is_quiet(case, now) or volume.missing(rows, case.parts, upto):
        return
    kept = _bind(house, case, rows, upto)
    book = house.base.rulebooks.version(case.rulebook)
    filed = archiving.by_rule(book, case.filing, _volume_number(house, book, case), _SELF, now)

    def decide(draft: Draft[Case]) -> Draft[Case]:
        if len(draft.state.parts) != len(case.parts):
            return draft
        part = Part(
            part=kept["part"],
            round=case.reopened,
            rows=len(kept["contents"]),
            head=kept["head"],
            upto=kept["upto"],
            files=volume.files_in(case.parts) + len(kept["files"]),
            said_as=draft.said + 1,
            sealed_at=now,
        )
        sealed, events = course.seal(draft.state, part, volume.beyond(rows, kept["upto"]))
        if filed is not None:
            sealed = replace(sealed, filings=(filed,))
        return draft.step((sealed, events), cause=_cause(record, part), what="seal", at=now)

    house.cases.follow(record, decide)


def _bind(house: House, case: Case, rows: Sequence[Doc], upto: Mapping[str, int]) -> Doc:
    """The next part with its contents list, and the files that were added since the part before."""
    chained, n = volume.chain(rows, case.parts, upto), len(case.parts) + 1
    files = [_file(file) for file in case.files[volume.files_in(case.parts) :]]
    bound = {"contents": list(chained.contents), "head": chained.head, "upto": dict(upto), "files": files}
    return house.volumes.bind(case.number, n, bound)


def _file(file: CaseFile) -> Doc:
    return {
        "id": file.id,
        "kind": file.kind,
        "material": file.material,
        "sha256": file.original.sha256,
        "added_at": file.added_at.isoformat(),
    }


def _volume_number(house: House, book: Rulebook, case: Case) -> str:
    """Where the sealing itself files the case, its volume's number (S2-50)."""
    by_itself = book.archive.rule == "all" and case.filing is None
    return archive.volume_number(house, book) if by_itself else ""


def _cause(record: Record[Case], part: Part) -> Cause:
    who = machine("intake", record.office)
    return Cause(id=f"seal:{record.key}:{part.part}", kind="clock", who=who, correlation=record.correlation)
