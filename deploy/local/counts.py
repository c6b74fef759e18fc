"""How many events are on their way, by the counters that every process keeps in a file.

prometheus_client lays the counters of a process into a file that others may look into; a look takes
microseconds here and nothing at all there.
"""

import json
import mmap
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prometheus_client.mmap_dict import MmapedDict

from huiyin.contracts.hearers import ROUTES

_SAID: Final = "huiyin_events_said_total"
_PUBLISHED: Final = "huiyin_events_published_total"
_HANDLED: Final = "huiyin_events_handled_total"
_LAID_BY: Final = frozenset({"huiyin_events_waiting_total", "huiyin_events_parked_total"})
_USED: Final = struct.Struct("i")
_VALUE: Final = struct.Struct("d")


@dataclass(frozen=True)
class Balance:
    """Events saved and published, and copies of these: given to their hearers' queues, handled, laid by."""

    said: float
    published: float
    given: float
    handled: float
    laid_by: float

    @property
    def even(self) -> bool:
        """Whether nothing is in a queue or in hand."""
        return self.given == self.handled + self.laid_by

    @property
    def unsent(self) -> bool:
        """Whether something saved is still to be published; who was killed may not have counted."""
        return self.said > self.published


class Counts:
    """All processes' files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, _File] = {}

    def balance(self) -> Balance:
        """The sums now."""
        self._find()
        said = published = given = handled = laid_by = 0.0
        for file in self._files.values():
            file.learn()
            events = [(file.value(at), hearers) for at, hearers in file.published]
            published += sum(count for count, _ in events)
            given += sum(count * hearers for count, hearers in events)
            said += sum(map(file.value, file.said))
            handled += sum(map(file.value, file.handled))
            laid_by += sum(map(file.value, file.laid_by))
        return Balance(said, published, given, handled, laid_by)

    def _find(self) -> None:
        """A process makes its file when it first counts; until it is laid out nothing was counted."""
        for name in os.listdir(self._folder):
            if name not in self._files and name.startswith("counter_"):
                self._add(name)

    def _add(self, name: str) -> None:
        path = self._folder / name
        if path.stat().st_size:
            self._files[name] = _File(path)


class _File:
    """One process's counters: where each lies is learnt once, and again when there are new ones."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._used = 0
        self.said: list[int] = []
        self.published: list[tuple[int, int]] = []
        self.handled: list[int] = []
        self.laid_by: list[int] = []

    def learn(self) -> None:
        """Find the counters that were added since."""
        used = _USED.unpack_from(self._map)[0]
        if used == self._used:
            return
        found = list(self._named())
        self.said = [at for at, name, _ in found if name == _SAID]
        self.published = [(at, _copies(event)) for at, name, event in found if name == _PUBLISHED]
        self.handled = [at for at, name, _ in found if name == _HANDLED]
        self.laid_by = [at for at, name, _ in found if name in _LAID_BY]
        self._used = used

    def value(self, at: int) -> float:
        """A counter's value."""
        value: float = _VALUE.unpack_from(self._map, at)[0]
        return value

    def _named(self) -> Iterator[tuple[int, str, str]]:
        values = MmapedDict.read_all_values_from_file(str(self._path))  # type: ignore[no-untyped-call]
        for key, _, _, at in values:
            _, name, labels, _ = json.loads(key)
            yield at, name, labels.get("type", "")


def _copies(event: str) -> int:
    route = ROUTES[event]
    return len(route.hearers) + len(route.followers)
