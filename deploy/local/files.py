"""Files that only their owner may read, written whole or not at all."""

import json
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import psutil

from deploy.local.errors import LocalStackError

GIB: Final = 1024**3
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # nosec B108 - tempfile makes what is in it
#: All tests together come to 1.1 GiB at most; the longest replay, with its logs, to more.
_PLENTY: Final = 8 * GIB


def private_folder(path: Path) -> Path:
    """Make the folder if it is missing; what is new is open to its owner only."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def write_private(path: Path, content: bytes) -> None:
    """Replace the file in one step, so that a crash leaves the old or the new one."""
    draft = _draft(path, content)
    draft.replace(path)


def create_private(path: Path, content: bytes) -> bytes:
    """Write the file unless it exists; answer what it then holds, whoever wrote it."""
    if not path.exists():
        draft = _draft(path, content)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first, and its content is in use already
        finally:
            draft.unlink()
    return path.read_bytes()


def read_json(path: Path) -> dict[str, Any]:
    """The object in the file, or an empty one when there is no file."""
    if not path.exists():
        return {}
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def write_json(path: Path, content: object) -> None:
    """Write an object as private, readable JSON."""
    write_private(path, json.dumps(content, indent=2, sort_keys=True).encode() + b"\n")


def passing() -> Path:
    """Where folders are made that nobody keeps: in memory where that has plenty of room, else on the disk.

    A store waits for the disk at each of its writes, also where all of it is thrown away in the end. What
    is lost with a process, or kept, is the same in both.
    """
    if not _IN_MEMORY.is_dir():
        return Path(tempfile.gettempdir())
    free = min(shutil.disk_usage(_IN_MEMORY).free, psutil.virtual_memory().available)
    return _IN_MEMORY if free >= _PLENTY else Path(tempfile.gettempdir())


def refuse_full_disk(folder: Path, least_free: int) -> None:
    """Refuse before anything is started, as both servers stop in odd ways on a full disk."""
    free = shutil.disk_usage(folder).free
    if free < least_free:
        raise LocalStackError(
            f"only {free / GIB:.1f} GiB are free where {folder} is, and the servers need"
            f" {least_free / GIB:.1f} GiB: free some space or choose another folder"
        )


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft
