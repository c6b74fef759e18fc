"""What the command `huiyin` prints and writes: lists, cases, the proof of the books, a backup."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from deploy.local.errors import LocalStackError
from deploy.local.leaks.controls import WRAPPINGS, Controls
from deploy.local.leaks.places.place import Mark, Piece, marks
from deploy.local.leaks.places.store import Collections
from deploy.local.platform import OFFICES

_AT_ONCE: Final = 4
#: What a command ends with that did what it was asked, and found something wrong.
_FOUND_WRONG: Final = 1


class Commands:
    """What each command says, on both its ways out; an unknown number is told as it was given."""

    name = "命令行 (what commands print)"

    def __init__(self, folder: Path, offices: Sequence[str], number: str) -> None:
        self._folder, self._offices, self._number = folder, offices, number
        self._control = ""

    def plant(self, controls: Controls) -> set[Mark]:
        """A number, a service and an office that are somebody's, which the refusals repeat."""
        self._control = controls.words("plain")
        return marks(["case show", "audit search", "cases"], ["plain"])

    def pieces(self) -> Iterator[Piece]:
        """Each command's output."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            yield from pool.map(self._said, self._words())

    def _words(self) -> Iterator[tuple[str, ...]]:
        local = ("--local", str(self._folder))
        offices = ("--offices", str(OFFICES))
        for office in (self._control, *self._offices):
            yield ("cases", "--json", "--office", office, *local)
        yield ("audit", "search", "--json", "--limit", "200", "--office", self._offices[0], *local)
        yield ("audit", "search", "--service", self._control, *local)
        for number in (self._control, self._number):
            yield ("case", "show", number, "--json", *local, *offices)
        yield ("check", "--json", "--quiet", "0", *local)

    def _said(self, words: tuple[str, ...]) -> Piece:
        run = [sys.executable, "-m", "huiyin.cli.main", *words]
        done = subprocess.run(run, capture_output=True, check=False)
        name = " ".join(words[:2]) if words[0] in ("case", "audit") else words[0]
        if done.returncode > _FOUND_WRONG and self._control not in words:
            raise LocalStackError(f"nothing was printed by {name}: {done.stderr.decode()[-500:]}")
        return Piece(name, done.stdout + done.stderr)


class Backup:
    """The files of a backup and of its keys, taken with controls in every collection."""

    name = "备份 (the files of a backup)"

    def __init__(self, folder: Path, collections: Collections) -> None:
        self._folder, self._collections = folder, collections

    def plant(self, controls: Controls) -> set[Mark]:
        """What stands in the collections is in the backup, too."""
        self._collections.plant(controls)
        return marks(["backup"], WRAPPINGS)

    def pieces(self) -> Iterator[Piece]:
        """Each file."""
        to, keys = self._folder / "backup", self._folder / "backup-keys"
        words = ("backup", str(to), "--keys", str(keys), "--local", str(self._folder))
        run = [sys.executable, "-m", "huiyin.cli.main", *words]
        done = subprocess.run(run, capture_output=True, check=False)
        if done.returncode:
            raise LocalStackError(f"no backup: {done.stderr.decode()[-500:]}")
        for folder in (to, keys):
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                yield Piece("backup", file.read_bytes())
