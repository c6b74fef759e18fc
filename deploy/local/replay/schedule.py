"""What is to be done when: commands by their office times, and the half-days they fall into."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

_NOON: Final = 12

HalfDay = tuple[date, bool]


def half_day(at: datetime) -> HalfDay:
    """The date, and whether it is past noon; of a moment in the office's own time."""
    return at.date(), at.hour >= _NOON


@dataclass(frozen=True)
class Command:
    """Something that somebody does to one case at a moment of the office's own time."""

    at: datetime
    case: str
    act: Callable[[], None] = field(repr=False)


class Schedule:
    """The commands that are still to come, the earliest first; of one moment, as they were added."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Command]] = []
        self._order = itertools.count()

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, command: Command) -> None:
        """Have it done at its time."""
        heapq.heappush(self._heap, (command.at, next(self._order), command))

    def first(self) -> datetime | None:
        """When the next command is to be done."""
        return self._heap[0][0] if self._heap else None

    def take(self, half: HalfDay, due: datetime | None, touched: set[str]) -> Command | None:
        """The next command of the half-day that need not wait.

        What is due goes before it, and so does whatever its case said of a command already taken.
        """
        if not self._heap:
            return None
        at, _, command = self._heap[0]
        waits = due is not None and due <= at
        if half_day(at) != half or waits or command.case in touched:
            return None
        return heapq.heappop(self._heap)[2]
