"""Files of a case: taken in, opened, released as copies, swept when no case came to hold them."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from huiyin.chassis.draft import Answer, Record
from huiyin.chassis.rulebook.archive import Material
from huiyin.chassis.steps import Actor, Cause
from services.intake.domain import contents, filing, pictures
from services.intake.domain.case import Case
from services.intake.domain.files import KINDS, UNKNOWN, Bytes, CaseFile
from services.intake.errors import FileNotTaken, NoSuchFile
from services.intake.use_cases import quarantine
from services.intake.use_cases.house import House
from services.intake.use_cases.quarantine import read
from services.intake.use_cases.sharing import share

Pieces = Iterator[bytes]
#: The request's cause, once it is known what was sent.
CauseOf = Callable[[bytes], Cause]


@dataclass(frozen=True, kw_only=True)
class About:
    """The one matter a file is about, or "" for the case as a whole; and what it is for the archive."""

    matter: str = ""
    material: Material | None = None


@dataclass(frozen=True)
class Opened:
    """A file on its way out; `name` is that its sender gave it, or one that tells nothing."""

    name: str
    media: str
    size: int
    pieces: Pieces


def add(house: House, number: str, about: About, sent_name: str, sent: Pieces, cause_of: CauseOf) -> Answer:
    """Keep a file sealed: first the bytes, then the case's step; a repeated request adds nothing."""
    cause = cause_of(b"")
    record = house.cases.whole(number, cause.who, [cause.id])
    examined = contents.Examined(sent)
    if cause.id in record.handled:
        return _again(house, record, examined.pieces, lambda sha256: cause_of(_asked(about, sha256)))
    original = _put(house, record.state, UNKNOWN, examined.pieces)
    original = replace(original, media=examined.media)
    name = house.base.sealer.seal(record.office, _month(record.state), sent_name)
    scan = quarantine.scan(house, original)
    doubts = quarantine.doubts(house, original, examined.doubt, scan)
    looked = filing.Looked(scan=scan, doubts=doubts, material=about.material)
    by, at = cause.who.subject, house.now()
    return house.cases.take(
        record.key,
        cause_of(_asked(about, original.sha256.encode())),
        "add-file",
        lambda case: filing.add(case, about.matter, name, original, by, at, looked),
        lambda case: told(case.files[-1]),
    )


def release(house: House, number: str, file_id: str, copied: Pieces, cause_of: CauseOf) -> Answer:
    """Release a copy that a person made; a picture loses what its camera wrote into it all the same."""
    cause = cause_of(b"")
    record = house.cases.whole(number, cause.who, [cause.id])
    filing.open_file(record.state, file_id)
    media, pieces = contents.recognised(copied)
    sent = _Hashed(pieces)
    if cause.id in record.handled:
        return _again(house, record, pieces, cause_of)
    if KINDS[media] == "picture":
        media, picture = pictures.stripped(b"".join(sent))
        copy = _put(house, record.state, media, iter([picture]))
    else:
        copy = _put(house, record.state, media, iter(sent))
    quarantine.require_clean(house, copy)
    return _release(house, record, file_id, copy, cause_of(sent.sha256))


def release_stripped(house: House, number: str, file_id: str, cause: Cause) -> Answer:
    """Release a picture as it is, without what its camera wrote into it; a person has looked at it."""
    record = house.cases.whole(number, cause.who, [cause.id])
    earlier = house.cases.earlier_answer(record.handled, cause)
    if earlier is not None:
        return earlier
    file = filing.open_file(record.state, file_id)
    if file.kind != "picture":
        raise FileNotTaken("只有图片可以这样放行；其他文件请上传处理过的副本。", {"file": file.kind})
    record.state.require_open()
    media, picture = pictures.stripped(b"".join(read(house, file.original)))
    copy = _put(house, record.state, media, iter([picture]))
    return _release(house, record, file_id, copy, cause)


def open_original(house: House, number: str, file_id: str, who: Actor) -> Opened:
    """A file as it came; an audit row is written before its first byte leaves."""
    case = house.cases.whole(number, who).state
    file = filing.open_file(case, file_id)
    case.require_open()
    pieces = read(house, file.original)
    name = house.base.sealer.open(file.name)
    house.base.audit.record("file.opened", who, case.number, house.now(), {"file": file_id})
    return Opened(name or file_id, file.original.media, file.original.size, pieces)


def open_copy(house: House, number: str, file_id: str, who: Actor) -> Opened:
    """The released copy, for the office's people and for a unit with an order of what it is about."""
    case = house.cases.seen(number, who).state
    if who.role == "unit":
        case = share(house, case, who)
    release = next((f.release for f in case.files if f.id == file_id and not f.shut), None)
    if release is None:
        raise NoSuchFile(f"文件 {file_id} 没有可供查看的副本。")
    pieces = read(house, release.copy)
    house.base.audit.record("file.copy.opened", who, case.number, house.now(), {"file": file_id})
    return Opened(file_id, release.copy.media, release.copy.size, pieces)


def sweep(house: House) -> None:
    """Delete bytes that no case came to hold, or holds no more."""

    def holds(number: str, stored: str) -> bool:
        record = house.cases.look(number)
        return record is not None and stored in filing.held(record.state)

    house.files.sweep(holds)


def copied(house: House, case: Case, to: Case) -> tuple[CaseFile, ...]:
    """A case's files for the case it goes on as: sealed under its key, none released yet (E-123)."""
    return tuple(_copied(house, file, to) for file in case.files)


def _copied(house: House, file: CaseFile, to: Case) -> CaseFile:
    original = _put(house, to, file.original.media, read(house, file.original))
    name = house.base.sealer.seal(to.office, _month(to), house.base.sealer.open(file.name))
    return replace(file, name=name, original=original, release=None)


def told(file: CaseFile) -> Mapping[str, Any]:
    """A file as intake's people see it in the case: no name, which may name a person."""
    return {
        "id": file.id,
        "kind": file.kind,
        "matter": file.matter or None,
        "material": file.material,
        **_measures(file.original),
        "added_at": file.added_at.isoformat(),
        "scan": file.scan.state,
        "quarantine": quarantine.told(file),
        "released": file.release is not None,
        "copy": _copy(file),
    }


def told_to_unit(case: Case) -> list[Mapping[str, Any]]:
    """Of the case's files those of which a copy was released, and of them the copy alone."""
    return [{"id": f.id, "kind": f.kind, "copy": _copy(f)} for f in case.files if f.release and not f.shut]


def _copy(file: CaseFile) -> Mapping[str, Any] | None:
    if file.release is None:
        return None
    return {**_measures(file.release.copy), "released_at": file.release.at.isoformat()}


def _measures(kept: Bytes) -> Mapping[str, Any]:
    return {"media": kept.media, "size": kept.size, "sha256": kept.sha256}


def _asked(about: About, sha256: bytes) -> bytes:
    """What makes the request what it is: another file or another matter under its key is refused."""
    return b"\x1f".join((about.matter.encode(), (about.material or "").encode(), sha256))


def _again(house: House, record: Record[Case], pieces: Pieces, cause_of: CauseOf) -> Answer:
    """What the request was answered; refused when something else was sent under its key."""
    sent = _Hashed(pieces)
    for _ in sent:
        pass
    earlier = house.cases.earlier_answer(record.handled, cause_of(sent.sha256))
    assert earlier is not None
    return earlier


def _release(house: House, record: Record[Case], file_id: str, copy: Bytes, cause: Cause) -> Answer:
    before = record.state.file(file_id).release
    if before is not None:
        house.files.let_go(before.copy.id, record.key)
    by, at = cause.who.subject, house.now()
    return house.cases.take(
        record.key,
        cause,
        "release-file",
        lambda case: filing.release(case, file_id, copy, by, at),
        lambda case: told(case.file(file_id)),
    )


def _put(house: House, case: Case, media: str, pieces: Pieces) -> Bytes:
    stored = house.files.put(case.office, _month(case), case.number, pieces)
    return Bytes(id=stored.id, media=media, size=stored.size, sha256=stored.sha256, key=stored.key)


def _month(case: Case) -> str:
    """Files go when the case goes: their keys are sealed under the key of the month it came in."""
    return f"{case.accepted_at:%Y-%m}"


class _Hashed:
    """Pieces that are hashed as they are read."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._digest = hashlib.sha256()

    def __iter__(self) -> Pieces:
        for piece in self._pieces:
            self._digest.update(piece)
            yield piece

    @property
    def sha256(self) -> bytes:
        """Of what was read, in hex."""
        return self._digest.hexdigest().encode()
