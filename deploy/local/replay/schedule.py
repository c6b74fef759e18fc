"""What is to be done when: commands by their office times, and the half-days they fall into."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

NOON: Final = 12

HalfDay = tuple[date, bool]


def half_day(at: datetime) -> HalfDay:
    """The date, and whether it is past noon; of a moment in the office's own time."""
    return at.date(), at.hour >= NOON


@dataclass(frozen=True)
class Command:
    """Something that somebody does to one case at a moment of the office's own time."""

    at: datetime
    case: str
    act: Callable[[], None] = field(repr=False)


class Schedule:
    """The commands that are still to come, the earliest first; of one moment by case, as they were added."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, str, int, Command]] = []
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
        """The next commands of the half-day that need not wait, all of one moment, one a case at most.

        What is due goes before them, and so does whatever their case said of a command already taken.
        """
        taken: list[Command] = []
        waits = set(touched)
        while self._heap:
            at, _, _, command = self._heap[0]
            ripe = half_day(at) == half and (due is None or at < due)
            if not ripe or command.case in waits or (taken and taken[0].at != at):
                break
            taken.append(heapq.heappop(self._heap)[3])
            waits.add(command.case)
        return taken
