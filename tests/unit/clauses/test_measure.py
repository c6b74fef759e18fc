"""The measure counts only what a scenario shows at the line's own office."""

from pathlib import Path

import pytest

from tests.clauses.lines import Line, read_lines
from tests.clauses.marks import CannotCollect, Marked, collect
from tests.clauses.measure import Finding, finding_faults, mark_faults, measure, missing
from tests.clauses.report import as_json, as_text

OURS = Line("S2-03", "community-centre", "intake", ("dispatch",))
LINES = {
    line.id: line
    for line in (
        OURS,
        Line("S2-12", "community-centre", "intake", ()),
        Line("S2-13", "community-centre", "dispatch", ()),
        Line("E-35", "", "intake", ()),
        Line("E-120", "", "all", ()),
        Line("X-01", "", "", ()),
    )
}


def marked(*ids: str, at: str = "community-centre", scenario: bool = True, held_back: bool = False) -> Marked:
    return Marked(f"tests/scenarios/test_it.py::test_{ids[0]}", ids, scenario, frozenset({at}), held_back)


def finding(*tests: Marked, of: str = "S2-03", impossible: dict[str, str] | None = None) -> Finding:
    return next(f for f in measure(LINES, tests, impossible or {}) if f.line.id == of)


def test_a_scenario_at_the_lines_office_shows_it() -> None:
    assert finding(marked("S2-03")).state == "shown"
    assert finding().state == "not shown"


def test_a_scenario_at_another_office_or_a_test_below_or_held_back_shows_nothing() -> None:
    elsewhere = finding(marked("S2-03", at="mayors-line"))
    below = finding(marked("S2-03", scenario=False))
    assert (elsewhere.state, len(elsewhere.elsewhere)) == ("not shown", 1)
    assert (below.state, len(below.below)) == ("not shown", 1)
    assert finding(marked("S2-03", held_back=True)).state == "not shown"


def test_a_line_of_no_office_is_shown_at_any() -> None:
    shown = finding(marked("X-01", at="mayors-line"), of="X-01")
    assert (shown.state, shown.offices) == ("shown", {"mayors-line"})


def test_a_part_of_another_service_is_open_until_a_mark_names_it() -> None:
    assert finding(marked("S2-03")).open_parts == ["dispatch"]
    both = finding(marked("S2-03+dispatch"))
    assert (both.state, both.open_parts) == ("shown", [])


@pytest.mark.parametrize(
    ("test", "fault"),
    [
        (marked("S9-01"), "S9-01 is no line"),
        (marked("S2-03+notify"), "S2-03 has no part of notify"),
        (marked("S2-03", "S2-12", "S2-13", "E-35"), "more than 3 ids"),
        (marked("S2-03", held_back=True), "shows nothing"),
    ],
)
def test_a_wrong_mark_is_told(test: Marked, fault: str) -> None:
    (told,) = mark_faults(LINES, [test], {})
    assert fault in told


def test_a_line_and_its_part_are_one_id_and_a_tests_parameters_are_told_of_once() -> None:
    assert list(mark_faults(LINES, [marked("S2-03", "S2-03+dispatch", "S2-12", "S2-13")], {})) == []
    twice = [Marked(f"test_it[{n}]", ("S9-01",), True, frozenset(), False) for n in (1, 2)]
    assert list(mark_faults(LINES, twice, {})) == ["test_it: S9-01 is no line"]


def test_a_line_carried_below_the_scenarios_alone_is_a_fault() -> None:
    only_below = measure(LINES, [marked("S2-03", scenario=False)], {})
    assert [fault.partition(",")[0] for fault in finding_faults(only_below)] == [
        "S2-03: no scenario carries it"
    ]
    both = measure(LINES, [marked("S2-03", scenario=False), marked("S2-03")], {})
    assert list(finding_faults(both)) == []


def test_an_impossible_line_is_named_with_its_reason_and_is_neither_missing_nor_shown() -> None:
    findings = measure(LINES, [], {"S2-03": "Nobody can."})
    assert "S2-03" not in missing(findings, ["intake"])
    assert "  S2-03: Nobody can." in list(as_text(findings, [], []))
    shown_all_the_same = measure(LINES, [marked("S2-03")], {"S2-03": "Nobody can."})
    assert len(list(finding_faults(shown_all_the_same))) == 1
    assert list(mark_faults(LINES, [], {"S9-01": "No."})) == ["impossible.yaml: S9-01 is no line"]


def test_a_required_service_lacks_what_it_or_everybody_owns() -> None:
    findings = measure(LINES, [marked("S2-12")], {})
    assert missing(findings, []) == []
    assert missing(findings, ["intake"]) == ["S2-03", "E-35", "E-120"]
    assert missing(findings, ["dispatch"]) == ["S2-13", "E-120"]


def test_the_report_says_of_each_line_by_which_test_it_is_shown_and_what_is_open() -> None:
    findings = measure(LINES, [marked("S2-03"), marked("S2-12", scenario=False)], {})
    told = list(as_text(findings, ["a fault"], ["intake"]))
    assert "  + S2-03  test_it.py::test_S2-03" in told
    assert "           - dispatch: part not shown" in told
    assert "  - S2-12  not shown, only below: test_it.py::test_S2-12" in told
    assert told[-1] == "\nintake: 3 of 4 not shown: S2-12 E-35 E-120"
    found = as_json(findings, ["a fault"], ["S2-12"])
    assert found["lines"][0]["tests"] == ["tests/scenarios/test_it.py::test_S2-03"]
    assert (found["faults"], found["missing"]) == (["a fault"], ["S2-12"])


def test_all_lines_are_known() -> None:
    lines = read_lines()
    kinds = [line.id.partition("-")[0] for line in lines.values()]
    assert sum(kind.startswith("S") for kind in kinds) == 278
    assert {k: kinds.count(k) for k in ("E", "X", "XI", "V", "TV", "P")} == {
        "E": 129, "X": 35, "XI": 10, "V": 7, "TV": 6, "P": 5,
    }  # fmt: skip
    assert sum(line.owner == "intake" for line in lines.values()) == 101 + 42


SETTINGS = """
[tool.pytest.ini_options]
addopts = "-p no:pytest_nameko"
markers = ["clause(*ids): the lines this scenario shows"]
"""
TESTS = """
import pytest

@pytest.mark.clause("S2-03")
@pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.clause("S2-12"))])
def test_shown(n): ...

@pytest.mark.clause("S2-13")
@pytest.mark.skip
def test_skipped(): ...
"""


def test_marks_are_collected_as_pytest_does_with_parameters_and_offices(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "scenarios" / "community_centre"
    folder.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (folder / "test_shown.py").write_text(TESTS)
    one, two, skipped = collect(tmp_path)
    assert one.test == "tests/scenarios/community_centre/test_shown.py::test_shown[1]"
    assert (set(one.ids), set(two.ids)) == ({"S2-03"}, {"S2-03", "S2-12"})
    assert (one.scenario, one.offices, one.held_back) == (True, frozenset({"community-centre"}), False)
    assert skipped.held_back


def test_what_pytest_cannot_collect_is_told_in_its_words(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (tmp_path / "tests" / "test_broken_file.py").write_text("clause = nobody_defined_this\n")
    with pytest.raises(CannotCollect, match="nobody_defined_this"):
        collect(tmp_path)
