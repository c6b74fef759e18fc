"""The offices whose units and people may change while a process runs: read again when a file was replaced."""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.rulebook.load import OfficeFolder, load_directory, load_offices

_log: Final = logging.getLogger("huiyin.directory")
_FILES: Final = ("units.yaml", "people.yaml")

Stamp = tuple[tuple[int, int, int], ...]


class LivingOffices(Mapping[str, OfficeFolder]):
    """Every office under a folder, with today's directory; rulebooks and templates as at the start.

    A changed directory that is wrong or half written is told in the log once, and the last good one holds.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        folders = [folder for folder in path.iterdir() if folder.is_dir()]
        self._files = {folder.name: tuple(str(folder / name) for name in _FILES) for folder in folders}
        stamps = {name: _stamp(files) for name, files in self._files.items()}
        self._held = {name: (stamps[name], office) for name, office in load_offices(path).items()}

    def __getitem__(self, name: str) -> OfficeFolder:
        stamp, held = self._held[name]
        now = _stamp(self._files[name])
        if now == stamp:
            return held
        fresh = self._read(name, held)
        self._held[name] = (now, fresh)
        return fresh

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def _read(self, name: str, held: OfficeFolder) -> OfficeFolder:
        try:
            units, people = load_directory(self._path / name, held.rulebook)
        except WrongSetting as wrong:
            _log.error("the changed directory is wrong; the last good one holds: %s", wrong)
            return held
        _log.info("the directory was read again", extra={"office": name})
        return replace(held, units=units, people=people)


def _stamp(files: Sequence[str]) -> Stamp:
    """What changes when a file is written or replaced; nothing while one is away."""
    try:
        stats = [os.stat(file) for file in files]  # asked for with every message
    except OSError:
        return ()
    return tuple((stat.st_mtime_ns, stat.st_ino, stat.st_size) for stat in stats)
