"""docs/offices.md done word for word: the office it teaches to write stands, and takes a complaint down."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from pymongo.database import Database
from typer.testing import CliRunner

from deploy.local.keys import ensure_keys
from deploy.local.platform import OFFICES
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.tokens import issue
from huiyin.cli.main import app as command
from tests.integration.five_houses import AT
from tests.integration.intake_alone import intake_app, intake_settings

PAGE = (OFFICES.parents[1] / "docs" / "offices.md").read_text(encoding="utf-8")
LETTER = {
    "channel": "letter",
    "matters": [
        {
            "kind": "opinion",
            "category": "village",
            "area": "990104004",
            "text": "村口路灯不亮。",
            "wish": "修",
        }
    ],
    "parties": [{"name": "柏守拙"}],
}


def block(language: str) -> str:
    """The page's first block of a language."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def offices(tmp_path: Path) -> Path:
    """The offices, and the one that the page writes."""
    folder = Path(shutil.copytree(OFFICES, tmp_path / "offices"))
    _, _, source, target = block("sh").split()
    shutil.copytree(folder / Path(source).name, folder / Path(target).name)
    book = folder / Path(target).name / "rulebook.yaml"
    rules = yaml.safe_load(book.read_text(encoding="utf-8"))
    for key, value in yaml.safe_load(block("yaml")).items():
        section, _, name = key.partition(".")
        assert name in rules[section], key
        rules[section][name] = value
    book.write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    return folder


def told(*arguments: Any) -> tuple[int, str]:
    ended = CliRunner().invoke(command, ["rulebook", *map(str, arguments)])
    return ended.exit_code, ended.output


def test_the_page_s_office_is_good_and_the_change_is_told_in_words(offices: Path) -> None:
    code, checked = told("check", "--offices", offices)
    assert (code, "village-box: 无误 (good)" in checked) == (0, True), checked
    code, compared = told("diff", "petition-office", "village-box", "--offices", offices)
    assert (code, "3 个月 (3 month) → 20 个工作日 (20 wd)" in compared) == (0, True), compared


def test_the_page_s_mistake_is_refused_in_the_page_s_words(offices: Path) -> None:
    book = offices / "village-box" / "rulebook.yaml"
    rules = yaml.safe_load(book.read_text(encoding="utf-8"))
    rules["dispatch"]["gate_flags"] = ["major"]
    book.write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    code, refused = told("check", "--offices", offices)
    assert code == 1
    assert "village-box/rulebook.yaml: dispatch.gate_flags: dispatch.leader_gate is none (X-09)" in refused
    assert "dispatch.gate_flags: dispatch.leader_gate is none (X-09)" in PAGE


@pytest.fixture
def app(
    offices: Path, database: Database[dict[str, Any]], mongo_url: str, tmp_path: Path
) -> Iterator[tuple[Flask, str]]:
    """Intake that serves the new office beside the others, and an operator's token there."""
    keys = ensure_keys(tmp_path / "keys")
    SimulatedOfficeClock(tmp_path / "clock.json").set(AT)
    settings = intake_settings(tmp_path, keys, mongo_url, database.name, offices)
    token = issue(
        keys.tokens_private,
        subject="po-operator-1",
        role="operator",
        office="village-box",
        ttl=timedelta(hours=1),
        issuer="huiyin",
        audience="huiyin",
    )
    served, house = intake_app(settings)
    yield served, token
    house.base.close()


def test_the_new_office_takes_a_letter_down_by_its_own_rules(app: tuple[Flask, str]) -> None:
    flask, token = app
    client, bearer = flask.test_client(), {"Authorization": f"Bearer {token}"}
    answer = client.post("/cases", headers={**bearer, "Idempotency-Key": "a-letter-1"}, json=LETTER)
    assert answer.status_code == 201, answer.json
    assert answer.json is not None
    assert answer.json["number"].startswith("SGX-X-")
    rules = client.get("/rulebook", headers=bearer, query_string={"case": answer.json["number"]}).json
    assert rules is not None
    assert rules["rules"]["deadline"]["general"] == {"amount": 20, "unit": "wd"}
    call = client.post(
        "/cases", headers={**bearer, "Idempotency-Key": "a-call-1"}, json={**LETTER, "channel": "call"}
    )
    assert call.status_code == 422, "it has no telephone"
