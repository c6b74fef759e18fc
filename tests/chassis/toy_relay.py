"""The toy's relay as a process: `python -m tests.chassis.toy_relay relay`; it is dispatch's.

TOY_DIE=after-publish kills the process between the confirms and the mark.
"""

import os
import threading
from collections.abc import Sequence

from huiyin.chassis.clocks import SystemMachineClock
from huiyin.chassis.observe import Metrics, ProbeServer, configure_logging
from huiyin.chassis.pipeline import Outgoing, Pipeline
from huiyin.chassis.process import stop_on_signal
from huiyin.chassis.relay_loop import Lease, RelayLoop
from tests.chassis.toy import relay_of, toy_from_environment


class DyingPipeline(Pipeline):
    """Publishes, then dies before anything is marked."""

    def publish(self, batch: Sequence[Outgoing]) -> set[str]:
        confirmed = super().publish(batch)
        if confirmed:
            os._exit(9)
        return confirmed


def main() -> None:
    configure_logging("dispatch", "relay")
    documents = toy_from_environment().documents
    made = DyingPipeline if os.environ.get("TOY_DIE") == "after-publish" else Pipeline
    woken = threading.Event()
    pipeline = made(os.environ["TOY_AMQP"], "dispatch", wake=woken.set)
    lease = Lease(documents.collection.database["leases"], "relay", SystemMachineClock().now)
    loop = RelayLoop(relay_of(documents, pipeline), pipeline, lease, woken, stop_on_signal(woken.set))
    probes = ProbeServer(int(os.environ["TOY_PROBES"]), {"relay": lambda: loop.problem}, Metrics("dispatch"))
    probes.start()
    loop.run()
    probes.stop()


if __name__ == "__main__":
    main()
