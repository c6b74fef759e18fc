"""When the retention of a month is over: by the rulebook's years, from the end of its last case."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from huiyin.chassis.rulebook import Rulebook
from services.intake.domain.retention import Counts, Retention, add_years, of_month
from tests.unit.intake.cases import CENTRE, MAYORS

LATER = date(2030, 1, 1)


def _book(*, years: int | None = 10, destroy: bool = True) -> Rulebook:
    return replace(MAYORS, archive=replace(MAYORS.archive, retention_years=years, destroy=destroy))


def _judged(today: date, book: Rulebook | None = None, still_open: int = 0, lately: int = 0) -> Retention:
    counts = Counts(still_open=lambda _: still_open, concluded_since=lambda _until, _since: lately)
    return of_month("2014-09", book or _book(), today, counts)


@pytest.mark.parametrize(("today", "over"), [(date(2024, 9, 30), False), (date(2024, 10, 1), True)])
def test_a_month_is_kept_to_the_last_day_of_its_years(today: date, over: bool) -> None:
    judged = _judged(today)
    assert (judged.over, judged.ends_on) == (over, date(2024, 9, 30))
    assert bool(judged.why) is not over


def test_nothing_is_destroyed_where_the_rulebook_does_not_say_so() -> None:
    assert not _judged(LATER, MAYORS).over
    assert "archive.destroy" in _judged(LATER, MAYORS).why
    without_end = _judged(LATER, CENTRE)
    assert (without_end.over, without_end.ends_on) == (False, None)


def test_an_open_case_and_one_that_ended_lately_keep_the_month() -> None:
    assert "3 件未办结" in _judged(LATER, still_open=3).why
    assert "2 件办结未满 10 年" in _judged(LATER, lately=2).why


def test_cases_are_counted_to_the_months_end_and_from_so_many_years_ago() -> None:
    asked: list[datetime] = []

    def note(*moments: datetime) -> int:
        asked.extend(moments)
        return 0

    of_month("2012-02", _book(years=12), date(2024, 2, 29), Counts(note, note))
    assert not asked, "its term still runs"
    of_month("2011-12", _book(years=12), date(2024, 2, 29), Counts(note, note))
    first_of_2012 = datetime(2012, 1, 1, tzinfo=UTC)
    assert asked == [first_of_2012, first_of_2012, datetime(2012, 2, 29, tzinfo=UTC)]


def test_a_leap_day_has_an_end_in_every_year() -> None:
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
