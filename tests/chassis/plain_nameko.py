"""A nameko service that knows nothing of our chassis: it uses nameko's own event handler."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import os  # noqa: E402
from typing import Any  # noqa: E402

from nameko.containers import ServiceContainer  # noqa: E402
from nameko.events import event_handler  # noqa: E402


class Plain:
    """Listens to dispatch."""

    name = "plain"

    @event_handler("dispatch", "reply.submitted")
    def heard(self, said: dict[str, Any]) -> None:
        told = f"{said['type']} of {said['subject']} by {said['source']}, sequence {said['sequence']}"
        print(f"heard {said['specversion']} {told}: reply {said['data']['reply']}", flush=True)


if __name__ == "__main__":
    container = ServiceContainer(Plain, {"AMQP_URI": os.environ["TOY_AMQP"]})
    container.start()
    container.wait()
