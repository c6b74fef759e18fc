"""Files of a case: kept sealed as they came; outside intake only a copy that a person released.

E-79, S1-35: identity in voice and pictures is removed before units see them. S3-25, S3-35: voice,
pictures and videos are taken and kept with the text. E-49: what is unreadable, infected or
illegal is kept shut.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from bson import Binary

from huiyin.chassis.rulebook.archive import Material

FileKind = Literal["picture", "text", "voice", "video", "unknown"]
ScanState = Literal["unscanned", "waiting", "clean", "infected"]
Doubt = Literal["not_taken", "unreadable", "infected", "unscanned", "illegal"]
QuarantineDecision = Literal["released", "rejected"]

#: What is taken, by what the bytes are; the name and the sender's word count for nothing.
KINDS: Final[dict[str, FileKind]] = {
    "image/jpeg": "picture",
    "image/png": "picture",
    "image/webp": "picture",
    "application/pdf": "text",
    "text/plain": "text",
    "audio/mpeg": "voice",
    "audio/amr": "voice",
    "audio/mp4": "voice",
    "audio/ogg": "voice",
    "audio/x-wav": "voice",
    "audio/aac": "voice",
    "video/mp4": "video",
    "video/quicktime": "video",
    "video/webm": "video",
}
#: What is of no kind that is taken, or is not what it begins as.
UNKNOWN: Final = "application/octet-stream"
LARGEST_BYTES: Final = 50 * 1024 * 1024
MOST_FILES: Final = 50


@dataclass(frozen=True, kw_only=True)
class Bytes:
    """Where a file's bytes lie: `key` is sealed, `sha256` is that of the file itself."""

    id: str
    media: str
    size: int
    sha256: str
    key: Binary


@dataclass(frozen=True, kw_only=True)
class Release:
    """The copy that may go out; a person released it and answers for it."""

    copy: Bytes
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What a scanner said; nothing is called clean that was not scanned. `waiting`: it gave no answer yet."""

    state: ScanState = "unscanned"
    signature: str = ""


@dataclass(frozen=True, kw_only=True)
class Quarantine:
    """Why a file is kept shut (E-49), and what a person decided of it; their words are sealed.

    `by` is empty where intake found it itself.
    """

    doubts: tuple[Doubt, ...]
    since: datetime
    by: str = ""
    note: Binary | None = None
    decision: QuarantineDecision | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: Binary | None = None


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """One file; its name may name a person, so it is sealed too.

    It is about one `matter`, or about the case as a whole (""): then only who sees every matter sees it.
    `material` tells what it is for the archive: papers of a meeting, a leader's instruction (S4-54).
    """

    id: str
    kind: FileKind
    matter: str
    material: Material | None = None
    name: Binary
    original: Bytes
    added_by: str
    added_at: datetime
    release: Release | None = None
    scan: Scan = field(default_factory=Scan)
    quarantine: Quarantine | None = None

    @property
    def shut(self) -> bool:
        """Whether it is in quarantine, or was rejected there."""
        return self.quarantine is not None and self.quarantine.decision != "released"

    @property
    def awaits_decision(self) -> bool:
        """Whether a person must decide."""
        return self.quarantine is not None and self.quarantine.decision is None
