"""The whole local stack: servers, keys, office clock, platform, and the way to its HTTP."""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from zoneinfo import ZoneInfo

from deploy.local.desks import Desks, desks_of
from deploy.local.files import private_folder
from deploy.local.keys import Keys, ensure_keys
from deploy.local.platform import OFFICES, Platform, Site
from deploy.local.servers import Servers
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.client.line import Line

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
#: A Monday, so that the first days meet National Day's holidays and make-up working days.
BEGINNING: Final = datetime(2024, 9, 23, 9, 0, tzinfo=SHANGHAI)
CLOCK_FILE: Final = "office-clock.json"


class Stack:
    """Everything in one folder, as a context manager that stops exactly what it started."""

    def __init__(
        self,
        folder: Path,
        env: Mapping[str, str] = os.environ,
        *,
        searchable: bool = False,
        first_port: int | None = None,
    ) -> None:
        """`searchable`: the store's files are not compressed.

        Without a `first_port` the webs take any ports, so that several stacks may be started at once.
        """
        self.folder = private_folder(folder.absolute())
        self.clock = SimulatedOfficeClock(self.folder / CLOCK_FILE)
        self._env = env
        self._searchable = searchable
        self._first_port = first_port
        self._held = ExitStack()

    def start(self, tell: Callable[[str], None]) -> None:
        """Start it all, telling each stage; leaves nothing behind when it fails."""
        try:
            self._start(tell)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the services, then the servers."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def now(self) -> datetime:
        """Office time, where the offices are."""
        return self.clock.now().astimezone(SHANGHAI)

    def _servers(self) -> Servers:
        return Servers(self.folder, env=self._env, compressed=not self._searchable)

    def _start(self, tell: Callable[[str], None]) -> None:
        tell("RabbitMQ、MongoDB 启动中 (starting RabbitMQ and MongoDB) …")
        # One ledger for all: the servers refuse to start while anything of an earlier run lives.
        self.servers = self._held.enter_context(self._servers())
        self.addresses = self.servers.start()
        if not (self.folder / CLOCK_FILE).exists():
            self.clock.set(BEGINNING)
        self.keys: Keys = ensure_keys(self.folder / "keys")
        tell("五个服务启动中 (starting five services, fifteen processes) …")
        site = Site(
            self.folder,
            self.addresses,
            self.keys,
            self.folder / CLOCK_FILE,
            env=self._env,
            first_port=self._first_port,
        )
        self.platform = self._held.enter_context(Platform(site))
        self.platform.start()
        self.line = Line(self.platform.urls, self.keys.tokens_private)
        self._held.callback(self.line.close)
        self.desks: dict[str, Desks] = desks_of(self.line, OFFICES)
