"""The working calendar: which days are worked, and where a time limit ends.

The calendar is data. `deploy/offices/calendars/<year>.yaml` holds, for each year the State
Council has published, the weekdays off and the weekend days worked instead (调休). In a year
not yet published only weekends are known to be off, and a limit that runs into it is
provisional until the year is imported (E-10).
"""

import calendar as _months
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.yamlfile import label, read_yaml

CalendarUnit = Literal["day", "wd", "month"]

_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)
_YEARS_AHEAD: Final = 5  # precomputed beyond the last published year; past that days are walked


@dataclass(frozen=True)
class Due:
    """The last day on time. `provisional` when a year on the way is not published yet."""

    on: date
    provisional: bool


@dataclass(frozen=True)
class Year:
    """One published year: its weekdays off and its weekend days worked."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days from the published years; built once, it answers from a sorted table."""

    years: Mapping[int, Year]
    _table: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _until: date = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first = min(self.years, default=1)
        last = max(self.years, default=0) + (_YEARS_AHEAD if self.years else 0)
        table = (day for year in range(first, last + 1) for day in _days_of(year) if self.is_working_day(day))
        object.__setattr__(self, "_table", tuple(table))
        object.__setattr__(self, "_until", date(max(last, 1), 12, 31))

    def published(self, year: int) -> bool:
        """Whether the State Council's table for the year is loaded (E-01)."""
        return year in self.years

    def is_working_day(self, day: date) -> bool:
        """Weekdays but statutory holidays, and make-up weekend days, are worked (E-01)."""
        year = self.years.get(day.year)
        if year is not None and day in year.holidays:
            return False
        return day.weekday() < _SATURDAY or (year is not None and day in year.workdays)

    def add_working_days(self, start: date, amount: int) -> Due:
        """The `amount`-th working day after `start`; that of the event not counted (E-01…E-03)."""
        _at_least_one(amount)
        first = bisect_right(self._table, start)
        end = first + amount - 1
        if self._covers(start) and end < len(self._table):
            return self._due(start + _DAY, self._table[end])
        day = start
        while amount:
            day += _DAY
            amount -= self.is_working_day(day)
        return self._due(start + _DAY, day)

    def add_months(self, start: date, amount: int) -> Due:
        """The same day number `amount` months later, or that month's last day (E-04).

        An end on a holiday moves to the next working day (E-05).
        """
        _at_least_one(amount)
        years, month = divmod(start.month - 1 + amount, 12)
        year, month = start.year + years, month + 1
        last = _months.monthrange(year, month)[1]
        return self._moved(date(year, month, min(start.day, last)))

    def add_days(self, start: date, amount: int) -> Due:
        """Calendar days, that of the event not counted (E-02); an end on a holiday moves on (E-05)."""
        _at_least_one(amount)
        return self._moved(start + timedelta(days=amount))

    def add(self, start: date, amount: int, unit: CalendarUnit) -> Due:
        """A term in days, working days or months from the date of the event."""
        adds = {"day": self.add_days, "wd": self.add_working_days, "month": self.add_months}
        return adds[unit](start, amount)

    def subtract_working_days(self, day: date, amount: int) -> date:
        """The `amount`-th working day before `day`."""
        _at_least_one(amount)
        while amount:
            day -= _DAY
            amount -= self.is_working_day(day)
        return day

    def working_day_on_or_before(self, day: date) -> date:
        """The day itself when worked, else the last working day before it (E-08)."""
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def working_day_on_or_after(self, day: date) -> date:
        """The day itself when worked, else the next working day (E-05)."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end` (E-02)."""
        if self._covers(start) and end <= self._until:
            return max(0, bisect_right(self._table, end) - bisect_right(self._table, start))
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(map(self.is_working_day, days))

    def _moved(self, end: date) -> Due:
        return self._due(end, self.working_day_on_or_after(end))

    def _due(self, first: date, last: date) -> Due:
        provisional = not all(year in self.years for year in range(first.year, last.year + 1))
        return Due(on=last, provisional=provisional)

    def _covers(self, day: date) -> bool:
        return bool(self._table) and self._table[0].replace(month=1, day=1) <= day <= self._until


def load_calendar(folder: Path) -> WorkingCalendar:
    """The calendar of all `<year>.yaml` files in the folder; WrongSetting names file and key."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise WrongSetting(f"{folder.name}: holds no <year>.yaml")
    return WorkingCalendar({_year_of(path): _load_year(path) for path in files})


def calendar_of(tables: Mapping[int, Mapping[str, Iterable[date]]]) -> WorkingCalendar:
    """The calendar of a mapping year → {holidays, workdays}, as tests and imports hold it."""
    return WorkingCalendar(
        {
            year: Year(frozenset(table.get("holidays", ())), frozenset(table.get("workdays", ())))
            for year, table in tables.items()
        }
    )


def _load_year(path: Path) -> Year:
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise WrongSetting(f"{label(path)}: must hold the keys holidays and workdays")
    if unknown := sorted(map(str, content.keys() - {"holidays", "workdays"})):
        raise WrongSetting(f"{label(path)}: {unknown[0]}: Unknown field")
    year = _year_of(path)
    holidays = _dates(path, content, "holidays", year)
    workdays = _dates(path, content, "workdays", year)
    for key, days, weekend in (("holidays", holidays, False), ("workdays", workdays, True)):
        for day in sorted(days):
            if (day.weekday() >= _SATURDAY) is not weekend:
                kind = "a weekend day" if weekend else "a weekday"
                raise WrongSetting(f"{label(path)}: {key}: {day} is not {kind}")
    return Year(holidays=holidays, workdays=workdays)


def _dates(path: Path, content: Mapping[str, Any], key: str, year: int) -> frozenset[date]:
    if key not in content:
        raise WrongSetting(f"{label(path)}: {key}: Missing")
    days = content[key]
    if not isinstance(days, list):
        raise WrongSetting(f"{label(path)}: {key}: Not a list of dates")
    for at, day in enumerate(days):
        if type(day) is not date or day.year != year:
            raise WrongSetting(f"{label(path)}: {key}.{at}: {day!r} is not a date of {year}")
    if len(set(days)) != len(days):
        raise WrongSetting(f"{label(path)}: {key}: A date is written twice")
    return frozenset(days)


def _year_of(path: Path) -> int:
    if not (path.stem.isdigit() and len(path.stem) == len("2026")):
        raise WrongSetting(f"{label(path)}: a calendar file is named <year>.yaml")
    return int(path.stem)


def _days_of(year: int) -> Iterable[date]:
    first = date(year, 1, 1).toordinal()
    return map(date.fromordinal, range(first, date(year, 12, 31).toordinal() + 1))


def _at_least_one(amount: int) -> None:
    if amount < 1:
        raise ValueError(f"a term has at least 1 day or month, not {amount}")
