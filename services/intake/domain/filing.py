"""Taking files into a case and releasing copies of them: steps of the case like all others."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bson import Binary

from huiyin.chassis.rulebook.archive import Material
from huiyin.contracts.events import Event
from services.intake.domain import course
from services.intake.domain.case import Case
from services.intake.domain.files import (
    KINDS,
    MOST_FILES,
    Bytes,
    CaseFile,
    Doubt,
    Quarantine,
    QuarantineDecision,
    Release,
    Scan,
)
from services.intake.errors import FileNotTaken, NotQuarantined, Quarantined, TooManyFiles

Outcome = tuple[Case, Sequence[Event]]


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was found when the file was looked at; its doubts put it into quarantine (E-49)."""

    scan: Scan = field(default_factory=Scan)
    doubts: tuple[Doubt, ...] = ()
    material: Material | None = None


def add(
    case: Case,
    matter: str,
    name: Binary,
    original: Bytes,
    by: str,
    at: datetime,
    looked: Looked | None = None,
) -> Outcome:
    """One file more, under the next id (S3-25, S3-35); of one `matter`, or of the case as a whole ("")."""
    looked = looked or Looked()
    if matter:
        case.matter(matter)
    if len(case.files) >= MOST_FILES:
        raise TooManyFiles(f"每件诉求至多 {MOST_FILES} 个文件。")
    new = CaseFile(
        id=f"f{len(case.files) + 1}",
        kind=KINDS.get(original.media, "unknown"),
        matter=matter,
        material=looked.material,
        name=name,
        original=original,
        added_by=by,
        added_at=at,
        scan=looked.scan,
        quarantine=Quarantine(doubts=looked.doubts, since=at) if looked.doubts else None,
    )
    return course.note_late_file(replace(case, files=(*case.files, new)), at), []


def release(case: Case, file_id: str, copy: Bytes, by: str, at: datetime) -> Outcome:
    """The copy goes out from now on; a better one takes the place of an earlier one (E-79, S1-35)."""
    file = open_file(case, file_id)
    if KINDS[copy.media] not in {file.kind, "text"}:  # what was said may go out in writing
        raise FileNotTaken("副本须与原件同类，或为文字。", {"file": f"原件是 {file.kind}"})
    released = replace(file, release=Release(copy=copy, by=by, at=at))
    return _with(case, released), []


def open_file(case: Case, file_id: str) -> CaseFile:
    """The file, unless it is shut in quarantine (E-49)."""
    file = case.file(file_id)
    if file.shut:
        raise Quarantined(f"文件 {file_id} 在隔离中；档案员或身份保管员可凭理由打开。")
    return file


def scanned(case: Case, file_id: str, scan: Scan) -> Outcome:
    """The scanner's late word on what waited: clean lets it out, unless there is another doubt (E-49)."""
    file = case.file(file_id)
    if file.scan.state != "waiting" or file.quarantine is None:
        return case, []
    others = tuple(doubt for doubt in file.quarantine.doubts if doubt != "unscanned")
    doubts: tuple[Doubt, ...] = (*others, "infected") if scan.state == "infected" else others
    held = replace(file.quarantine, doubts=doubts) if doubts or file.quarantine.decision else None
    return _with(case, replace(file, scan=scan, quarantine=held)), []


def quarantine(case: Case, file_id: str, note: Binary, by: str, at: datetime) -> Outcome:
    """A person found the file illegal, or not to be looked at: it is shut for all (E-49)."""
    file = open_file(case, file_id)
    shut = Quarantine(doubts=("illegal",), since=at, by=by, note=note)
    return _with(case, replace(file, quarantine=shut)), []


def decide(
    case: Case, file_id: str, decision: QuarantineDecision, reason: Binary, by: str, at: datetime
) -> Outcome:
    """A person lets a file out of quarantine, or keeps it shut for good; its bytes stay sealed (E-49)."""
    file = case.file(file_id)
    if file.quarantine is None or file.quarantine.decision is not None:
        raise NotQuarantined(f"文件 {file_id} 没有待处理的隔离。")
    decided = replace(file.quarantine, decision=decision, reason=reason, decided_by=by, decided_at=at)
    return _with(case, replace(file, quarantine=decided)), []


def _with(case: Case, changed: CaseFile) -> Case:
    return replace(case, files=tuple(changed if f.id == changed.id else f for f in case.files))


def held(case: Case) -> set[str]:
    """The ids of all bytes that the case's files hold."""
    originals = {file.original.id for file in case.files}
    return originals | {file.release.copy.id for file in case.files if file.release}
