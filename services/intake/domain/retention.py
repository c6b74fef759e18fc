"""How long what a month's key sealed is kept: the rulebook's years from the end of each case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from huiyin.chassis.rulebook import Rulebook


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Whether a month's key may go; `ends_on` is the last day it must be kept, `why` tells why not yet."""

    month: str
    over: bool
    ends_on: date | None
    why: str


@dataclass(frozen=True)
class Counts:
    """How many cases accepted up to the end of a month are open, and how many were concluded since."""

    still_open: Callable[[datetime], int]
    concluded_since: Callable[[datetime, datetime], int]


def of_month(month: str, book: Rulebook, today: date, counts: Counts) -> Retention:
    """Retention runs from the conclusion of every case that may have anything under the month's key.

    No destruction by default (E-127); deletion is a custodian's decision afterwards (S0-05).
    """
    years = book.archive.retention_years
    if years is None:
        return Retention(month=month, over=False, ends_on=None, why="本机构规定长期保管，没有期限")
    ends_on = add_years(_last_day(month), years)
    why = _why_not(book, month, ends_on, today, counts)
    return Retention(month=month, over=not why, ends_on=ends_on, why=why)


def _why_not(book: Rulebook, month: str, ends_on: date, today: date, counts: Counts) -> str:
    years = book.archive.retention_years
    assert years is not None, "asked before"
    if today <= ends_on:
        return f"保管期至 {ends_on} 止"
    if not book.archive.destroy:
        return "本机构规定期满不销毁（archive.destroy）"
    until = _begin(_last_day(month) + timedelta(days=1))
    if open_cases := counts.still_open(until):
        return f"该月及以前受理的诉求还有 {open_cases} 件未办结"
    if lately := counts.concluded_since(until, _begin(add_years(today, -years))):
        return f"该月及以前受理的诉求有 {lately} 件办结未满 {years} 年"
    return ""


def add_years(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _last_day(month: str) -> date:
    first = date.fromisoformat(f"{month}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _begin(day: date) -> datetime:
    """Keys are named by the month in UTC, so the month's bounds are UTC's, too."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
