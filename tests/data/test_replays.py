"""Real history through the whole platform: `make test-data`, with ../shared/data beside the checkout."""

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from deploy.local.platform import OFFICES
from deploy.local.replay import Books, Punctuality, Replay, read, replay
from deploy.local.replay.accounting import alone_on_time
from huiyin.chassis.calendar import WorkingCalendar, load_calendar
from huiyin.chassis.rulebook import load_offices

pytestmark = [pytest.mark.data, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
MAPS = ROOT / "deploy" / "local" / "maps"
ROWS = 300
FEW = 30


def play(name: str, office: str, folder: Path, rows: int) -> Books:
    history = read(DATA / f"{name}.csv", MAPS / f"{name}.yaml", rows)
    return replay(Replay(history, office, seed=1), folder, print, lambda _: None)


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


def test_replies_go_to_the_archive_and_the_platform_counts_them_as_the_file_does(tmp_path: Path) -> None:
    books = play("replies", "community-centre", tmp_path, ROWS)
    assert books.problems == ()
    assert books.events["case.registered"] == books.archived == ROWS
    assert books.platform == books.alone
    assert books.platform.on_time + books.platform.late == ROWS
    assert books.compared > ROWS * 20


def test_the_hotline_refuses_what_it_does_not_take_and_calls_nobody_who_gave_no_name(tmp_path: Path) -> None:
    books = play("hotline_city", "mayors-line", tmp_path, ROWS)
    assert books.problems == ()
    refused = sum(books.refused.values())
    assert refused > 0, "some channels of the file are none of the office's"
    assert books.events["case.registered"] == books.archived == ROWS - refused
    assert books.alone is None, "the file does not tell when replies were given"
    assert 0 < books.events["contact.attempted"] < books.events["case.registered"]


def test_two_runs_with_one_seed_print_the_same(tmp_path: Path) -> None:
    first, second = (play("replies", "community-centre", tmp_path / name, FEW) for name in ("a", "b"))
    assert first == second
    assert first.platform != Punctuality(0, 0)
