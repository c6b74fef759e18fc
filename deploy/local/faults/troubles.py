"""What is done to the platform, each once; a strike returns when what it hurt runs again."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from deploy.local.errors import LocalStackError
from deploy.local.faults.doubling import Doubling
from deploy.local.faults.withholding import Withholding
from deploy.local.platform import Kind
from deploy.local.stack import Stack
from huiyin.contracts.services import SERVICES

_CAUGHT_WITHIN_S: Final = 60.0
_SAVED_AFTER_S: Final = 0.5  # far more than the store needs for what has reached it


@dataclass(frozen=True)
class Trouble:
    """One fault: what it is, and what does it."""

    name: str
    strike: Callable[[], None]


class Troubles:
    """All faults of a run on one stack: how long the broker stays away, how long the network doubles."""

    def __init__(self, stack: Stack, withholding: Withholding, *, away_s: float, doubling_s: float) -> None:
        self._stack = stack
        self._withholding = withholding
        self._away_s = away_s
        self._doubling_s = doubling_s
        self.copies = 0

    def all(self) -> list[Trouble]:
        """In the order in which they strike."""
        return [
            Trouble("五个 worker 先后 kill -9 (each worker)", lambda: self._kill_each("worker")),
            Trouble("已存未答时 web kill -9 (web between save and answer)", self._kill_web),
            Trouble("五个 relay 先后 kill -9 (each relay)", lambda: self._kill_each("relay")),
            Trouble("RabbitMQ kill -9 后重启 (killed, restarted)", self._kill_broker),
            Trouble(f"RabbitMQ 离线 {self._away_s:.0f} 秒 (away)", self._leave_without_broker),
            Trouble("mongod kill -9 后重启 (killed, restarted)", self._kill_store),
            Trouble("每条消息送达两次 (every message twice)", self._double),
        ]

    def _kill_each(self, kind: Kind) -> None:
        platform = self._stack.platform
        for service in SERVICES:
            platform.kill_process(service, kind)
        platform.start_processes([(service, kind) for service in SERVICES])

    def _kill_web(self) -> None:
        """The case is in the store, its clerk has no number yet, and the web dies."""
        self._withholding.arm()
        if not self._withholding.caught.wait(_CAUGHT_WITHIN_S):
            raise LocalStackError(f"no registration reached the store in {_CAUGHT_WITHIN_S:.0f} s")
        time.sleep(_SAVED_AFTER_S)
        self._stack.platform.kill_process("intake", "web")
        self._stack.platform.start_process("intake", "web")

    def _kill_broker(self) -> None:
        self._stack.servers.kill_broker()
        self._stack.servers.start_broker()

    def _leave_without_broker(self) -> None:
        self._stack.servers.stop_broker()
        time.sleep(self._away_s)
        self._stack.servers.start_broker()

    def _kill_store(self) -> None:
        self._stack.servers.kill_store()
        self._stack.servers.start_store()

    def _double(self) -> None:
        with Doubling(self._stack.addresses.amqp_url) as doubling:
            time.sleep(self._doubling_s)
        self.copies = doubling.copies
