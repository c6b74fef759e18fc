"""The deadline vectors of 2024, by `huiyin deadline`: the very rules supervision counts by (TV-01…TV-06)."""

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.local.platform import OFFICES
from huiyin.cli.main import app

GENERAL = "general: {amount: 15, unit: wd}"


@pytest.fixture
def offices(tmp_path: Path) -> Path:
    """The offices' folder, whose rulebooks a test may change."""
    return Path(shutil.copytree(OFFICES, tmp_path / "offices"))


def told(start: str, class_: str, offices: Path = OFFICES) -> tuple[str, str | None]:
    """The last day on time, and when it is urged."""
    words = ("deadline", "-o", "community-centre", "-c", class_, "--json", "--offices", str(offices))
    result = CliRunner().invoke(app, words, input=start)
    assert result.exit_code == 0, result.output
    (found,) = json.loads(result.stdout)
    return found["due_on"], found["urge_at"]


@pytest.mark.clause("TV-01", "E-01", "E-02")
@pytest.mark.parametrize(
    ("amount", "due"),
    [(5, "2024-10-10"), (7, "2024-10-12"), (10, "2024-10-16"), (15, "2024-10-23"), (30, "2024-11-13")],
)
def test_working_days_leave_out_the_holidays_and_count_the_make_up_days(
    offices: Path, amount: int, due: str
) -> None:
    book = offices / "community-centre" / "rulebook.yaml"
    text = book.read_text(encoding="utf-8")
    assert text.count(GENERAL) == 1
    text = re.sub(r"(?m)^  target: .*$", "  target: null", text)
    changed = text.replace(GENERAL, f"general: {{amount: {amount}, unit: wd}}")
    ordinary = "ordinary: {amount: 15, unit: wd}"
    book.write_text(changed.replace(ordinary, f"ordinary: {{amount: {amount}, unit: wd}}"), encoding="utf-8")
    assert told("2024-09-27T10:00", "general", offices)[0] == due


@pytest.mark.clause("TV-02", "E-03")
@pytest.mark.parametrize("hour", ["00:00", "12:00", "23:59"])
def test_an_event_on_a_day_off_counts_from_the_next_working_day(hour: str) -> None:
    assert told(f"2024-09-28T{hour}", "consumer")[0] == "2024-10-12"


@pytest.mark.parametrize(
    ("start", "class_", "due"),
    [
        pytest.param("2024-07-01", "legacy", "2024-10-08", marks=pytest.mark.clause("TV-03", "E-05")),
        pytest.param("2024-08-05", "complex", "2024-10-08", marks=pytest.mark.clause("TV-04", "E-05")),
        pytest.param("2024-12-31", "complex", "2025-02-28", marks=pytest.mark.clause("TV-05", "E-04")),
        pytest.param("2024-11-30", "legacy", "2025-02-28", marks=pytest.mark.clause("TV-05", "E-04")),
    ],
)
def test_months_end_on_the_same_day_or_the_last_and_move_off_holidays(
    start: str, class_: str, due: str
) -> None:
    assert told(start, class_)[0] == due


@pytest.mark.clause("TV-06", "E-08")
def test_urging_three_days_before_a_holiday_moves_back_to_the_working_day_before() -> None:
    assert told("2024-08-05", "complex") == ("2024-10-08", "2024-09-30T09:00:00+08:00")


@pytest.mark.clause("E-07")
@pytest.mark.parametrize("start", ["2024-09-28T16:00:00Z", "2024-09-29T00:00", "2024-09-28T11:00-05:00"])
def test_the_day_is_that_of_utc_plus_eight_wherever_the_time_was_written(start: str) -> None:
    assert told(start, "consumer")[0] == "2024-10-14"
