"""`huiyin deadline`: line by line, and against a walk over the calendar files, day by day."""

import calendar
import json
import random
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml

from deploy.local.platform import OFFICES
from tests.unit.cli.conftest import Huiyin

DAY = timedelta(days=1)
STARTS = 2_000


# -- the oracle: no table, no bisection, nothing of the platform's ------------------------------


@cache
def exceptions() -> tuple[frozenset[date], frozenset[date]]:
    years = [yaml.safe_load(path.read_text()) for path in (OFFICES / "calendars").glob("*.yaml")]
    off = (day for year in years for day in year["holidays"])
    return frozenset(off), frozenset(day for year in years for day in year["workdays"])


def worked(day: date) -> bool:
    off, made_up = exceptions()
    return day in made_up or (day.isoweekday() <= 5 and day not in off)


def walked(start: date, working_days: int) -> tuple[date, bool]:
    day = start
    while working_days:
        day += DAY
        working_days -= 1 if worked(day) else 0
    return day, day.year > 2026


def months_on(start: date, months: int) -> tuple[date, bool]:
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
    while not worked(day):
        day += DAY
    return day, day.year > 2026


def random_starts() -> Iterator[datetime]:
    seeded = random.Random(35)
    first, last = date(2004, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
    for _ in range(STARTS):
        day = date.fromordinal(seeded.randint(first, last))
        yield datetime(day.year, day.month, day.day, seeded.randrange(24), seeded.randrange(60))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("office", "class_", "amount", "unit"),
    [
        pytest.param("community-centre", "general", 15, "wd", marks=pytest.mark.clause("S2-31", "E-01")),
        pytest.param("community-centre", "complex", 2, "month", marks=pytest.mark.clause("S2-32", "E-04")),
        pytest.param("community-centre", "legacy", 3, "month", marks=pytest.mark.clause("S2-33", "E-04")),
        pytest.param("community-centre", "letter", 15, "wd", marks=pytest.mark.clause("S2-63", "E-02")),
        pytest.param("community-centre", "leader", 2, "month", marks=pytest.mark.clause("E-04")),
        pytest.param("community-centre", "consumer", 7, "wd", marks=pytest.mark.clause("X-34")),
        pytest.param("mayors-line", "general", 7, "wd", marks=pytest.mark.clause("S4-34", "E-01")),
        pytest.param("mayors-line", "consumer", 7, "wd"),
    ],
)
def test_two_thousand_starts_agree_with_a_walk_from_day_to_day(
    huiyin: Huiyin, office: str, class_: str, amount: int, unit: str
) -> None:
    starts = list(random_starts())
    told = huiyin("deadline", "-o", office, "-c", class_, typed="\n".join(map(datetime.isoformat, starts)))
    walk = walked if unit == "wd" else months_on
    expected = [
        f"{day}{' provisional' if provisional else ''}"
        for day, provisional in (walk(start.date(), amount) for start in starts)
    ]
    assert told.stdout.splitlines() == expected
    assert told.exit_code == 0


# -- the hard lines -----------------------------------------------------------------------------


def lines(huiyin: Huiyin, typed: str, office: str = "mayors-line", class_: str = "general") -> list[str]:
    return huiyin("deadline", "--office", office, "--class", class_, typed=typed).stdout.splitlines()


HARD = (
    ("2024-09-24T09:00", "2024-10-09", "a make-up Sunday counts, National Day's week does not"),
    ("2024-09-29T09:00", "2024-10-14", "the day of the event is not counted, though it is worked"),
    ("2024-10-01T03:00", "2024-10-15", "from a holiday, the first working day after it is day 1"),
    ("2024-09-28T23:59:59.999999", "2024-10-12", "the last moment of a day is still that day"),
    ("2024-09-28T24:00", "2024-10-14", "24:00 is the next day's midnight"),
    ("2024-09-28 24:00:00", "2024-10-14", "with a space and seconds, too"),
    ("2024-09-28T24:00+08:00", "2024-10-14", "and with its zone"),
    ("2024-09-28T16:00:00Z", "2024-10-14", "16:00 in Greenwich is midnight in Shanghai"),
    ("2024-09-28T15:59:59+00:00", "2024-10-12", "a second earlier it is still the day before"),
    ("2024-09-28T20:00-05:00", "2024-10-14", "another offset is converted first"),
    ("2024-09-28", "2024-10-12", "a day alone is its midnight"),
    ("2025-01-24T10:00", "2025-02-10", "Spring Festival, with both its make-up days"),
    ("2026-12-22T10:00", "2026-12-31", "the last day of the last published year is certain"),
    ("2026-12-23T10:00", "2027-01-01 provisional", "a year not published: only weekends are off"),
    ("2003-12-30T10:00", "2004-01-09 provisional", "a start before the first published year"),
)


@pytest.mark.clause("E-01", "E-03", "E-07")
def test_hard_starts(huiyin: Huiyin) -> None:
    told = lines(huiyin, "\n".join(start for start, _, _ in HARD))
    assert [(start, due, why) for (start, _, why), due in zip(HARD, told, strict=True)] == list(HARD)


def test_a_file_may_begin_with_a_byte_order_mark(huiyin: Huiyin, tmp_path: Path) -> None:
    (tmp_path / "starts.txt").write_text("2024-09-28\r\n", encoding="utf-8-sig")
    told = huiyin("deadline", "-o", "mayors-line", "-c", "general", tmp_path / "starts.txt")
    assert told.stdout == "2024-10-12\n"


@pytest.mark.clause("E-04", "E-05")
@pytest.mark.parametrize(
    ("start", "class_", "due"),
    [
        ("2024-12-31T09:00", "complex", "2025-02-28"),
        ("2023-12-31T09:00", "complex", "2024-02-29"),
        ("2024-08-01T09:00", "complex", "2024-10-08"),
        ("2024-07-05T09:00", "legacy", "2024-10-08"),
        ("2024-07-12T09:00", "legacy", "2024-10-12"),
        ("2024-07-31T09:00", "leader", "2024-09-30"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_and_move_off_holidays(
    huiyin: Huiyin, start: str, class_: str, due: str
) -> None:
    assert lines(huiyin, start, "community-centre", class_) == [due]


def test_the_petition_rules_time_point_caps_a_longer_limit(huiyin: Huiyin, own_offices: Path) -> None:
    book = own_offices / "community-centre" / "rulebook.yaml"
    text = book.read_text(encoding="utf-8")
    book.write_text(
        text.replace("cap: {amount: 3, unit: month}", "cap: {amount: 60, unit: day}"), encoding="utf-8"
    )
    for class_, due in (("legacy", "2024-08-30"), ("leader", "2024-08-30"), ("general", "2024-07-22")):
        words = ("deadline", "-o", "community-centre", "-c", class_, "--offices", own_offices)
        assert huiyin(*words, typed="2024-07-01").stdout.split() == [due]


def test_ten_thousand_lines_take_less_than_five_seconds(huiyin: Huiyin) -> None:
    typed = "".join(f"{2004 + n % 23}-{1 + n % 12:02}-{1 + n % 28:02}T09:00\n" for n in range(10_000))
    began = time.process_time()
    told = huiyin("deadline", "-o", "mayors-line", "-c", "general", typed=typed)
    assert (told.exit_code, told.stdout.count("\n")) == (0, 10_000)
    assert time.process_time() - began < 5


def test_a_line_in_error_stands_in_its_place_and_the_others_are_answered(huiyin: Huiyin) -> None:
    typed = "2024-09-28T09:00\n\n2024-02-30\nsoon\n9999-12-31\n2024-09-28T25:00\n2024-09-28T09:00\n"
    told = huiyin("deadline", "-o", "mayors-line", "-c", "general", typed=typed)
    first, *wrong, last = told.stdout.splitlines()
    assert (first, last, len(wrong)) == ("2024-10-12", "2024-10-12", 5)
    assert all(line.startswith("error: ") for line in wrong)
    assert told.exit_code == 2


def test_nothing_in_is_nothing_out(huiyin: Huiyin) -> None:
    told = huiyin("deadline", "-o", "mayors-line", "-c", "general", typed="")
    assert (told.stdout, told.exit_code) == ("", 0)


def test_as_json_it_is_one_array_with_the_start_it_understood(huiyin: Huiyin) -> None:
    told = huiyin("deadline", "-o", "mayors-line", "-c", "general", "--json", typed="2024-09-28\nsoon\n")
    good, wrong = json.loads(told.stdout)
    start, due = "2024-09-28T00:00:00+08:00", "2024-10-12"
    assert good == {"start": start, "due_on": due, "provisional": False, "urge_at": None}
    assert list(wrong) == ["error"]


def test_a_class_the_office_lacks_is_wrong_use_and_those_it_has_are_named(huiyin: Huiyin) -> None:
    told = huiyin("deadline", "-o", "mayors-line", "-c", "letter", typed="2024-09-28\n")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "general、consumer、unfair_competition" in told.stderr
    told = huiyin("deadline", "-o", "community-centre", "-c", "x", typed="")
    assert "general、complex、legacy、letter、leader、consumer" in told.stderr


def test_an_office_that_is_not_there_is_wrong_use(huiyin: Huiyin) -> None:
    told = huiyin("deadline", "-o", "nowhere", "-c", "general", typed="")
    assert told.exit_code == 2
    assert (
        "、".join(sorted(path.name for path in OFFICES.iterdir() if path.name != "calendars")) in told.stderr
    )
