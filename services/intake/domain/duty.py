"""The turns of duty: every moment belongs to one day and one duty of the office (S4-22)."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from huiyin.chassis.rulebook import Rulebook

Span = tuple[datetime, datetime]


def span(day: date, duty: str | None, book: Rulebook) -> Span:
    """From when until when a duty of the day lasts, or the whole day of duty; KeyError: no such duty."""
    begins = _begins(day, book)
    order = sorted(begins, key=begins.__getitem__)
    end = begins[order[0]] + timedelta(days=1)
    if duty is None:
        return begins[order[0]], end
    ends = dict(zip(order, [*(begins[name] for name in order[1:]), end], strict=True))
    return begins[duty], ends[duty]


def duty_at(at: datetime, book: Rulebook) -> tuple[date, str]:
    """The day and the duty a moment belongs to; before the first duty of a day, to the day before."""
    local = at.astimezone(ZoneInfo(book.office.timezone))
    for day in (local.date(), local.date() - timedelta(days=1)):
        running = {name: begin for name, begin in _begins(day, book).items() if begin <= local}
        if running:
            return day, max(running, key=running.__getitem__)
    raise AssertionError("yesterday's duties have begun")


def _begins(day: date, book: Rulebook) -> Mapping[str, datetime]:
    zone = ZoneInfo(book.office.timezone)
    return {
        name: datetime.combine(day, time.fromisoformat(duty.from_), zone)
        for name, duty in book.taking.duties.items()
    }
