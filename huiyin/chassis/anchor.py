"""What must outlive the database: blocks of numbers, destroyed data keys, restricted views, audit heads.

Append-only files of JSON lines outside the database, one a process, so that several may write.
A line is on disk before what it tells of takes effect, and a restore reads them all: no number is
given twice, and nothing that was erased comes back. Lines name no person.
"""

import json
import os
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from huiyin.chassis.errors import Unavailable, WrongSetting

What = Literal[
    "numbers",
    "series",
    "key-destroyed",
    "view-restricted",
    "audit-head",
    "master-rotated",
    "keys-rewrapped",
]

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9.-]")


@dataclass(frozen=True)
class Line:
    """One line: when by the machine's clock, what, and the facts of it."""

    at: datetime
    what: What
    facts: Mapping[str, Any]


class Anchor:
    """Writes the lines of one process; without a folder (only locally) nothing is kept."""

    def __init__(self, folder: Path | None, process: str, now: Callable[[], datetime]) -> None:
        name = _UNSAFE.sub("-", f"{process}-{socket.gethostname()}")
        self._file = folder / f"{name}.jsonl" if folder else None
        self._now = now

    def write(self, what: What, **facts: Any) -> None:
        """Return when the line is on disk; Unavailable when it could not be put there."""
        if self._file is None:
            return
        line = {"at": self._now().isoformat(), "what": what, **facts}
        try:
            _append(self._file, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        except OSError as wrong:
            raise Unavailable(
                "库外凭据无法写入，暂不能办理；请管理员检查 HUIYIN_ANCHOR_DIR 所在磁盘。"
            ) from wrong


def read_anchor(folder: Path) -> list[Line]:
    """Every line of every process, by time; a line that was cut off was never relied on."""
    lines = [line for file in sorted(folder.glob("*.jsonl")) for line in _lines(file)]
    return sorted(lines, key=lambda line: line.at)


def _lines(file: Path) -> Iterator[Line]:
    for n, raw in enumerate(file.read_bytes().splitlines(), start=1):
        if not raw.endswith(b"}"):  # what a crash cut off; its writer got no further either
            continue
        try:
            line = json.loads(raw)
            at, what = datetime.fromisoformat(line.pop("at")), line.pop("what")
        except (ValueError, KeyError, TypeError) as wrong:
            raise WrongSetting(f"{file}, line {n}: not a line of an anchor ({wrong})") from wrong
        if what not in get_args(What):
            raise WrongSetting(f"{file}, line {n}: {what} is not known; use the newer version of huiyin")
        yield Line(at, what, line)


def _append(file: Path, line: bytes) -> None:
    new = not file.exists()
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        whole = b"\n" + line if _is_cut_off(descriptor) else line
        if os.write(descriptor, whole) != len(whole):
            raise OSError("the line was written in part")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if new:
        sync_folder(file.parent)


def _is_cut_off(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"


def sync_folder(folder: Path) -> None:
    """Have the folder's own entries on disk, so that a new file is found after a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
