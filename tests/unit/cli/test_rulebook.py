"""`huiyin rulebook`: what is checked, shown and compared."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Huiyin


@pytest.fixture
def changed(own_offices: Path) -> Path:
    """The centre's folder with some rules changed."""
    book = own_offices / "community-centre" / "rulebook.yaml"
    text = book.read_text(encoding="utf-8")
    for old, new in (
        ("complex: {amount: 2, unit: month}", "complex: {amount: 40, unit: wd}"),
        ("attempts: 3", "attempts: 5"),
        ("waits_for_complainant: false", "waits_for_complainant: true"),
        ("    - {id: persuasion", "    - {id: guidance"),
        ("  cap: {amount: 3, unit: month}", "  cap: null"),
        ("leader_gate: all", "leader_gate: none"),
        ("default: [accusing, privacy]", "default: [accusing, marked]"),
        ("media: [call, sms, letter, mail]", "media: [sms, call, letter, mail]"),
    ):
        assert old in text
        text = text.replace(old, new)
    book.write_text(text, encoding="utf-8")
    return book.parent


def test_each_changed_key_is_told_in_words_with_its_readers(huiyin: Huiyin, changed: Path) -> None:
    told = huiyin("rulebook", "diff", "community-centre", changed)
    assert told.exit_code == 0
    shown = told.stdout.splitlines()[2:-1]
    lines = {line.split()[0]: line for line in shown if not line.startswith(" ")}
    assert "2 个月 (2 month) → 40 个工作日 (40 wd)" in lines["deadline.classes.complex"]
    assert "supervision" in lines["deadline.classes.complex"]
    assert "3 → 5" in lines["callback.attempts"]
    assert "尚无 no code yet" in lines["deadline.waits_for_complainant"]
    assert "3 个月 (3 month) → 无 (none)" in lines["deadline.cap"]
    assert "删去 (removed): 落实疏导责任" in lines["review.criteria.persuasion"]
    assert "新增 (added): 落实疏导责任" in lines["review.criteria.guidance"]
    assert "全部先送领导阅批 (all) → 收到即派，不经领导 (none)" in lines["dispatch.leader_gate"]
    assert "新增 (added): 诉求人要求保密的 (marked); 删去" in lines["confidential.default"]
    assert "改为 (now): sms, call, letter, mail" in lines["notify.media"]
    assert len(lines) == 9
    assert "在办诉求仍按受理时的规则" in told.stdout.splitlines()[-1]


def test_as_json_the_values_are_plain(huiyin: Huiyin, changed: Path) -> None:
    data = json.loads(huiyin("rulebook", "diff", "community-centre", changed, "--json").stdout)
    found = {row["key"]: row for row in data["changes"]}
    assert found["callback.attempts"] == {
        "key": "callback.attempts",
        "old": 3,
        "new": 5,
        "change": "changed",
        "read_by": ["feedback"],
        "about": "Contacting the complainant afterwards (E-31, E-111).",
    }


def test_a_lone_file_takes_the_catalogue_of_its_office(huiyin: Huiyin, changed: Path, tmp_path: Path) -> None:
    lone = tmp_path / "draft.yaml"
    lone.write_bytes((changed / "rulebook.yaml").read_bytes())
    data = json.loads(huiyin("rulebook", "diff", lone, changed, "--json").stdout)
    assert data["changes"] == []
    lone.write_text("office: {id: nowhere}\n")
    assert huiyin("rulebook", "diff", lone, "community-centre").exit_code == 2


def test_the_same_differs_in_nothing(huiyin: Huiyin) -> None:
    told = huiyin("rulebook", "diff", "mayors-line", "mayors-line")
    assert (told.exit_code, "0 处不同" in told.stdout) == (0, True)


def test_a_wrong_file_is_refused_with_its_key(huiyin: Huiyin, changed: Path) -> None:
    book = changed / "rulebook.yaml"
    book.write_text(book.read_text(encoding="utf-8").replace("attempts: 5", "attempts: 0"), encoding="utf-8")
    told = huiyin("rulebook", "diff", "community-centre", changed)
    assert told.exit_code == 1
    assert "community-centre/rulebook.yaml: callback.attempts" in told.stderr


def test_all_rules_are_shown_with_their_readers(huiyin: Huiyin) -> None:
    told = huiyin("rulebook", "show", "community-centre").stdout
    assert "deadline.classes" in told
    assert "尚无代码读取" in told
    data = json.loads(huiyin("rulebook", "show", "community-centre", "--json").stdout)
    assert data["rules"]["deadline"]["classes"]["legacy"] == {"amount": 3, "unit": "month"}


def test_the_offices_are_checked(huiyin: Huiyin) -> None:
    told = huiyin("rulebook", "check")
    assert told.exit_code == 0
    assert told.stdout.count("无误 (good)") == 5
    *_, unread = told.stdout.splitlines()
    assert unread.startswith("尚无代码读取 (no code reads yet): ")
    assert ", deadline.waits_for_complainant, " in unread
    assert "callback.attempts" not in unread
