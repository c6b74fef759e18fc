"""How dates are counted: the rulebook's terms on the working calendar, in the office's time zone."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from huiyin.chassis.calendar import CalendarUnit, Due, WorkingCalendar
from huiyin.chassis.rulebook import Rulebook, Term
from huiyin.contracts.events import DeadlineReason
from services.supervision.domain.clock import Limit

_SECONDS: Final = {"minute": 60, "hour": 3600}
_DAY_UNITS: Final[dict[str, CalendarUnit]] = {"day": "day", "wd": "wd", "month": "month"}
_DAY: Final = timedelta(days=1)
_INSTANT: Final = timedelta(milliseconds=1)
_MIDNIGHT: Final = "24:00"


def mark_of(calendar: WorkingCalendar) -> str:
    """By what a calendar is known; it changes when a year is published or mended (E-10)."""
    days = [
        f"{year}:{sorted(table.holidays)}:{sorted(table.workdays)}"
        for year, table in sorted(calendar.years.items())
    ]
    return hashlib.sha256("\n".join(days).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Rules:
    """The rulebook frozen into a case, and the calendar as it stands today."""

    book: Rulebook
    calendar: WorkingCalendar

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone (E-07)."""
        book = self.book
        return ZoneInfo(book.office.timezone)

    def day_of(self, at: datetime) -> date:
        """The office's date at an instant."""
        return at.astimezone(self.zone).date()

    def at(self, day: date, clock: str) -> datetime:
        """The instant of a time of day, as rulebooks write it; 24:00 is the next midnight."""
        if clock == _MIDNIGHT:
            return self.at(day + _DAY, "00:00")
        return datetime.combine(day, time.fromisoformat(clock), self.zone).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """The first instant that is late when `day` is the last day on time (E-06)."""
        book = self.book
        return self.at(day, book.deadline.closing_hour)

    def last_day(self, start: date, term: Term) -> Due:
        """The last day on time of a term in days, working days or months (E-01…E-05)."""
        return self.calendar.add(start, term.amount, _DAY_UNITS[term.unit])

    def counted(self, reason: DeadlineReason, start: datetime, begun_at: datetime, term: Term) -> Limit:
        """The date that a term sets, counted from its start."""
        if term.unit in _SECONDS:
            due_at = start + timedelta(seconds=term.amount * _SECONDS[term.unit])
            due = Due(on=self.day_of(due_at - _INSTANT), provisional=False)
        else:
            due = self.last_day(self.day_of(start), term)
            due_at = self.closing(due.on)
        limit = Limit(
            reason=reason,
            start=start,
            begun_at=begun_at,
            term=term,
            due_on=due.on,
            due_at=due_at,
            urge_at=None,
            provisional=due.provisional,
        )
        return self.urged_for(limit)

    def given(self, reason: DeadlineReason, until: date, start: datetime, begun_at: datetime) -> Limit:
        """A date that is not counted: consented to (S4-36), or taken over."""
        limit = Limit(
            reason=reason,
            start=start,
            begun_at=begun_at,
            term=None,
            due_on=until,
            due_at=self.closing(until),
            urge_at=None,
            provisional=not self.calendar.published(until.year),
        )
        return self.urged_for(limit)

    def capped(self, limit: Limit, accepted_at: datetime) -> Limit:
        """No date beyond the petition rules' time point, if that lies ahead (S2-30, E-15)."""
        last = self.time_point(accepted_at)
        if last is None or last.on >= limit.due_on or last.on < self.day_of(limit.begun_at):
            return limit
        sooner = replace(limit, due_on=last.on, due_at=self.closing(last.on), provisional=last.provisional)
        return self.urged_for(sooner)

    def time_point(self, accepted_at: datetime) -> Due | None:
        """The last day by which the whole case must be finished, where the office has one (S2-30)."""
        book = self.book
        if book.deadline.cap is None:
            return None
        return self.last_day(self.day_of(accepted_at), book.deadline.cap)

    def urged_for(self, limit: Limit) -> Limit:
        """The limit with the moment of its urging: at once when that has passed (S2-35, E-08, E-09)."""
        moment = self._urging(limit)
        if moment is None or limit.reason == "supervised":  # the slip itself has just urged the unit
            return replace(limit, urge_at=None)
        moment = max(moment, limit.begun_at)
        return replace(limit, urge_at=moment if moment < limit.due_at else None)

    def _urging(self, limit: Limit) -> datetime | None:
        book = self.book
        before = book.urge.before
        if before is None:
            return None
        if before.unit in _SECONDS:
            return limit.due_at - timedelta(seconds=before.amount * _SECONDS[before.unit])
        if before.unit == "wd":
            day = self.calendar.subtract_working_days(limit.due_on, before.amount)
        else:
            day = self.calendar.working_day_on_or_before(limit.due_on - timedelta(days=before.amount))
        return self.at(day, book.urge.at)
