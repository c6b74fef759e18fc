"""Quarantine: what is unreadable, infected or illegal is kept shut, the case stands all the same (E-49)."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from huiyin.chassis.draft import Answer
from huiyin.chassis.sealed_files import StoredFile
from huiyin.chassis.sight import seen_by
from huiyin.chassis.steps import Actor, Cause, machine
from services.intake.domain import filing, pictures
from services.intake.domain.files import (
    KINDS,
    UNKNOWN,
    Bytes,
    CaseFile,
    Doubt,
    QuarantineDecision,
    Scan,
)
from services.intake.domain.redaction import redact
from services.intake.errors import FileNotTaken, NotQuarantined, ScannerAway
from services.intake.store.orders import OLDEST_FIRST
from services.intake.use_cases.house import House

_log = logging.getLogger(__name__)

_SCANNED_AT_ONCE: Final = 20


@dataclass(frozen=True)
class Shut:
    """The bytes of a file in quarantine, on their way to who keeps it."""

    name: str
    media: str
    size: int
    pieces: Iterator[bytes]


def scan(house: House, original: Bytes) -> Scan:
    """What the scanner says now; without one nothing is called clean, with one away the file waits."""
    if house.scanner is None:
        return Scan(state="unscanned")
    try:
        return house.scanner.scan(read(house, original))
    except ScannerAway:
        _log.warning("a file waits in quarantine: the scanner gave no answer")
        return Scan(state="waiting")


def require_clean(house: House, copy: Bytes) -> None:
    """No copy goes out that is infected, or that the scanner gave no answer on."""
    found = scan(house, copy)
    if found.state in ("infected", "waiting"):
        why = f"含病毒 {found.signature}" if found.state == "infected" else "病毒扫描暂时无应答，请稍后再试"
        raise FileNotTaken("这份副本不能放行。", {"file": why})


def doubts(house: House, original: Bytes, found: Doubt | None, scanned: Scan) -> tuple[Doubt, ...]:
    """Every reason to shut the file: what its bytes are, what a look at a picture shows, what was scanned."""
    all_found: list[Doubt] = [found] if found else []
    broken = KINDS.get(original.media) == "picture" and not pictures.readable(b"".join(read(house, original)))
    if broken:
        all_found.append("unreadable")
    if scanned.state in ("infected", "waiting"):
        all_found.append("infected" if scanned.state == "infected" else "unscanned")
    return tuple(all_found)


def scan_waiting(house: House) -> None:
    """Scan what waited for the scanner; what still gets no answer waits on."""
    if house.scanner is None:
        return
    for record in house.cases.find({"scan_waits": True}, limit=_SCANNED_AT_ONCE):
        for file in record.state.files:
            if file.scan.state == "waiting" and not _scan_again(house, record.key, file, record.correlation):
                return


def _scan_again(house: House, number: str, file: CaseFile, correlation: str) -> bool:
    """Whether the scanner answered."""
    said = scan(house, file.original)
    if said.state == "waiting":
        return False
    who = machine("intake", house.cases.get(number).office)
    cause = Cause(id=f"scan:{number}:{file.id}", kind="clock", who=who, correlation=correlation)
    house.cases.take(number, cause, "scan-file", lambda case: filing.scanned(case, file.id, said))
    return True


def put(house: House, number: str, file: str, note: str, cause: Cause) -> Answer:
    """A person shuts a file away."""
    sealed, at = _sealed(house, number, note, cause), house.now()
    return house.cases.take(
        number,
        cause,
        "quarantine-file",
        lambda case: filing.quarantine(case, file, sealed, cause.who.subject, at),
        lambda case: row(case.number, case.file(file)),
    )


def decide(
    house: House, number: str, file: str, decision: QuarantineDecision, reason: str, cause: Cause
) -> Answer:
    """A person lets it out or rejects it."""
    sealed, at = _sealed(house, number, reason, cause), house.now()
    return house.cases.take(
        number,
        cause,
        "decide-quarantine",
        lambda case: filing.decide(case, file, decision, sealed, cause.who.subject, at),
        lambda case: row(case.number, case.file(file)),
    )


def open_shut(house: House, number: str, file_id: str, reason: str, who: Actor) -> Shut:
    """The bytes as they came, for who keeps them, with a reason on record; as bytes, whatever they are."""
    case = house.cases.whole(number, who).state
    file = case.file(file_id)
    if not file.shut:
        raise NotQuarantined(f"文件 {file_id} 不在隔离中，请直接调阅。")
    case.require_open()
    pieces = read(house, file.original)
    given = [value for party in case.parties for value in house.base.sealer.open(party.identity).values()]
    detail = {"file": file_id, "reason": redact(reason.strip(), given)}
    house.base.audit.record("quarantine.opened", who, case.number, house.now(), detail)
    return Shut(f"{file_id}.quarantined", UNKNOWN, file.original.size, pieces)


def listed(house: House, who: Actor, skip: int, limit: int) -> Mapping[str, Any]:
    """The files on which a person must decide, the oldest case first."""
    query = {**seen_by(who), "quarantined": True}
    found = house.cases.page(query, who, skip, limit, OLDEST_FIRST)
    files = [row(case.number, file) for case in found for file in case.files if file.awaits_decision]
    return {"cases": house.cases.collection.count_documents(query), "files": files}


def row(number: str, file: CaseFile) -> Mapping[str, Any]:
    """A file in quarantine: nothing of its content but the hash."""
    return {
        "number": number,
        "file": file.id,
        "kind": file.kind,
        "matter": file.matter or None,
        "size": file.original.size,
        "sha256": file.original.sha256,
        "added_at": file.added_at.isoformat(),
        "scan": file.scan.state,
        "signature": file.scan.signature or None,
        "quarantine": told(file),
    }


def told(file: CaseFile) -> Mapping[str, Any] | None:
    """Why a file is shut, since when, and what was decided."""
    if file.quarantine is None:
        return None
    return {
        "doubts": list(file.quarantine.doubts),
        "since": file.quarantine.since.isoformat(),
        "decision": file.quarantine.decision,
    }


def read(house: House, kept: Bytes) -> Iterator[bytes]:
    """The bytes of a file, opened piece by piece."""
    return house.files.open(StoredFile(id=kept.id, size=kept.size, sha256=kept.sha256, key=kept.key))


def _sealed(house: House, number: str, words: str, cause: Cause) -> Any:
    case = house.cases.whole(number, cause.who).state
    return house.base.sealer.seal(case.office, f"{case.accepted_at:%Y-%m}", words)
