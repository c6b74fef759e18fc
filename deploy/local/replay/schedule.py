"""What is to be done when: commands by their office times, and the half-days they fall into."""

import heapq
import itertools
import threading
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
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, command: Command) -> None:
        """Have it done at its time; from any thread."""
        with self._lock:
            heapq.heappush(self._heap, (command.at, next(self._order), command))

    def first(self) -> datetime | None:
        """When the next command is to be done."""
        return self._heap[0][0] if self._heap else None

    def take(self, due: datetime | None) -> list[Command]:
        """The commands that may be done at once: of one half-day, of different cases, before what is due.

        What a case said of its last command must be heard everywhere before its next.
        """
        taken: list[Command] = []
        while self._heap and self._may_join(self._heap[0][2], taken, due):
            taken.append(heapq.heappop(self._heap)[2])
        return taken

    @staticmethod
    def _may_join(command: Command, taken: list[Command], due: datetime | None) -> bool:
        if due is not None and due <= command.at:
            return False
        touched = command.case in (other.case for other in taken)
        return not taken or (half_day(command.at) == half_day(taken[0].at) and not touched)
