"""Child processes that are stopped by their own id, and a ledger that outlives a killed run."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.errors import LocalStackError
from deploy.local.files import read_json, write_json

_PAUSE = 0.05


@dataclass(frozen=True)
class Identity:
    """A process id with its start time, so that a reused id is not taken for the old process."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> "Identity":
        """The identity of a process that runs now."""
        return cls(pid, _stat(pid)[21])

    def lives(self) -> bool:
        """Whether this very process still runs (a zombie does not)."""
        try:
            stat = _stat(self.pid)
        except OSError:
            return False
        return stat[21] == self.started and stat[2] != "Z"

    def send(self, number: signal.Signals) -> None:
        """Signal the process if it is still the same one."""
        if self.lives():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


@dataclass
class Ledger:
    """Which server processes were started for a data folder, on file."""

    file: Path

    def note(self, name: str, identity: Identity) -> None:
        """Remember a process that was just started."""
        write_json(self.file, read_json(self.file) | {name: [identity.pid, identity.started]})

    def strike(self, name: str) -> None:
        """Forget a process that has ended."""
        write_json(self.file, {key: value for key, value in read_json(self.file).items() if key != name})

    def survivors(self) -> dict[str, int]:
        """The noted processes that still run, by name."""
        noted = {name: Identity(*value) for name, value in read_json(self.file).items()}
        return {name: identity.pid for name, identity in noted.items() if identity.lives()}


@dataclass
class Child:
    """One server process: started with an explicit environment, stopped with all it started."""

    name: str
    log: Path
    ledger: Ledger
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _identity: Identity | None = field(default=None, init=False)

    def start(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches us and not it."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.log.parent,
                start_new_session=True,
            )
        self._identity = Identity.of(self._process.pid)
        self.ledger.note(self.name, self._identity)

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._identity.pid if self._identity and self._identity.lives() else None

    def require_running(self) -> None:
        """Refuse when it has ended, with the last lines it wrote."""
        if self.pid is None:
            raise LocalStackError(f"{self.name} ended while starting; its last lines:\n{self.last_lines()}")

    def last_lines(self, count: int = 15) -> str:
        """The end of its log, for an error message."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])

    def send(self, number: signal.Signals) -> None:
        """Signal it, if it runs."""
        if self._identity:
            self._identity.send(number)

    def ask_to_stop(self) -> None:
        """Ask it to end by itself; `stop` waits for that."""
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)

    def stop(self, within: float = 30) -> None:
        """Ask it to end, and end it with all it started when it does not."""
        if self._process is None:
            return
        family = list(descendants(self._process.pid))
        self.ask_to_stop()
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.send(signal.SIGKILL)
        self._bury(family)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is None:
            return
        family = list(descendants(self._process.pid))
        self.send(signal.SIGKILL)
        self._bury(family)

    def _bury(self, family: Sequence[Identity]) -> None:
        assert self._process is not None
        self._process.wait(10)
        with suppress(LocalStackError):  # its helpers end by themselves when their pipe closes
            wait_until(lambda: not any(one.lives() for one in family), 5, f"{self.name}'s helpers")
        for one in family:
            one.send(signal.SIGKILL)
        self.ledger.strike(self.name)
        self._process, self._identity = None, None


def descendants(pid: int) -> Iterator[Identity]:
    """Every process below this one; each thread lists the children that it started."""
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in thread.read_text().split():
                with suppress(OSError):
                    yield Identity.of(int(child))
                yield from descendants(int(child))


def wait_until(ready: Callable[[], bool], within: float, what: str) -> None:
    """Look until it is so; say what was waited for when it takes too long."""
    deadline = time.monotonic() + within
    while not ready():
        if time.monotonic() > deadline:
            raise LocalStackError(f"{what}: not so after {within:.0f} s")
        time.sleep(_PAUSE)


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat; the second is the name, which may hold blanks."""
    text = Path(f"/proc/{pid}/stat").read_text()
    head, _, tail = text.rpartition(")")
    return [*head.split(" (", 1), *tail.split()]
