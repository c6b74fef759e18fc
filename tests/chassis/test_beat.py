"""What comes by time looks at intervals, and at once when there is a reason to."""

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

from huiyin.chassis.beat import CLOCK_MOVED, Beat, wake_beats


class Container:
    """Runs a worker method in the calling thread, and threads for what nameko spawns green."""

    def __init__(self, look: Any) -> None:
        self.look = look
        self.entrypoints: list[Any] = []
        self.watching: list[Any] = []
        clock = SimpleNamespace(watch=self.watching.append)
        self.config = {"house": SimpleNamespace(base=SimpleNamespace(office_clock=clock))}

    def spawn_managed_thread(self, run: Any, identifier: str) -> Any:
        thread = threading.Thread(target=run, name=identifier)
        thread.wait = thread.join  # type: ignore[attr-defined]
        thread.start()
        return thread

    def spawn_worker(self, _entrypoint: Any, _args: Any, _kwargs: Any, *, handle_result: Any) -> None:
        failure = None
        try:
            self.look()
        except ValueError as wrong:
            failure = wrong
        handle_result(None, None, failure)


class Looks:
    """Counts looks; `seen` waits for as many."""

    def __init__(self, failing: bool = False) -> None:
        self.count = 0
        self.failing = failing

    def __call__(self) -> None:
        self.count += 1
        if self.failing:
            raise ValueError

    def seen(self, times: int, within: float) -> bool:
        until = time.monotonic() + within
        while self.count < times and time.monotonic() < until:
            time.sleep(0.005)
        return self.count >= times


def beating(looks: Looks, interval: float, *more: str) -> tuple[Container, Any]:
    container = Container(looks)
    beat = Beat(interval=interval, after=("order.accepted", *more)).bind(container, "look")
    container.entrypoints.append(beat)
    beat.start()
    return container, beat


@pytest.mark.parametrize("failing", [False, True])
def test_it_looks_at_intervals_whatever_a_look_comes_to(failing: bool) -> None:
    looks = Looks(failing)
    _, beat = beating(looks, 0.01)
    assert looks.seen(3, within=5)
    beat.stop()


def test_a_reason_makes_it_look_at_once_and_anything_else_does_not() -> None:
    looks = Looks()
    container, beat = beating(looks, 300)
    wake_beats(container, {"case.registered"})
    assert not looks.seen(1, within=0.2)
    wake_beats(container, {"case.registered", "order.accepted"})
    assert looks.seen(1, within=5)
    beat.stop()
    assert looks.count == 1, "stopping is no reason to look"


def test_a_clock_that_moved_makes_it_look_where_it_is_a_reason() -> None:
    looks = Looks()
    container, beat = beating(looks, 300, CLOCK_MOVED)
    [moved] = container.watching
    moved()
    assert looks.seen(1, within=5)
    beat.stop()


def test_nobody_watches_the_clock_for_whom_it_is_no_reason() -> None:
    container, beat = beating(Looks(), 300)
    beat.stop()
    assert container.watching == []
