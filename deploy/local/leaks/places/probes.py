"""What each of the fifteen processes tells those who watch it: `/metrics`, `/readyz`, `/healthz`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import httpx

from deploy.local.leaks.answers import whole
from deploy.local.leaks.controls import Controls
from deploy.local.leaks.places.folder import counted
from deploy.local.leaks.places.place import Mark, Piece, marks

_PAGES: Final = ("metrics", "readyz", "healthz")


class Probes:
    """The pages of every process, over HTTP.

    Numbers are shown from the files of all processes, so that what another one counts stands on every
    page of numbers. The other two pages say nothing that anybody sends; they are read in the same way.
    """

    name = "探针页 (metrics and readiness, by HTTP)"

    def __init__(self, processes: Mapping[str, str], counters: Path) -> None:
        self._processes, self._counters = processes, counters

    def plant(self, controls: Controls) -> set[Mark]:
        """A label, counted by a process of our own."""
        counted(self._counters, controls.words("plain"))
        return marks((f"GET {name} /metrics" for name in self._processes), ["plain"])

    def pieces(self) -> Iterator[Piece]:
        """Each page of each process."""
        with httpx.Client(timeout=60) as client:
            for name, url in self._processes.items():
                for page in _PAGES:
                    yield Piece(f"GET {name} /{page}", whole(client.get(f"{url}/{page}")))
