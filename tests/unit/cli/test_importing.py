"""`huiyin import` without a platform: judging, keys, the file to be mended, and the journal."""

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner, Result

from deploy.local.keys import ensure_keys
from huiyin.chassis.rulebook import load_office
from huiyin.cli import local
from huiyin.cli.importing.journal import Journal
from huiyin.cli.importing.keys import keyed
from huiyin.cli.main import app
from huiyin.client import line
from huiyin.rows import load_map, open_table, read_rows

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "deploy" / "local" / "maps"
MAP = """
columns: {id: 编号, text: 内容, name: 姓名, phone: 电话}
defaults: {channel: call, kind: complaint, category: transport/bus, area: "990101001", work_unit: 无}
"""
HEADER = "编号,内容,姓名,电话"
GOOD, NO_PHONE = "1,公交车不停站,柏守拙,19900000001", "2,公交车不停站,柏守拙,"


@pytest.fixture(autouse=True)
def offices_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "load_office", _office)


_office = cache(load_office)


def run(file: Path, map_: Path, *options: str) -> Result:
    folders = ["--offices", str(ROOT / "deploy" / "offices"), "--local", str(file.parent / "local")]
    return CliRunner().invoke(app, ["import", str(file), "--map", str(map_), *folders, *options])


def given(folder: Path, *lines: str, map_: str = MAP) -> tuple[Path, Path]:
    (folder / "map.yaml").write_text(map_, encoding="utf-8")
    (folder / "rows.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8-sig")
    return folder / "rows.csv", folder / "map.yaml"


def keys_of(folder: Path, *lines: str, map_: str = MAP, office: str = "mayors-line") -> list[str]:
    file, mapping = given(folder, *lines, map_=map_)
    by = load_map(mapping)
    with open_table(file) as table:
        return [k.key for k in keyed(read_rows(table, by), table, by, office, "id")]


# -- judging ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "options", "good", "bad"),
    [("petitions", [], 3, [5, 6]), ("running", ["--open"], 2, [4, 5])],
)
def test_the_samples_are_judged_as_the_page_says(
    tmp_path: Path, sample: str, options: list[str], good: int, bad: list[int]
) -> None:
    file = tmp_path / f"{sample}.csv"
    file.write_bytes((SAMPLES / file.name).read_bytes())
    result = run(file, SAMPLES / f"{sample}.yaml", "--dry-run", "--json", *options)
    report = json.loads(result.stdout)
    assert (result.exit_code, report["good"], [b["line"] for b in report["bad_rows"]]) == (2, good, bad)


def test_the_samples_bad_rows_can_be_mended_as_the_page_says(tmp_path: Path) -> None:
    (tmp_path / "petitions.csv").write_bytes((SAMPLES / "petitions.csv").read_bytes())
    run(tmp_path / "petitions.csv", SAMPLES / "petitions.yaml", "--dry-run")
    bad = tmp_path / "petitions.bad.csv"
    mended = (
        bad.read_text(encoding="utf-8")
        .replace(",传真,", ",网站,")
        .replace("韩清扬,,", "韩清扬,,a@mail.example")
    )
    bad.write_text(mended, encoding="utf-8")
    assert run(bad, SAMPLES / "petitions.yaml", "--dry-run").exit_code == 0


def test_a_good_file_ends_with_0_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    assert run(*given(tmp_path, GOOD), "--dry-run").exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map.yaml", "rows.csv"]


def test_the_offices_own_rules_judge_and_name_the_files_column(tmp_path: Path) -> None:
    result = run(*given(tmp_path, GOOD, NO_PHONE), "--dry-run")
    assert result.exit_code == 2
    assert "第 3 行 (line 3): 电话：本渠道必填" in result.stdout


def test_an_empty_field_that_every_complaint_needs_is_told_beside_the_rest(tmp_path: Path) -> None:
    kinds = MAP.replace("text: 内容", "text: 内容, kind: 电话").replace("kind: complaint, ", "")
    file, mapping = given(tmp_path, "1,,柏守拙,求决", map_=kinds + "values: {kind: {投诉: complaint}}\n")
    (row,) = json.loads(run(file, mapping, "--dry-run", "--json").stdout)["bad_rows"]
    assert [why.partition("：")[0] for why in row["why"]] == ["电话", "内容"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("姓名", "全名"), "全名"),
        (("kind: complaint, ", ""), "kind"),
        (("columns", "fields"), "fields"),
    ],
)
def test_a_wrong_mapping_stops_before_anything_is_sent(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    result = run(*given(tmp_path, GOOD, map_=MAP.replace(*change)))
    assert result.exit_code == 1
    assert said in result.stderr


def test_running_cases_need_number_time_unit_and_deadline(tmp_path: Path) -> None:
    result = run(*given(tmp_path, GOOD), "--open")
    assert result.exit_code == 1
    assert "number、received_at、unit、deadline" in result.stderr


# -- keys -------------------------------------------------------------------------------


def test_a_row_with_an_id_keeps_its_key_whatever_else_changes(tmp_path: Path) -> None:
    assert keys_of(tmp_path, GOOD) == keys_of(tmp_path, NO_PHONE.replace("2", "1", 1))


def test_another_office_or_another_source_is_another_key(tmp_path: Path) -> None:
    keys = {
        *keys_of(tmp_path, GOOD),
        *keys_of(tmp_path, GOOD, office="community-centre"),
        *keys_of(tmp_path, GOOD, map_=MAP + "source: 信访系统\n"),
    }
    assert len(keys) == 3


def test_rows_without_ids_are_known_by_their_content_and_equals_are_told_apart(tmp_path: Path) -> None:
    without = MAP.replace("id: 编号, ", "")
    one, other, again = keys_of(tmp_path, GOOD, NO_PHONE, GOOD, map_=without)
    assert len({one, other, again}) == 3
    assert keys_of(tmp_path, NO_PHONE, GOOD, GOOD, map_=without) == [other, one, again]


def test_the_columns_of_the_file_to_be_mended_do_not_change_a_key(tmp_path: Path) -> None:
    without = MAP.replace("id: 编号, ", "")
    (key,) = keys_of(tmp_path, GOOD, map_=without)
    file, mapping = given(tmp_path, map_=without)
    file.write_text(f"line,why,{HEADER}\n7,because,{GOOD}\n", encoding="utf-8")
    by = load_map(mapping)
    with open_table(file) as table:
        assert [k.key for k in keyed(read_rows(table, by), table, by, "mayors-line", "id")] == [key]


def test_an_id_that_stood_before_is_a_bad_row(tmp_path: Path) -> None:
    result = run(*given(tmp_path, GOOD, GOOD), "--dry-run", "--json")
    (bad,) = json.loads(result.stdout)["bad_rows"]
    assert bad["line"] == 3
    assert "第 2 行" in bad["why"][0]


# -- the file to be mended --------------------------------------------------------------


def test_bad_rows_are_written_as_they_were_and_can_be_mended(tmp_path: Path) -> None:
    file, mapping = given(tmp_path, GOOD, NO_PHONE, "3,ragged")
    run(file, mapping, "--dry-run")
    bad = tmp_path / "rows.bad.csv"
    with bad.open(encoding="utf-8-sig", newline="") as lines:
        header, first, second = csv.reader(lines)
    assert header == ["line", "why", *HEADER.split(",")]
    assert (first[0], first[2:], second[0], second[2:]) == ("3", NO_PHONE.split(","), "4", ["3", "ragged"])
    content = bad.read_text(encoding="utf-8-sig").replace("柏守拙,\n", "柏守拙,19900000002\n")
    bad.write_text(content.replace("ragged", "公交车不停站,柏守拙,19900000003"), encoding="utf-8-sig")
    assert run(bad, mapping, "--dry-run").exit_code == 0


def test_what_was_mended_is_never_written_over(tmp_path: Path) -> None:
    file, mapping = given(tmp_path, NO_PHONE)
    for _ in range(2):
        run(file, mapping, "--dry-run")
    assert not (tmp_path / "rows.bad-2.csv").exists(), "the same again needs no second file"
    (tmp_path / "rows.bad.csv").write_text("mended")
    run(file, mapping, "--dry-run")
    assert (tmp_path / "rows.bad.csv").read_text() == "mended"
    assert (tmp_path / "rows.bad-2.csv").exists()


def test_a_bad_file_of_a_bad_file_has_the_two_columns_once(tmp_path: Path) -> None:
    file, mapping = given(tmp_path, NO_PHONE, "3,ragged")
    run(file, mapping, "--dry-run")
    run(tmp_path / "rows.bad.csv", mapping, "--dry-run")
    lines = (tmp_path / "rows.bad.bad.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == f"line,why,{HEADER}"
    assert (lines[1].startswith("2,电话"), lines[2].endswith(",3,ragged")) == (True, True)


def test_a_workbooks_bad_rows_come_in_a_workbook_and_no_text_becomes_a_formula(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(HEADER.split(","))
    book.worksheets[0].append([1, "公交车不停站", "柏守拙", "x"])
    book.worksheets[0]["B2"] = "=1+1"
    book.worksheets[0]["B2"].data_type = "s"
    book.save(tmp_path / "rows.xlsx")
    _, mapping = given(tmp_path)
    run(tmp_path / "rows.xlsx", mapping, "--dry-run")
    sheet: Any = load_workbook(tmp_path / "rows.bad.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]][2:] == ["1", "=1+1", "柏守拙", "x"]
    assert sheet["D2"].data_type == "s"


# -- the journal, and a platform that does not answer -----------------------------------


def test_a_journal_cut_off_by_a_kill_is_read_and_goes_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "rows.csv")
    with journal:
        journal.write(2, "k1", {"number": "n1", "query_code": "000000"})
    with journal.path.open("a", encoding="utf-8") as file:
        file.write('\n{"line": 3, "key": "k2", "num')
    with journal:
        journal.write(4, "k3", {"number": "n3", "query_code": "000000"})
    assert journal.read() == {"k1": "n1", "k3": "n3"}
    assert journal.path.stat().st_mode & 0o077 == 0


def test_a_platform_that_does_not_answer_ends_with_3_and_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "_TRY_AGAIN_S", 0)
    file, mapping = given(tmp_path, GOOD)
    keys = tmp_path / "local" / "keys"
    keys.mkdir(parents=True)
    ensure_keys(keys)
    nobody = dict.fromkeys(("intake", "dispatch", "supervision", "feedback", "notify"), "http://127.0.0.1:9")
    (tmp_path / "local" / "services.json").write_text(json.dumps(nobody))
    result = run(file, mapping)
    assert result.exit_code == 3
    assert "run the same command again" in result.stderr
