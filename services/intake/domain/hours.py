"""When an office looks at what comes in on a channel (X-20, S3-13): never a reason to refuse it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from huiyin.chassis.calendar import WorkingCalendar
from huiyin.chassis.rulebook import Opening, Rulebook

_DAY: Final = timedelta(days=1)


def attended_from(book: Rulebook, channel: str, at: datetime, calendar: WorkingCalendar) -> datetime:
    """When somebody looks at what came at `at`: now while the channel is open, else when it opens next.

    A channel without hours is always open.
    """
    openings = book.intake.hours.get(channel)
    if openings is None:
        return at
    local = at.astimezone(ZoneInfo(book.office.timezone))
    day = local.date()
    while (found := _on(day, local, openings, calendar)) is None:
        day += _DAY
    return max(at, found.astimezone(at.tzinfo))


def _on(day: date, at: datetime, openings: Sequence[Opening], calendar: WorkingCalendar) -> datetime | None:
    """The beginning of the day's first opening that is not over by `at`."""
    worked = calendar.is_working_day(day)
    begun = [
        _moment(day, opening.from_, at)
        for opening in openings
        if (worked or opening.days == "all") and at < _moment(day, opening.to, at)
    ]
    return min(begun, default=None)


def _moment(day: date, clock: str, at: datetime) -> datetime:
    """A time of a day in the office's zone; 24:00 is the next day's midnight."""
    hours, minutes = map(int, clock.split(":"))
    return datetime.combine(day, time(), at.tzinfo) + timedelta(hours=hours, minutes=minutes)
