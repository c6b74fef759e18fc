"""Timing many operations, from one thread or several."""

import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class Timings:
    """How long each operation took, in seconds, and how long all took together."""

    took: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0.0

    @property
    def n(self) -> int:
        """How many operations were done."""
        return len(self.took)

    @property
    def rate(self) -> float:
        """Operations done a second."""
        return self.n / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The time, in seconds, that this share of the operations did not exceed; nan without any."""
        ranked = sorted(self.took)
        return ranked[math.ceil(share * len(ranked)) - 1] if ranked else math.nan


class _Shared(Generic[T]):
    """An iterable from which several threads draw."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[T]:
        while True:
            with self._lock:
                try:
                    item = next(self._items)
                except StopIteration:
                    return
            yield item


def timed(items: Iterable[T], workers: Sequence[Callable[[T], bool]]) -> Timings:
    """Have each worker, in a thread of its own, take items until none is left; False is an error."""
    total, lock, shared = Timings(), threading.Lock(), _Shared(items)

    def work(act: Callable[[T], bool]) -> None:
        mine = Timings()
        for item in shared:
            began = time.perf_counter()
            if act(item):
                mine.took.append(time.perf_counter() - began)
            else:
                mine.errors += 1
        with lock:
            total.took += mine.took
            total.errors += mine.errors

    threads = [threading.Thread(target=work, args=(act,)) for act in workers]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total.seconds = time.perf_counter() - began
    return total


def for_seconds(seconds: float) -> Iterator[int]:
    """Numbers, until the time is over."""
    end, n = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        yield n
        n += 1
