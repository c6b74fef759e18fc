"""Revoked sessions: a list beside the keys that every process reads again when it changed.

One JSON line each, only ever appended: one token by its `jti`, or all that a subject was given
until a moment. A line says who revoked, when and why, so the list is its own record; lines of
tokens that have expired do no harm. In production the file lies where all services read it.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from huiyin.chassis.errors import SessionRevoked, Unavailable

#: The list's name in the folder of the keys.
REVOCATIONS: Final = "tokens.revoked.jsonl"


@dataclass(frozen=True, kw_only=True)
class Revocation:
    """One line: a token's id (`jti`), or a `subject` whose tokens until `at` hold no more."""

    at: datetime
    by: str
    why: str
    jti: str = ""
    subject: str = ""

    def told(self) -> dict[str, str]:
        """As it stands in the file."""
        named = {"jti": self.jti} if self.jti else {"subject": self.subject}
        return {"at": self.at.isoformat(), **named, "by": self.by, "why": self.why}


@dataclass(frozen=True)
class _Held:
    """The list as it was read: token ids, and until when the tokens of a subject are revoked."""

    stamp: tuple[int, int, int]
    ids: frozenset[str]
    until: Mapping[str, float]


class Revocations:
    """Refuses what stands on the list; while the list cannot be read, nobody is let in."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: _Held | None = None

    def check(self, claims: Mapping[str, Any]) -> None:
        """SessionRevoked for a token on the list; one that does not say since when it is counts as old."""
        held = self.load()
        until, issued = held.until.get(str(claims.get("sub"))), claims.get("iat")
        since = issued if isinstance(issued, int | float) else 0
        if str(claims.get("jti")) in held.ids or (until is not None and since <= until):
            raise SessionRevoked("this session was revoked; sign in again")

    def load(self) -> _Held:
        """The list as it is now; Unavailable when it cannot be read."""
        held = self._held
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
            if held is None or held.stamp != stamp:
                held = self._held = _hold(stamp, read_revocations(self._path))
        except (OSError, ValueError) as wrong:
            raise Unavailable(f"the list of revoked sessions, {self._path}, cannot be read") from wrong
        return held


def revoke(path: Path, revocation: Revocation) -> None:
    """Put a line on the list; it is on disk when this returns."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        os.write(descriptor, json.dumps(revocation.told(), ensure_ascii=False).encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_revocations(path: Path) -> list[Revocation]:
    """Every line, oldest first; ValueError when one is none."""
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [Revocation(**{**line, "at": datetime.fromisoformat(line["at"])}) for line in lines]
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"{path} is not a list of revocations") from wrong


def _hold(stamp: tuple[int, int, int], revoked: Sequence[Revocation]) -> _Held:
    until: dict[str, float] = {}
    for one in revoked:
        if one.subject:
            until[one.subject] = max(one.at.timestamp(), until.get(one.subject, 0.0))
    return _Held(stamp, frozenset(one.jti for one in revoked if one.jti), until)
