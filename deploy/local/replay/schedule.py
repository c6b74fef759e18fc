"""What is to be done when: commands by their office times, and the half-days they fall into."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

NOON: Final = 12
#: Several cases' commands within such a time are done side by side; less than the office's hours lie apart by
#: more than any office wants between two attempts to call.
AT_ONCE: Final = timedelta(hours=1)

HalfDay = tuple[date, bool]


def half_day(at: datetime) -> HalfDay:
    """The date, and whether it is past noon; of a moment in the office's own time."""
    return at.date(), is_afternoon(at)


def is_afternoon(at: datetime | time) -> bool:
    """Whether noon is past."""
    return at.hour >= NOON


@dataclass(frozen=True)
class Command:
    """Something that somebody does to one case at a moment of the office's own time."""

    at: datetime
    case: str
    act: Callable[[], None] = field(repr=False)


_Row = tuple[datetime, str, int, Command]


class Schedule:
    """The commands that are still to come, the earliest first; of one moment by case, as they were added."""

    def __init__(self) -> None:
        self._heap: list[_Row] = []
        self._order = itertools.count()

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, command: Command) -> None:
        """Have it done at its time."""
        heapq.heappush(self._heap, (command.at, command.case, next(self._order), command))

    def first(self) -> datetime | None:
        """When the next command is to be done."""
        return self._heap[0][0] if self._heap else None

    def comes_before(self, due: datetime) -> bool:
        """Whether a command is to be done before something due."""
        first = self.first()
        return first is not None and first < due

    def take(self, half: HalfDay, due: datetime | None, touched: set[str]) -> list[Command]:
        """The next commands of the half-day that need not wait, within one hour, one a case at most.

        What is due goes before them, and so does whatever their case said of a command already taken.
        """
        taken, kept, waits = list[_Row](), list[_Row](), set(touched)
        until = self._heap[0][0] + AT_ONCE if self._heap else None
        while self._heap and _is_ripe(self._heap[0][0], half, due, until):
            row = heapq.heappop(self._heap)
            if row[1] in waits:
                kept.append(row)
            else:
                taken.append(row)
                waits.add(row[1])
        for row in kept:
            heapq.heappush(self._heap, row)
        return [row[3] for row in taken]


def _is_ripe(at: datetime, half: HalfDay, *before: datetime | None) -> bool:
    return half_day(at) == half and all(end is None or at < end for end in before)
