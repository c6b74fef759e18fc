"""When an office looks at what came in: at once while it is open, else when it opens next (X-20)."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from huiyin.chassis.calendar import load_calendar
from huiyin.chassis.rulebook import Opening, Rulebook
from services.intake.domain.hours import attended_from
from tests.unit.offices import OFFICES, rulebook

CALENDAR = load_calendar(OFFICES / "calendars")
SHANGHAI = ZoneInfo("Asia/Shanghai")
CENTRE = rulebook("community-centre")


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)


def opened(*spans: tuple[str, str, str]) -> Rulebook:
    openings = tuple(Opening(from_=from_, to=to, days=days) for from_, to, days in spans)  # type: ignore[arg-type]
    return replace(CENTRE, intake=replace(CENTRE.intake, hours={"visit": openings}))


@pytest.mark.parametrize(
    ("came", "looked"),
    [
        ("2024-09-26 10:00", "2024-09-26 10:00"),
        ("2024-09-26 08:59", "2024-09-26 09:00"),
        ("2024-09-26 16:59", "2024-09-26 16:59"),
        ("2024-09-26 17:00", "2024-09-27 09:00"),
        ("2024-09-28 10:00", "2024-09-29 09:00"),  # Saturday off; the Sunday is a make-up day
        ("2024-09-30 17:30", "2024-10-08 09:00"),  # National Day's week
    ],
)
def test_a_window_looks_in_its_hours_of_working_days(came: str, looked: str) -> None:
    assert attended_from(CENTRE, "visit", at(came), CALENDAR) == at(looked)


def test_a_channel_without_hours_is_always_open() -> None:
    midnight = at("2024-10-01 03:00")
    assert attended_from(CENTRE, "call", midnight, CALENDAR) == midnight


def test_around_the_clock_is_every_minute_of_every_day() -> None:
    book = opened(("00:00", "24:00", "all"))
    for moment in ("2024-10-01 00:00", "2024-10-01 23:59:59.999", "2024-02-10 04:00"):
        assert attended_from(book, "visit", at(moment), CALENDAR) == at(moment)


def test_between_two_openings_it_waits_for_the_next() -> None:
    book = opened(("14:00", "17:00", "all"), ("09:00", "12:00", "all"))
    assert attended_from(book, "visit", at("2024-09-26 12:30"), CALENDAR) == at("2024-09-26 14:00")
