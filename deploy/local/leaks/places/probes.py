"""What each of the fifteen processes tells those who watch it: `/metrics`, `/readyz`, `/healthz`."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Final

import httpx

from deploy.local.leaks.answers import whole
from deploy.local.leaks.controls import Controls
from deploy.local.leaks.places.place import Mark, Piece
from huiyin.chassis.observe import Metrics, ProbeServer
from huiyin.chassis.trust import NO_CA

_PAGES: Final = ("metrics", "readyz", "healthz")


class Probes:
    """The pages of every process, over HTTP.

    Each shows its own numbers only, so the control stands on the same page of a process of our own.
    """

    name = "探针页 (metrics and readiness, by HTTP)"

    def __init__(self, processes: Mapping[str, str]) -> None:
        self._processes, self._control = processes, Metrics("leaks")

    def plant(self, controls: Controls) -> set[Mark]:
        """A label among the numbers of a process of our own."""
        self._control.refusals.labels(controls.words("plain")).inc()
        return {("GET leaks /metrics", "plain")}

    def pieces(self) -> Iterator[Piece]:
        """Each page of each process."""
        own = ProbeServer(0, {}, self._control)
        own.start()
        processes = {**self._processes, "leaks": f"http://127.0.0.1:{own.port}"}
        with ExitStack() as held:
            held.callback(own.stop)
            client = held.enter_context(httpx.Client(timeout=60, verify=NO_CA))
            for name, url in processes.items():
                for page in _PAGES:
                    yield Piece(f"GET {name} /{page}", whole(client.get(f"{url}/{page}")))
