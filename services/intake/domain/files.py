"""Files of a case: kept sealed as they came; outside intake only a copy that a person released.

E-79, S1-35: identity in voice and pictures is removed before units see them. S3-25, S3-35: voice,
pictures and videos are taken and kept with the text.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from bson import Binary

FileKind = Literal["picture", "text", "voice", "video"]

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
class CaseFile:
    """One file; its name may name a person, so it is sealed too."""

    id: str
    kind: FileKind
    name: Binary
    original: Bytes
    added_by: str
    added_at: datetime
    release: Release | None = None
