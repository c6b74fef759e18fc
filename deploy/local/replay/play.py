"""The play: the office clock goes from due moment to due moment and from half-day to half-day."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime
from typing import Final

from deploy.local.desks import Desks
from deploy.local.quiet import Quiet
from deploy.local.replay.course import Course, course_of
from deploy.local.replay.errors import CannotReplay
from deploy.local.replay.hours import Hours
from deploy.local.replay.reading import Message
from deploy.local.replay.schedule import Command, HalfDay, Schedule, half_day
from deploy.local.replay.script import Script
from deploy.local.replay.staff import Staff
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.contracts.tides import TIDE_MARGIN

_ARCHIVED: Final = {"archived"}
_AT_ONCE: Final = 8


class Play:
    """All messages to the archive. Between two moments all is quiet, and empty stretches take no time."""

    def __init__(
        self, desks: Desks, clock: SimulatedOfficeClock, quiet: Quiet, hours: Hours, script: Script
    ) -> None:
        self._desks, self._clock, self._quiet = desks, clock, quiet
        self._hours, self._script = hours, script
        self._schedule = Schedule()
        self.now = clock.now().astimezone(hours.zone)
        self.staff = Staff(desks, script, hours, self)
        self.courses: list[Course] = []
        self.stops = 0

    def run(self, messages: Sequence[Message], tell: Callable[["Play"], None]) -> None:
        """Play every message to its end; `tell` hears of every stop of the clock."""
        self.courses = [course_of(message, self._script, self._hours) for message in messages]
        for course in self.courses:
            self.note(course.received_at, course.id, lambda course=course: self.staff.register(course))  # type: ignore[misc]
        with ThreadPoolExecutor(_AT_ONCE) as hands:
            while self._stop(hands):
                self.stops += 1
                tell(self)

    @property
    def over(self) -> int:
        """For how many cases nobody has anything left to do."""
        return sum(course.over for course in self.courses)

    def note(self, at: datetime, case: str, act: Callable[[], None]) -> None:
        """Have an act done to a case at a moment."""
        self._schedule.add(Command(at.astimezone(self._hours.zone), case, act))

    def _stop(self, hands: Executor) -> bool:
        """Wait until all is quiet; then what comes in the next half-day in which anything does."""
        due, first = self._quiet.wait(self.now), self._schedule.first()
        if first is None:
            return self._end(due)
        self._half_day(hands, half_day(min(due or first, first).astimezone(self._hours.zone)))
        return True

    def _half_day(self, hands: Executor, half: HalfDay) -> None:
        """What is due in a half-day, each at its moment, and between two of them its commands.

        What is to be done within an hour is done side by side, with the clock where the last of it belongs:
        nobody acts before their time. A case that something was done to waits until all is quiet.
        """
        dues, touched = self._due_in(half), set[str]()
        while True:
            due = min(dues, default=None)
            if commands := self._schedule.take(half, due, touched):
                touched.update(command.case for command in commands)
                self._move(commands[-1].at)
                list(hands.map(lambda command: command.act(), commands))
            elif due is None or self._schedule.comes_before(due) or dues[due] & touched:
                return
            else:
                touched |= dues.pop(due)
                self._move(due + TIDE_MARGIN)
                self._quiet.wait_done(self.now)

    def _due_in(self, half: HalfDay) -> dict[datetime, set[str]]:
        """The cases, by their rows, in which something falls due, by when it does."""
        rows = {course.number: course.id for course in self.courses}
        found = self._quiet.due_until(self._hours.end_of(half))
        return {at: {rows[number] for number in numbers} for at, numbers in found.items()}

    def _end(self, due: datetime | None) -> bool:
        """Nobody has anything planned: the post goes out, the clock goes on, until all is archived."""
        if set(self._desks.stages()) <= _ARCHIVED:
            return False
        if not self.staff.clear_work_lists():
            if due is None:
                raise CannotReplay(f"未能全部归档：{self._desks.stages()} (not all cases reach the archive)")
            self._move(due + TIDE_MARGIN)
        return True

    def _move(self, to: datetime) -> None:
        """The clock only goes forwards: a command just behind something due is done a moment later."""
        if to > self.now:
            self.now = to.astimezone(self._hours.zone)
            self._clock.set(to)
