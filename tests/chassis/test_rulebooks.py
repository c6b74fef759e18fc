"""The versions a service keeps: one that its cases need and that is not here makes it unready."""

from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from huiyin.chassis.errors import NotYet
from huiyin.chassis.rulebook import dump, load_offices
from huiyin.chassis.rulebooks import Rulebooks

OFFICES = load_offices(Path(__file__).parents[2] / "deploy" / "offices")
OTHER = "b" * 64


@pytest.fixture
def rulebooks(database: Database[dict[str, Any]]) -> Rulebooks:
    made = Rulebooks(OFFICES, database["rulebooks"])
    made.prepare()
    made.decide(database["cases"])
    return made


def needs(database: Database[dict[str, Any]], version: str) -> None:
    database["cases"].insert_one({"state": {"rulebook": version}})


def test_it_is_ready_while_it_has_what_its_cases_need(
    rulebooks: Rulebooks, database: Database[dict[str, Any]]
) -> None:
    needs(database, OFFICES["mayors-line"].rulebook.hash)
    assert rulebooks.problem() is None


def test_a_version_that_cases_need_and_nobody_kept_is_told_until_it_comes(
    rulebooks: Rulebooks, database: Database[dict[str, Any]]
) -> None:
    needs(database, OTHER)
    assert rulebooks.problem() == f"rulebooks missing: {OTHER[:12]}"
    content = dump(OFFICES["mayors-line"].rulebook)
    database["rulebooks"].insert_one({"_id": OTHER, "content": content})
    assert rulebooks.problem() is None
    assert rulebooks.version(OTHER).hash == OTHER


def test_a_version_that_was_asked_for_in_vain_is_told_too(
    rulebooks: Rulebooks, database: Database[dict[str, Any]]
) -> None:
    with pytest.raises(NotYet):
        rulebooks.version(OTHER)
    assert rulebooks.problem() == f"rulebooks missing: {OTHER[:12]}"
    database["rulebooks"].insert_one({"_id": OTHER, "content": dump(OFFICES["mayors-line"].rulebook)})
    assert rulebooks.problem() is None


def test_a_kept_version_that_cannot_be_read_is_told_with_its_key(
    rulebooks: Rulebooks, database: Database[dict[str, Any]]
) -> None:
    content = dump(OFFICES["mayors-line"].rulebook)
    content["callback"]["attempts"] = "often"
    database["rulebooks"].insert_one({"_id": OTHER, "content": content})
    needs(database, OTHER)
    assert "callback.attempts: Not a valid integer" in str(rulebooks.problem())
