"""The working calendar against the deadline vectors and against properties over all published years."""

import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.chassis.calendar import Due, WorkingCalendar, calendar_of, load_calendar
from huiyin.chassis.errors import WrongSetting

FOLDER = Path(__file__).parents[3] / "deploy" / "offices" / "calendars"
CALENDAR = load_calendar(FOLDER)

starts = st.dates(min_value=date(2004, 1, 1), max_value=date(2025, 6, 30))
amounts = st.integers(min_value=1, max_value=250)


@pytest.mark.clause("TV-01", "E-01", "E-02")
@pytest.mark.parametrize(
    ("amount", "due"),
    [
        (5, date(2024, 10, 10)),
        (7, date(2024, 10, 12)),
        (10, date(2024, 10, 16)),
        (15, date(2024, 10, 23)),
        (30, date(2024, 11, 13)),
    ],
)
def test_working_days_leave_out_the_holidays_and_count_the_make_up_days(amount: int, due: date) -> None:
    assert CALENDAR.add_working_days(date(2024, 9, 27), amount) == Due(on=due, provisional=False)


@pytest.mark.clause("TV-02", "E-03")
def test_an_event_on_a_day_off_has_the_first_working_day_after_it_as_day_one() -> None:
    assert CALENDAR.add_working_days(date(2024, 9, 28), 1).on == date(2024, 9, 29)
    assert CALENDAR.add_working_days(date(2024, 9, 28), 7).on == date(2024, 10, 12)


@pytest.mark.clause("TV-03", "TV-04", "E-05")
@pytest.mark.parametrize(("start", "amount"), [(date(2024, 7, 1), 3), (date(2024, 8, 5), 2)])
def test_a_month_term_that_ends_on_a_holiday_moves_to_the_next_working_day(start: date, amount: int) -> None:
    assert CALENDAR.add_months(start, amount) == Due(on=date(2024, 10, 8), provisional=False)


@pytest.mark.clause("TV-05", "E-04")
@pytest.mark.parametrize(("start", "amount"), [(date(2024, 12, 31), 2), (date(2024, 11, 30), 3)])
def test_a_month_term_without_its_day_number_ends_on_the_last_day_of_the_month(
    start: date, amount: int
) -> None:
    assert CALENDAR.add_months(start, amount).on == date(2025, 2, 28)


@pytest.mark.clause("TV-06", "E-08")
def test_an_urging_day_on_a_holiday_moves_to_the_working_day_before() -> None:
    assert CALENDAR.working_day_on_or_before(date(2024, 10, 8) - timedelta(days=3)) == date(2024, 9, 30)


def test_calendar_days_that_end_on_a_day_off_move_on() -> None:
    assert CALENDAR.add_days(date(2024, 9, 24), 7).on == date(2024, 10, 8)
    assert CALENDAR.add_days(date(2024, 9, 20), 3).on == date(2024, 9, 23)


def test_a_term_chooses_its_way_by_its_unit() -> None:
    start = date(2024, 9, 27)
    assert CALENDAR.add(start, 7, "wd") == CALENDAR.add_working_days(start, 7)
    assert CALENDAR.add(start, 7, "day") == CALENDAR.add_days(start, 7)
    assert CALENDAR.add(start, 2, "month") == CALENDAR.add_months(start, 2)


def test_every_year_from_2004_to_2026_is_published_and_2027_is_not() -> None:
    assert all(CALENDAR.published(year) for year in range(2004, 2027))
    assert not CALENDAR.published(2027)


def test_a_limit_that_runs_into_an_unpublished_year_is_provisional() -> None:
    assert not CALENDAR.add_working_days(date(2026, 12, 24), 5).provisional
    assert CALENDAR.add_working_days(date(2026, 12, 24), 10).provisional
    assert CALENDAR.add_months(date(2026, 11, 10), 2).provisional
    assert not CALENDAR.add_months(date(2026, 10, 10), 2).provisional


def test_an_unpublished_year_counts_plain_weekends_only() -> None:
    assert CALENDAR.add_working_days(date(2026, 12, 31), 1) == Due(on=date(2027, 1, 1), provisional=True)
    assert CALENDAR.add_working_days(date(2040, 1, 6), 5) == Due(on=date(2040, 1, 13), provisional=True)


def test_a_calendar_without_any_year_still_knows_weekends() -> None:
    empty = WorkingCalendar({})
    assert empty.add_working_days(date(2024, 9, 27), 5) == Due(on=date(2024, 10, 4), provisional=True)
    assert empty.working_days_between(date(2024, 9, 27), date(2024, 10, 4)) == 5


def test_importing_a_year_makes_its_limits_final_and_exact() -> None:
    with_holiday = calendar_of({**_tables(), 2027: {"holidays": [date(2027, 1, 1)], "workdays": []}})
    assert with_holiday.add_working_days(date(2026, 12, 31), 1) == Due(on=date(2027, 1, 4), provisional=False)


@given(start=starts, amount=amounts)
def test_the_working_days_after_the_start_up_to_the_due_day_are_as_many_as_the_term(
    start: date, amount: int
) -> None:
    due = CALENDAR.add_working_days(start, amount).on
    days = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert sum(map(CALENDAR.is_working_day, days)) == amount
    assert CALENDAR.working_days_between(start, due) == amount
    assert CALENDAR.is_working_day(due)


@given(start=starts, amount=amounts)
def test_a_later_start_or_a_longer_term_is_never_due_earlier(start: date, amount: int) -> None:
    due = CALENDAR.add_working_days(start, amount).on
    assert CALENDAR.add_working_days(start + timedelta(days=1), amount).on >= due
    assert CALENDAR.add_working_days(start, amount + 1).on > due


@given(start=starts, amount=st.integers(min_value=1, max_value=12))
def test_a_month_term_ends_on_a_working_day_and_never_before_its_day(start: date, amount: int) -> None:
    due = CALENDAR.add_months(start, amount).on
    assert CALENDAR.is_working_day(due)
    assert CALENDAR.add_months(start + timedelta(days=1), amount).on >= due


@given(start=starts, amount=st.integers(min_value=1, max_value=30))
def test_going_back_undoes_going_on_from_a_working_day(start: date, amount: int) -> None:
    start = CALENDAR.working_day_on_or_after(start)
    assert CALENDAR.subtract_working_days(CALENDAR.add_working_days(start, amount).on, amount) == start


def test_ten_thousand_additions_take_less_than_a_second_of_the_processor() -> None:
    start = date(2004, 1, 1)
    begun = time.process_time()
    for n in range(10_000):
        CALENDAR.add_working_days(start + timedelta(days=n % 7_000), 1 + n % 60)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("amount", [0, -1])
def test_a_term_without_a_day_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        CALENDAR.add_working_days(date(2024, 9, 27), amount)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("2024.yaml", "holidays: []", "calendars/2024.yaml: workdays: Missing"),
        ("2024.yaml", "holidays: []\nworkdays: []\nextra: 1", "calendars/2024.yaml: extra: Unknown field"),
        ("2024.yaml", "holidays: [2023-10-02]\nworkdays: []", "calendars/2024.yaml: holidays.0:"),
        ("2024.yaml", "holidays: [maybe]\nworkdays: []", "calendars/2024.yaml: holidays.0:"),
        ("2024.yaml", "holidays: [2024-10-05]\nworkdays: []", "2024-10-05 is not a weekday"),
        ("2024.yaml", "holidays: []\nworkdays: [2024-10-04]", "2024-10-04 is not a weekend day"),
        ("2024.yaml", "holidays: [2024-10-01, 2024-10-01]\nworkdays: []", "written twice"),
        ("2024.yaml", "holidays: []\nholidays: []\nworkdays: []", "holidays: written twice"),
        ("2024.yaml", "[]", "must hold the keys"),
        ("next.yaml", "holidays: []\nworkdays: []", "calendars/next.yaml: a calendar file is named <year>"),
    ],
)
def test_a_wrong_calendar_file_is_refused_with_file_and_key(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    folder = tmp_path / "calendars"
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(WrongSetting) as wrong:
        load_calendar(folder)
    assert message in str(wrong.value)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="holds no"):
        load_calendar(tmp_path)


def _tables() -> dict[int, dict[str, list[date]]]:
    return {
        year: {"holidays": sorted(table.holidays), "workdays": sorted(table.workdays)}
        for year, table in CALENDAR.years.items()
    }
