"""The mapping: every wrong key is named, and nothing of a row is guessed."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huiyin.chassis.errors import WrongSetting
from huiyin.rows import Line, Map, Row, Table, WrongFile, load_map, read_rows

SHANGHAI = ZoneInfo("Asia/Shanghai")
MAP = """
columns: {id: 编号, kind: 性质, received_at: 时间, anonymous: 匿名, urged: 催办, deadline: 期限, text: 内容}
values: {kind: {投诉: complaint, 建议: suggestion}}
defaults: {channel: web, urged: 0}
"""
HEADER = ("编号", "性质", "时间", "匿名", "催办", "期限", "内容")


def mapping(folder: Path, content: str) -> Map:
    path = folder / "map.yaml"
    path.write_text(content, encoding="utf-8")
    return load_map(path)


def row(folder: Path, *cells: str) -> Row:
    table = Table(HEADER, iter([Line(2, cells)]))
    return next(read_rows(table, mapping(folder, MAP)))


def test_a_row_becomes_typed_fields(tmp_path: Path) -> None:
    found = row(tmp_path, "A-1", "投诉", "2024-9-3 8:05", "否", "2", "2024年9月30日", " 路灯不亮 ")
    assert found.problems == ()
    assert found.text("kind") == "complaint"
    assert found.text("text") == "路灯不亮"
    assert found.text("channel") == "web"
    assert found.moment("received_at") == datetime(2024, 9, 3, 8, 5, tzinfo=SHANGHAI)
    assert found.moment("received_at") == datetime(2024, 9, 3, 0, 5, tzinfo=UTC)
    assert found.day("deadline") == date(2024, 9, 30)
    assert (found.is_true("anonymous"), found.count("urged")) == (False, 2)


def test_an_offset_in_the_file_goes_before_the_mappings_zone(tmp_path: Path) -> None:
    found = row(tmp_path, "1", "投诉", "2024-09-03T08:05:00+09:00", "", "", "", "x").moment("received_at")
    assert found is not None
    assert found.utcoffset() == timedelta(hours=9)


def test_empty_cells_take_the_default_or_are_absent(tmp_path: Path) -> None:
    found = row(tmp_path, "1", "", "", "", "", "", "x")
    assert found.fields == {"id": "1", "channel": "web", "urged": 0, "text": "x"}


def test_what_cannot_be_used_is_told_with_its_column_and_never_guessed(tmp_path: Path) -> None:
    found = row(tmp_path, "1", "求决", "昨天", "也许", "两次", "2024-02-30", "x")
    assert [problem.partition("：")[0] for problem in found.problems] == [
        "性质",
        "时间",
        "匿名",
        "催办",
        "期限",
    ]
    assert "求决" in found.problems[0]
    assert "kind" not in found.fields


def test_a_line_that_could_not_be_read_is_a_row_with_its_reason(tmp_path: Path) -> None:
    table = Table(HEADER, iter([Line(7, ("x",), "broken")]))
    found = next(read_rows(table, mapping(tmp_path, MAP)))
    assert (found.line, found.problems) == (7, ("broken",))


def test_a_column_that_the_file_has_not_is_named_before_any_row(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="deadline → “期限”"):
        read_rows(Table(HEADER[:5], iter([])), mapping(tmp_path, MAP))


def test_fields_that_a_purpose_needs_are_named(tmp_path: Path) -> None:
    by = mapping(tmp_path, MAP)
    by.require("channel", "kind")
    with pytest.raises(WrongFile, match="category、area"):
        by.require("kind", "category", "area")


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("columns: {colour: x}", "columns.colour"),
        ("columns: {classes.: x}", "columns.classes."),
        ("columns: {}\nvalues: {colour: {a: b}}", "values.colour"),
        ("columns: {}\ndefaults: {colour: a}", "defaults.colour"),
        ("columns: [a]", "columns"),
        ("lines: {}", "lines"),
        ("columns: {}\nzone: Mars/Base", "zone"),
        ("columns: {}\nvalues: {kind: {a: b}}", "values.kind"),
        ("columns: {anonymous: x}\nvalues: {anonymous: {yes: true}}", "values.anonymous.True"),
        ("columns: {kind: x}\nvalues: {kind: {a: [b]}}", "values.kind.a"),
        ("columns: {}\ndefaults: {deadline: soon}", "defaults.deadline"),
        ("columns: {}\ndefaults: {kind: ''}", "defaults.kind"),
    ],
)
def test_a_wrong_mapping_names_the_key(tmp_path: Path, content: str, key: str) -> None:
    with pytest.raises(WrongSetting, match=f"map.yaml: {key}: "):
        mapping(tmp_path, content)


def test_words_may_be_numbers_and_mean_yes_or_no(tmp_path: Path) -> None:
    by = mapping(
        tmp_path, "columns: {anonymous: a, kind: k}\nvalues: {anonymous: {1: true}, kind: {7: help}}"
    )
    assert (by.value("anonymous", "1"), by.value("kind", "7")) == (True, "help")


def test_a_scheme_of_the_offices_own_is_a_field(tmp_path: Path) -> None:
    by = mapping(
        tmp_path,
        "columns: {classes.scope: 受理范围}\nvalues: {classes.scope: {民生: livelihood}}\n"
        "defaults: {classes.domain: traffic, truth_stated: true}",
    )
    found = next(read_rows(Table(("受理范围",), iter([Line(2, ("民生",))])), by))
    assert found.classes == {"domain": "traffic", "scope": "livelihood"}
    assert found.is_true("truth_stated")
