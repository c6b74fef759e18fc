"""The simulated offices at work: the samples come in, the staff act, the office clock moves on."""

import time as machine
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from typing import Final

from deploy.local.platform import OFFICES
from deploy.local.samples import Receipts, load_samples
from deploy.local.scripts import Script
from deploy.local.stack import BEGINNING, SHANGHAI, Stack
from deploy.local.staff import Staff
from huiyin.chassis.calendar import load_calendar

#: The hours of a working day in which somebody acts.
HOURS: Final = (time(9), time(10, 30), time(14), time(16))
_SETTLED_PAUSE: Final = 0.15
_SETTLE_WITHIN: Final = 15.0


class Play:
    """All offices, hour by hour. What was done is in the stack; only receipts are kept beside it."""

    def __init__(self, stack: Stack, seed: int = 1) -> None:
        self._stack = stack
        self._calendar = load_calendar(OFFICES / "calendars")
        self.samples = load_samples(BEGINNING, self._calendar)
        self.receipts = Receipts(stack.folder / "samples.json")
        self.staff = {
            office: Staff(desks, Script(seed), self._calendar, stack.now)
            for office, desks in stack.desks.items()
        }

    @property
    def now(self) -> datetime:
        """Office time, where the offices are."""
        return self._stack.now()

    def numbers(self, office: str) -> list[str]:
        """The numbers an office has answered."""
        return self.receipts.of(office, self.samples)

    def hour(self) -> None:
        """Everybody does what belongs to this hour of the day, office beside office."""
        at = max((hour for hour in HOURS if hour <= self._stack.now().time()), default=HOURS[-1])
        self._office_by_office(_DUTIES[at])

    def next_hour(self) -> datetime:
        """Move the office clock on to the next hour of work; nights and holidays pass at once."""
        now = self._stack.now()
        later = [hour for hour in HOURS if hour > now.time()]
        day, hour = now.date(), later[0] if later else HOURS[0]
        if not later or not self._calendar.is_working_day(day):
            day, hour = self._calendar.add_working_days(day, 1).on, HOURS[0]
        return self._stack.clock.advance(datetime.combine(day, hour, SHANGHAI) - now)

    def let_pass(self, seconds: float) -> None:
        """Move the office clock on as the machine's does."""
        self._stack.clock.advance(timedelta(seconds=seconds))

    def settle(self) -> None:
        """Wait until nothing more is heard, so that the next hour finds the lists complete."""
        deadline = machine.monotonic() + _SETTLE_WITHIN
        before = -1.0
        while (heard := self._stack.platform.handled("intake")) != before and machine.monotonic() < deadline:
            before = heard
            machine.sleep(_SETTLED_PAUSE)

    def is_over(self) -> bool:
        """Whether every sample has its number and every case its place in the archive."""
        stages = self.stages()
        return len(self.receipts) == len(self.samples) and set(stages) <= {"archived"}

    def stages(self) -> Counter[str]:
        """How many cases stand at each stage, over all offices."""
        return sum((Counter(staff.desks.stages()) for staff in self.staff.values()), Counter())

    def _office_by_office(self, duty: "Callable[[Play, Staff], None]") -> None:
        with ThreadPoolExecutor(len(self.staff)) as pool:
            list(pool.map(lambda staff: duty(self, staff), self.staff.values()))


def _at_nine(play: Play, staff: Staff) -> None:
    staff.take_down(play.samples, play.receipts)
    staff.post_and_ring()
    staff.call_back()
    staff.send_out()


def _at_half_past_ten(play: Play, staff: Staff) -> None:
    staff.take_down(play.samples, play.receipts)
    staff.send_out()
    staff.take_orders()


def _at_two(play: Play, staff: Staff) -> None:
    staff.take_down(play.samples, play.receipts)
    staff.call_back()
    staff.handle()


def _at_four(play: Play, staff: Staff) -> None:
    staff.take_down(play.samples, play.receipts)
    staff.send_out()
    staff.take_orders()
    staff.judge()
    staff.withdraw(play.numbers(staff.desks.office))


_DUTIES: Final[dict[time, Callable[[Play, Staff], None]]] = {
    HOURS[0]: _at_nine,
    HOURS[1]: _at_half_past_ten,
    HOURS[2]: _at_two,
    HOURS[3]: _at_four,
}
