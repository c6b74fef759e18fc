"""A service's worker: a nameko container with one ear, its timers and its answers.

A service's `entrypoints.py` derives its worker from `BaseWorker` and adds its own timers and
RPC methods; `house` is what `__main__` wired.
"""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import eventlet
from nameko.containers import ServiceContainer
from nameko.extensions import DependencyProvider
from nameko.timer import timer

from huiyin.chassis.amqp import kombu_tls, kombu_url
from huiyin.chassis.answering import on_question
from huiyin.chassis.beat import beat
from huiyin.chassis.ear import Batch
from huiyin.chassis.inbox import Inbox, hear
from huiyin.chassis.process import stop_on_signal

_log = logging.getLogger(__name__)

_WATCH_S: Final = 0.2
_GRACE_S: Final = 15.0
_MAX_WORKERS: Final = 20


class House(DependencyProvider):
    """Injects what `__main__` wired."""

    def get_dependency(self, worker_ctx: Any) -> Any:
        """The wired house."""
        return worker_ctx.container.config["house"]


class Hearer:
    """What hears, and tries again what waits."""

    name: str
    house = House()

    @hear
    def hear(self, batch: Batch) -> None:
        """Take a batch from the inbox; when this returns, all of it is safe."""
        self.house.ear.hear(batch)

    @timer(interval=1)
    def retry_waiting(self) -> None:
        """Try again what waits and is due."""
        self.house.ear.digest.retry()
        self.house.ear.digest.notice()


class BaseWorker(Hearer):
    """Every service's worker also keeps the audit: its own, and the head of the service before it."""

    @beat(interval=5, after=())
    def keep_audit(self) -> None:
        """Seal what was recorded since, and have the next service keep the head."""
        self.house.base.keeping.look()

    @on_question
    def keep_head(self, service: str, n: int, head: str) -> None:
        """contracts.questions.KEEP_HEAD."""
        self.house.base.keeping.heads.keep(service, n, head)


def run_worker(
    worker: type[Hearer],
    *,
    amqp_url: str,
    house: Any,
    ready: Callable[[Mapping[str, Callable[[], str | None]]], Any],
) -> None:
    """Run the worker until a signal; `ready` starts the probes with the inbox's health."""
    stop = stop_on_signal()
    broker = {"AMQP_URI": kombu_url(amqp_url), "AMQP_SSL": kombu_tls(amqp_url)}
    config = {**broker, "house": house, "max_workers": _MAX_WORKERS}
    container = ServiceContainer(worker, config)
    ready({"inbox": lambda: _inbox(container).problem})
    running = eventlet.spawn(_live, container)
    while not stop.is_set() and not running.dead:
        eventlet.sleep(_WATCH_S)
    if running.dead:
        running.wait()  # raises what it died of; the process ends and is started anew
        return
    _end(container)


def _live(container: Any) -> None:
    """Start, which nameko's RPC lets hang while the broker is away, and work until the end."""
    container.start()
    container.wait()


def _end(container: Any) -> None:
    """Let the work in hand end; what hangs on a broker that is away ends with the process."""
    ending = eventlet.spawn(container.stop)
    deadline = time.monotonic() + _GRACE_S
    while not ending.dead:
        if time.monotonic() > deadline:
            _log.warning("not everything ended in %s s; the process ends now", _GRACE_S)
            return
        eventlet.sleep(_WATCH_S)
    ending.wait()


def _inbox(container: Any) -> Inbox:
    return next(e for e in container.entrypoints if isinstance(e, Inbox))
