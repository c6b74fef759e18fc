"""A client's own list has a line for each act that was answered, and for nothing else."""

import json
from pathlib import Path

import httpx
import pytest

from huiyin.client.line import Line, Person, Refused
from tests.unit.chassis.conftest import make_key


def answering(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/cases":
        return httpx.Response(201, json={"number": "n-1"})
    return httpx.Response(200, json={}) if "refused" not in request.url.path else httpx.Response(409, json={})


@pytest.fixture
def person(tmp_path: Path) -> Person:
    client = httpx.Client(transport=httpx.MockTransport(answering))
    key = make_key(tmp_path, "k").path
    line = Line({"intake": "http://x", "dispatch": "http://x"}, key, ledger=tmp_path / "acts", client=client)
    return Person(line, "ml-op-1", "operator", "mayors-line")


def test_what_was_answered_is_noted_with_its_number_and_key(person: Person, tmp_path: Path) -> None:
    person.post("intake", "/cases", {}, key="key-00000001")
    person.post("dispatch", "/handlings/n-2/instruction", {}, key="key-00000002")
    person.post("dispatch", "/imports", {}, key="key-00000003")
    person.get("intake", "/cases")
    with pytest.raises(Refused):
        person.post("dispatch", "/handlings/refused/instruction", {})
    lines = [json.loads(line) for line in (tmp_path / "acts").read_text().splitlines()]
    assert [(line["number"], line["service"], line["status"], line["key"]) for line in lines] == [
        ("n-1", "intake", 201, "key-00000001"),
        ("n-2", "dispatch", 200, "key-00000002"),
        ("", "dispatch", 200, "key-00000003"),
    ]
    assert {(line["office"], line["caller"]) for line in lines} == {("mayors-line", "ml-op-1")}


def test_without_a_file_nothing_is_noted(person: Person, tmp_path: Path) -> None:
    person.line.ledger = None
    person.post("intake", "/cases", {})
    assert not (tmp_path / "acts").exists()
