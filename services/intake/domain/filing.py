"""Taking files into a case and releasing copies of them: steps of the case like all others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bson import Binary

from huiyin.contracts.events import Event
from services.intake.domain.case import Case
from services.intake.domain.files import KINDS, MOST_FILES, Bytes, CaseFile, Release
from services.intake.errors import FileNotTaken, TooManyFiles

Outcome = tuple[Case, Sequence[Event]]


def add(case: Case, name: Binary, original: Bytes, by: str, at: datetime) -> Outcome:
    """One file more, under the next id (S3-25, S3-35)."""
    if len(case.files) >= MOST_FILES:
        raise TooManyFiles(f"每件诉求至多 {MOST_FILES} 个文件。")
    new = CaseFile(
        id=f"f{len(case.files) + 1}",
        kind=KINDS[original.media],
        name=name,
        original=original,
        added_by=by,
        added_at=at,
    )
    return replace(case, files=(*case.files, new)), []


def release(case: Case, file_id: str, copy: Bytes, by: str, at: datetime) -> Outcome:
    """The copy goes out from now on; a better one takes the place of an earlier one (E-79, S1-35)."""
    file = case.file(file_id)
    if KINDS[copy.media] not in {file.kind, "text"}:  # what was said may go out in writing
        raise FileNotTaken("副本须与原件同类，或为文字。", {"file": f"原件是 {file.kind}"})
    released = replace(file, release=Release(copy=copy, by=by, at=at))
    return replace(case, files=tuple(released if f.id == file_id else f for f in case.files)), []


def held(case: Case) -> set[str]:
    """The ids of all bytes that the case's files hold."""
    originals = {file.original.id for file in case.files}
    return originals | {file.release.copy.id for file in case.files if file.release}
