"""`huiyin calendar`: a year is imported whole, checked, and never overwritten by accident."""

import json
from pathlib import Path

import pytest

from huiyin.chassis.calendar import load_calendar
from tests.unit.cli.conftest import Huiyin

CSV = "date,kind,name\n2027-01-01,holiday,元旦\n2027-02-08,休,春节\n2027-02-13,班,春节\n"
YAML = "holidays: # 放假\n  - 2027-01-01\nworkdays: []\n"


@pytest.fixture
def published(tmp_path: Path) -> Path:
    file = tmp_path / "2027.csv"
    file.write_text(CSV, encoding="utf-8")
    return file


def test_a_year_comes_in_by_csv_with_its_names(huiyin: Huiyin, own_offices: Path, published: Path) -> None:
    told = huiyin("calendar", "import", published, "--offices", own_offices)
    assert told.exit_code == 0, told.stderr
    assert "重启 supervision" in told.stdout
    year = load_calendar(own_offices / "calendars").years[2027]
    assert sorted(map(str, year.holidays)) == ["2027-01-01", "2027-02-08"]
    assert sorted(map(str, year.workdays)) == ["2027-02-13"]
    assert "2027-02-08 # 春节" in (own_offices / "calendars" / "2027.yaml").read_text()


def test_yaml_is_taken_over_as_it_is(huiyin: Huiyin, own_offices: Path, tmp_path: Path) -> None:
    (tmp_path / "new.yml").write_text(YAML, encoding="utf-8")
    told = huiyin("calendar", "import", tmp_path / "new.yml", "--json", "--offices", own_offices)
    assert json.loads(told.stdout) == {
        "year": 2027,
        "holidays": ["2027-01-01"],
        "workdays": [],
        "written": True,
    }
    assert (own_offices / "calendars" / "2027.yaml").read_text(encoding="utf-8") == YAML
    assert not list((own_offices / "calendars").glob(".*")), "no draft stays"


def test_the_same_year_again_changes_nothing(huiyin: Huiyin, own_offices: Path, published: Path) -> None:
    huiyin("calendar", "import", published, "--offices", own_offices)
    told = huiyin("calendar", "import", published, "--offices", own_offices)
    assert (told.exit_code, told.stdout) == (0, "2027: 没有变化 (nothing changes)\n")


def test_another_content_is_refused_with_the_difference_until_replace_is_said(
    huiyin: Huiyin, own_offices: Path, published: Path
) -> None:
    huiyin("calendar", "import", published, "--offices", own_offices)
    published.write_text(CSV.replace("2027-02-08", "2027-02-09"), encoding="utf-8")
    refused = huiyin("calendar", "import", published, "--offices", own_offices)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "- 2027-02-08" in refused.stderr
    assert "+ 2027-02-09" in refused.stderr
    assert "2027-02-08" in (own_offices / "calendars" / "2027.yaml").read_text()
    assert huiyin("calendar", "import", published, "--replace", "--offices", own_offices).exit_code == 0
    assert "2027-02-09" in (own_offices / "calendars" / "2027.yaml").read_text()


@pytest.mark.parametrize(
    ("name", "content", "code", "told"),
    [
        ("x.csv", "date,kind\n2027-01-02,holiday\n", 1, "holidays: 2027-01-02 is not a weekday"),
        ("x.csv", "date,kind\n2027-01-04,workday\n", 1, "workdays: 2027-01-04 is not a weekend day"),
        ("x.csv", "date,kind\n2027-01-01,holiday\n2028-01-03,holiday\n", 1, "holidays.1"),
        ("x.csv", "date,kind\n2027-01-01,holiday\n2027-01-01,holiday\n", 1, "A date is written twice"),
        ("x.csv", "date,kind\n2027-01-01,holiday\n01.02.2027,holiday\n", 2, "line 3"),
        ("x.csv", "date,kind\n2027-01-01,party\n", 2, "line 2"),
        ("x.csv", "date,kind\n", 2, "holds no date"),
        ("x.yaml", "holidays: [2027-01-01]\n", 1, "workdays: Missing"),
        ("x.yaml", "holidays: [2027-01-01]\nworkdays: []\nother: []\n", 1, "other: Unknown field"),
        ("x.yaml", "holidays: {", 1, "line "),
        ("x.yaml", "just words\n", 2, "holds no date"),
    ],
)
def test_a_wrong_file_is_named_with_its_key_or_line_and_nothing_is_written(
    huiyin: Huiyin, own_offices: Path, tmp_path: Path, name: str, content: str, code: int, told: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    answer = huiyin("calendar", "import", tmp_path / name, "--offices", own_offices)
    assert (answer.exit_code, answer.stdout) == (code, "")
    assert told in answer.stderr
    assert not (own_offices / "calendars" / "2027.yaml").exists()


def test_years_and_days_are_shown(huiyin: Huiyin) -> None:
    years = json.loads(huiyin("calendar", "show", "--json").stdout)
    assert years[-1] == {"year": 2026, "holidays": 19, "workdays": 6}
    assert "2026-02-14  周六" in huiyin("calendar", "show", 2026).stdout
    told = huiyin("calendar", "show", 2031)
    assert told.exit_code == 1
    assert "2004–2026" in told.stderr
