"""The toy's worker as a process: `python -m tests.chassis.toy_worker worker`.

TOY_DIE=after-save kills the process between the save and the acknowledgement.
"""

from huiyin.chassis.green import patch_worker

patch_worker()

import os  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from typing import Any  # noqa: E402

from huiyin.chassis.inbox import Batch  # noqa: E402
from huiyin.chassis.tide import Tides  # noqa: E402
from huiyin.chassis.worker import BaseWorker, Ear, run_worker  # noqa: E402
from tests.chassis.toy import toy_from_environment  # noqa: E402


class DyingEar(Ear[Any]):
    """Saves, then dies before anything is acknowledged."""

    def hear(self, batch: Batch) -> None:
        super().hear(batch)
        os._exit(9)


class ToyWorker(BaseWorker):
    """Hears what supervision hears."""

    name = "supervision"


@dataclass(frozen=True)
class ToyHouse:
    """What the worker needs."""

    ear: Ear[Any]


def main() -> None:
    ear_class = DyingEar if os.environ.get("TOY_DIE") == "after-save" else Ear
    ear = ear_class(toy_from_environment().digest, Tides())
    run_worker(ToyWorker, amqp_url=os.environ["TOY_AMQP"], house=ToyHouse(ear), ready=lambda _: None)


if __name__ == "__main__":
    main()
