"""The toy's worker as a process: `python -m tests.chassis.toy_worker worker`; it is supervision's.

TOY_LIVES=25 makes the process live so many short lives before it lives on: in each it hears
one batch, saves it and dies before anything is acknowledged. A forked life spares the start.
"""

from huiyin.chassis import first

first.prepare()

import os  # noqa: E402
from collections.abc import Callable, Mapping  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from typing import Any  # noqa: E402

from huiyin.chassis import inbox  # noqa: E402
from huiyin.chassis.ear import Batch, Ear  # noqa: E402
from huiyin.chassis.observe import Metrics, ProbeServer, configure_logging  # noqa: E402
from huiyin.chassis.tide import Tides  # noqa: E402
from huiyin.chassis.worker import Hearer, run_worker  # noqa: E402
from tests.chassis.toy import toy_from_environment  # noqa: E402

DIED = 9


class DyingEar(Ear[Any]):
    """Saves, then dies before anything is acknowledged."""

    def hear(self, batch: Batch) -> None:
        super().hear(batch)
        os._exit(DIED)


class ToyWorker(Hearer):
    """Hears what supervision hears."""

    name = "supervision"


@dataclass(frozen=True)
class ToyHouse:
    """What the worker needs."""

    ear: Ear[Any]


def live(ear_class: type[Ear[Any]]) -> None:
    first.imported()
    house = ToyHouse(ear_class(toy_from_environment().digest, Tides()))
    run_worker(ToyWorker, amqp_url=os.environ["TOY_AMQP"], house=house, ready=probe)


def probe(checks: Mapping[str, Callable[[], str | None]]) -> None:
    ProbeServer(int(os.environ["TOY_PROBES"]), checks, Metrics("supervision")).start()


def die_often(lives: int) -> None:
    for _ in range(lives):
        child = os.fork()
        if not child:
            live(DyingEar)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == DIED, "it was to die between save and acknowledgement"


def main() -> None:
    configure_logging("supervision", "worker")
    inbox._HEARTBEAT_S = int(os.environ.get("TOY_HEARTBEAT", "20"))  # type: ignore[misc]
    die_often(int(os.environ.get("TOY_LIVES", "0")))
    live(Ear)


if __name__ == "__main__":
    main()
