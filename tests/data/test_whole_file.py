"""The whole file of real replies, counted without the platform."""

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from deploy.local.platform import OFFICES
from deploy.local.replay import read
from deploy.local.replay.accounting import alone_on_time
from huiyin.chassis.calendar import WorkingCalendar, load_calendar
from huiyin.chassis.rulebook import load_offices

pytestmark = pytest.mark.data

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
MAPS = ROOT / "deploy" / "local" / "maps"


def in_fifteen_working_days(row: dict[str, str], calendar: WorkingCalendar) -> bool:
    """Counted day by day, by nothing but the published days off and make-up days."""
    day, left = day_of(row["submitted_at"]), 15
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working_day(day)
    return day_of(row["replied_at"]) <= day


def day_of(moment: str) -> date:
    return datetime.fromisoformat(moment).date()


def replies() -> list[dict[str, str]]:
    with (DATA / "replies.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_whole_file_alone_has_1502_first_replies_on_time_and_498_late() -> None:
    history = read(DATA / "replies.csv", MAPS / "replies.yaml", None)
    book = load_offices(OFFICES)["community-centre"].rulebook
    calendar = load_calendar(OFFICES / "calendars")
    judged = [alone_on_time(message, book, calendar) for message in history.messages]
    assert Counter(judged) == {True: 1502, False: 498}
    assert sum(in_fifteen_working_days(row, calendar) for row in replies()) == 1502


def test_what_came_by_a_channel_the_mapping_does_not_know_is_refused_by_row_and_never_bent() -> None:
    history = read(DATA / "hotline_city.csv", MAPS / "hotline_city.yaml", 300)
    assert sum(history.refused.values()) == 3
    assert all("channel" in why for why in history.refused)
    assert len(history.messages) == 297
