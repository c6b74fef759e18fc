"""When people work: two hours of each working day in which staff act, in the office's time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from deploy.local.replay.schedule import NOON, HalfDay, is_afternoon
from huiyin.chassis.calendar import WorkingCalendar

#: One in each half-day, further apart than any office wants two attempts to call to be.
_ACTS: Final = (time(10), time(15))


@dataclass(frozen=True)
class Hours:
    """The working calendar by half-days."""

    calendar: WorkingCalendar
    zone: ZoneInfo

    def after(self, at: datetime, slots: int) -> datetime:
        """The hour at which somebody acts who takes so many working half-days, at least one.

        The half-day in which it comes is none of them: what lies on a desk is looked at in the next.
        """
        local = at.astimezone(self.zone)
        later = [hour for hour in _ACTS if is_afternoon(hour) > is_afternoon(local)]
        today = later if self.calendar.is_working_day(local.date()) else []
        if slots <= len(today):
            return self._at(local.date(), today[slots - 1])
        days, half = divmod(slots - len(today) - 1, len(_ACTS))
        return self._at(self.calendar.add_working_days(local.date(), days + 1).on, _ACTS[half])

    def working_day(self, at: datetime, days: int, minute: int) -> datetime:
        """A minute of the day that comes so many working days later."""
        day = self.calendar.add_working_days(at.astimezone(self.zone).date(), days).on
        return self._at(day, time(minute // 60, minute % 60))

    def end_of(self, half: HalfDay) -> datetime:
        """The noon or midnight at which a half-day ends."""
        day, afternoon = half
        return self._at(day + timedelta(days=1), time(0)) if afternoon else self._at(day, time(NOON))

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone)
