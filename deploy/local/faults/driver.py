"""The client of the fault runs: registers at a steady pace, leads every case on, keeps its own ledger."""

import math
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

import httpx

from deploy.local.bench.site import OFFICE, forms
from deploy.local.lives import Lives
from deploy.local.stack import Stack
from huiyin.client.line import Json, Refused

_AT_ONCE: Final = 10
_PATIENCE_S: Final = 180.0
_WATCH_S: Final = 0.25


@dataclass(frozen=True)
class Registration:
    """One registration on the machine's monotonic clock: when it was due, and when it was answered."""

    number: str
    due: float
    answered: float


@dataclass
class Driver:
    """Registers a case every `pace_s` until told to finish, and at least `cases` in all."""

    stack: Stack
    cases: int
    pace_s: float
    registered: list[Registration] = field(default_factory=list)
    #: When no case was left that nobody had been given yet.
    clear_at: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lives = Lives(self.stack.desks[OFFICE], patience_s=_PATIENCE_S)
        self._finish, self._left = threading.Event(), threading.Event()
        self._pool = ThreadPoolExecutor(_AT_ONCE)
        self._following: list[Future[None]] = []
        self._registrar: Future[None] = self._pool.submit(self._register_all)
        self._pool.submit(self._watch)

    @property
    def acts(self) -> int:
        """How many acts were answered."""
        return self._lives.acts

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish.set()
        self._left.set()
        self._lives.abandon()
        self._pool.shutdown(cancel_futures=True)

    def finish(self) -> None:
        """Register what is left without pauses, and wait until every case was led to its evaluation."""
        self._finish.set()
        self._registrar.result()
        for following in self._following:
            following.result()

    def _register_all(self) -> None:
        due = time.monotonic()
        for n, (form, _) in enumerate(forms()):
            if self._finish.is_set() and n >= self.cases:
                return
            self._register(n, form, due)
            due = max(due + self.pace_s, time.monotonic())
            self._finish.wait(due - time.monotonic())

    def _watch(self) -> None:
        while not self._left.wait(_WATCH_S):
            with suppress(Refused, httpx.TransportError):
                if not self.stack.desks[OFFICE].stages().get("registered", 0):
                    self.clear_at.append(time.monotonic())

    def _register(self, n: int, form: Json, due: float) -> None:
        number = self._lives.register(form, f"fault-case-{n}")
        self.registered.append(Registration(number, due, time.monotonic()))
        self._following.append(self._pool.submit(self._lead, number))

    def _lead(self, number: str) -> None:
        lives = self._lives
        order = lives.order(number)
        for act in (lives.accept, lives.reply, lives.approve):
            act(order)
        for step in (lives.contact, lives.reach, lives.tell, lives.evaluate):
            step(number)


def longest_stop(registered: list[Registration], begun: float, ended: float) -> float:
    """The longest time, in seconds, a registration due between the two moments waited for its answer."""
    return max((r.answered - r.due for r in registered if begun <= r.due <= ended), default=0.0)


def caught_up(clear_at: list[float], healed: float) -> float:
    """How long after the healing every registered case was dispatched and known to be."""
    return min((moment - healed for moment in clear_at if moment >= healed), default=math.inf)
