"""The two clocks: the office's, which a local stack may simulate, and the machine's, never.

Case dates, deadlines, quiet hours and reports read the office clock; leases, back-off,
tokens and rates read the machine clock.
"""

import fcntl
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.settings import BaseSettings

_WATCH_S: Final = 0.008


class OfficeClock(Protocol):
    """The time that dates of cases are counted in."""

    def now(self) -> datetime:
        """The office's time, aware, in UTC."""

    def watch(self, moved: Callable[[], None]) -> None:
        """Have it told, from a thread of its own, whenever the clock was set or advanced."""


class MachineClock(Protocol):
    """The time that leases, back-off and tokens are counted in."""

    def now(self) -> datetime:
        """The machine's wall time, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never run backwards, from no particular start."""


class SystemOfficeClock:
    """The office clock of production."""

    def now(self) -> datetime:
        """The system's time."""
        return datetime.now(UTC)

    def watch(self, moved: Callable[[], None]) -> None:
        """Nobody sets the system's clock."""


class SystemMachineClock:
    """The machine clock of every environment."""

    def now(self) -> datetime:
        """The system's wall time."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """The system's monotonic seconds."""
        return time.monotonic()


@dataclass(frozen=True)
class _Reading:
    stamp: tuple[int, int]
    now: datetime


class SimulatedOfficeClock:
    """An office clock that stands in one file, shared by all processes of a local stack.

    It stands still until it is set or advanced. A reading begun after `advance` returned
    is never older: the file is replaced in one move, and every reading looks at the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: _Reading | None = None

    def now(self) -> datetime:
        """The simulated time as it stands in the file."""
        last = self._last
        with self._required():
            if last is None or self._stamp(os.stat(self._path)) != last.stamp:
                last = self._last = self._read()
        return last.now

    def set(self, to: datetime) -> datetime:
        """Put the clock to a time, forwards or backwards."""
        with self._locked():
            return self._write(to)

    def advance(self, by: timedelta) -> datetime:
        """Move the clock forwards; two advances at once both count."""
        if by < timedelta(0):
            raise ValueError("the clock only advances; use set to go back")
        with self._locked():
            return self._write(self._read().now + by)

    def watch(self, moved: Callable[[], None]) -> None:
        """Look at the file often enough that nobody who sets the clock waits for what falls due."""
        threading.Thread(target=self._watch, args=(moved,), name="office-clock", daemon=True).start()

    def _watch(self, moved: Callable[[], None]) -> None:
        seen = None
        while True:
            time.sleep(_WATCH_S)
            with suppress(FileNotFoundError):  # a stack that ends takes its folder with it
                stamp = self._stamp(os.stat(self._path))
                if stamp != seen:
                    seen = stamp
                    moved()

    @staticmethod
    def _stamp(stat: os.stat_result) -> tuple[int, int]:
        return stat.st_mtime_ns, stat.st_ino

    @contextmanager
    def _required(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as gone:
            told = f"HUIYIN_OFFICE_CLOCK={self._path}: no such file; set the clock first"
            raise WrongSetting(told) from gone

    def _read(self) -> _Reading:
        with self._required(), self._path.open(encoding="utf-8") as file:
            stamp = self._stamp(os.fstat(file.fileno()))
            try:
                now = datetime.fromisoformat(json.load(file)["now"]).astimezone(UTC)
            except (ValueError, KeyError, TypeError) as wrong:
                raise WrongSetting(f'{self._path}: not {{"now": "<ISO time>"}}') from wrong
        return _Reading(stamp, now)

    def _write(self, to: datetime) -> datetime:
        if to.tzinfo is None:
            raise ValueError("a time without its zone is no time")
        now = to.astimezone(UTC)
        descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"now": now.isoformat()}, file)
        os.utime(name, ns=(self._next_mtime(), self._next_mtime()))
        os.replace(name, self._path)
        return now

    def _next_mtime(self) -> int:
        # The kernel stamps files by coarse ticks and reuses inodes: two writes within one tick
        # could look the same to a reader's cache. So each write's stamp is later than the last.
        last = self._path.stat().st_mtime_ns if self._path.exists() else 0
        return max(time.time_ns(), last + 1_000)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_name(self._path.name + ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def office_clock(settings: BaseSettings) -> OfficeClock:
    """The office clock that the settings ask for."""
    if settings.office_clock is None:
        return SystemOfficeClock()
    if settings.environment == "production":
        raise WrongSetting("HUIYIN_OFFICE_CLOCK: production runs on the system's clock; leave it unset")
    return SimulatedOfficeClock(settings.office_clock)
