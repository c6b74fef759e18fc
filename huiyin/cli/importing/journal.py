"""What an import did, beside its file, so that a resume is quick. The truth is the platform's."""

import json
import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

SUFFIX: Final = ".huiyin-import.jsonl"
_OWN: Final = 0o600  # query codes are in it


class Journal:
    """One JSON object a line: {line, key, number, query_code}. Threads may write at once."""

    def __init__(self, source: Path) -> None:
        self.path = source.with_name(source.name + SUFFIX)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        opened = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _OWN)
        self._file = os.fdopen(opened, "a", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def read(self) -> dict[str, str]:
        """Number by key of what was done before; a line cut off by a kill is left out."""
        if not self.path.exists():
            return {}
        lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        entries = (_entry(line) for line in lines)
        return {entry["key"]: entry["number"] for entry in entries if entry}

    def forget(self) -> None:
        """Begin anew: this journal speaks of another platform."""
        self.path.unlink()

    def write(self, line: int, key: str, receipt: dict[str, Any]) -> None:
        """Keep what was done, at once."""
        entry = {"line": line, "key": key, "number": receipt["number"], "query_code": receipt["query_code"]}
        with self._lock:
            # A kill may have cut the last line off: a line of its own is always readable.
            self._file.write("\n" + json.dumps(entry, ensure_ascii=False))
            self._file.flush()


def _entry(line: str) -> dict[str, str]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) and {"key", "number"} <= found.keys() else {}
