"""Every other file of the platform's folder: logs, counters, anchors, keys, receipts, a backup."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from deploy.local.leaks.controls import TEXTUAL, WRAPPINGS, Controls
from deploy.local.leaks.places.place import Mark, Piece, marks

#: Another program with the platform's own metrics, which lie in the files of all processes.
_SCRATCH: Final = (
    "import sys; from huiyin.chassis.observe import Metrics;"
    " Metrics('leaks').refusals.labels(sys.argv[1]).inc()"
)


class Logs:
    """What every process of the platform wrote."""

    name = "日志 (logs of all processes)"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def plant(self, controls: Controls) -> set[Mark]:
        """A line in every log."""
        files = sorted(self._folder.iterdir())
        for file in files:
            with file.open("a", encoding="utf-8") as log:
                log.write(f"{controls.textual()}\n")
        return marks((file.name for file in files), TEXTUAL)

    def pieces(self) -> Iterator[Piece]:
        """Each file."""
        for file in sorted(self._folder.iterdir()):
            yield Piece(file.name, file.read_bytes())


class Counters:
    """The files in which all processes count, with every label they ever used."""

    name = "计数器文件 (counters of all processes)"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def plant(self, controls: Controls) -> set[Mark]:
        """A label, counted by a process of our own."""
        counted(self._folder, controls.words("plain"))
        return {("counters", "plain")}

    def pieces(self) -> Iterator[Piece]:
        """Each file."""
        for file in sorted(self._folder.iterdir()):
            yield Piece("counters", file.read_bytes())


def counted(folder: Path, label: str) -> None:
    """Count something under a label, as a process of its own among the platform's."""
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    subprocess.run([sys.executable, "-c", _SCRATCH, label], env=env, check=True)


class Rest:
    """Whatever else lies in the folder, as the run left it."""

    name = "其余文件 (every other file of the platform's folder)"

    def __init__(self, folder: Path, but: tuple[str, ...]) -> None:
        self._folder, self._but = folder, but

    def plant(self, controls: Controls) -> set[Mark]:
        """A file of each wrapping, in every folder."""
        folders = [path for path in self._folder.iterdir() if path.is_dir() and path.name not in self._but]
        for folder in folders:
            for way in WRAPPINGS:
                (folder / f"leaks {way}").write_bytes(controls.wrapped(way))
        return marks((folder.name for folder in folders), WRAPPINGS)

    def pieces(self) -> Iterator[Piece]:
        """Each file, by the first folder it lies in."""
        for file in sorted(path for path in self._folder.rglob("*") if path.is_file()):
            first = file.relative_to(self._folder).parts[0]
            if first not in self._but:
                yield Piece(first, file.read_bytes())
