"""The progress query at intake's door: for who knows, for who guesses, for who holds a link."""

from typing import Any

import pytest
from pymongo.database import Database
from werkzeug.test import TestResponse

from huiyin.chassis.mongo import Doc
from tests.integration.test_intake import FORM, Stand, stand

__all__ = ["stand"]

NOBODYS = "SZ-D-20240927-000099-00"
HOUR = 3_600_000


@pytest.fixture
def receipt(stand: Stand) -> dict[str, Any]:
    found: dict[str, Any] = stand.register(FORM).json  # type: ignore[assignment]
    return found


def _ask(stand: Stand, number: str, code: str, address: str = "203.0.113.1") -> TestResponse:
    asked = {"number": number, "code": code}
    return stand.app.test_client().post("/progress", json=asked, environ_base={"REMOTE_ADDR": address})


def _wrong(receipt: dict[str, Any]) -> str:
    return f"{(int(receipt['query_code']) + 1) % 1_000_000:06d}"


def _told(answer: TestResponse) -> tuple[int, Any, Any]:
    """All of an answer but what differs between any two."""
    body = answer.get_json(force=True)
    return answer.status_code, {**body, "instance": "", "correlation": ""}, set(answer.headers.keys())


def _let_pass(database: Database[Doc], milliseconds: int) -> None:
    fields = {name: {"$subtract": [f"${name}", milliseconds]} for name in ("until", "forget_at")}
    database["guesses"].update_many({}, [{"$set": fields}])


def test_guessing_locks_a_number_whether_or_not_there_is_one_and_the_right_code_too(
    stand: Stand,
    receipt: dict[str, Any],
) -> None:
    real, none = receipt["number"], NOBODYS
    for address in ("203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4", "203.0.113.5"):
        assert _told(_ask(stand, real, _wrong(receipt), address)) == _told(
            _ask(stand, none, "123456", address)
        )
    locked, unknown = _ask(stand, real, _wrong(receipt)), _ask(stand, none, "123456")
    assert locked.status_code == 429
    assert _told(locked) == _told(unknown)
    assert 800 < int(locked.headers["Retry-After"]) <= 901
    assert _told(_ask(stand, real, receipt["query_code"], "198.51.100.7")) == _told(locked)
    _let_pass(stand.database, HOUR)
    assert _ask(stand, real, receipt["query_code"]).status_code == 200
    rows = list(stand.database["audit"].find({"what": "progress.locked"}))
    assert sorted(row["case"] for row in rows) == sorted([real, ""]), "a number that is none is not kept"
    assert {row["detail"]["by"] for row in rows} == {"number"}


def test_an_address_that_guesses_at_many_numbers_is_locked_and_others_are_not(
    stand: Stand,
    receipt: dict[str, Any],
) -> None:
    for n in range(20):
        assert _ask(stand, f"guess-{n}", "123456").status_code == 404
    assert _ask(stand, receipt["number"], receipt["query_code"]).status_code == 429
    assert _ask(stand, receipt["number"], receipt["query_code"], "203.0.113.9").status_code == 200


def test_asking_rightly_never_locks(stand: Stand, receipt: dict[str, Any]) -> None:
    for _ in range(25):
        assert _ask(stand, receipt["number"], receipt["query_code"]).status_code == 200
    kept = list(stand.database["guesses"].find())
    assert [row["tries"] for row in kept] == [0, 0]
    assert receipt["number"] not in str(kept)
    assert "203.0.113.1" not in str(kept)


def test_a_wrong_code_and_a_missing_number_ask_the_store_the_same(
    stand: Stand,
    receipt: dict[str, Any],
) -> None:
    def asked(number: str, code: str) -> list[tuple[str, str]]:
        stand.database.command("profile", 0)
        stand.database.drop_collection("system.profile")
        stand.database.command("profile", 2)
        assert _ask(stand, number, code).status_code == 404
        stand.database.command("profile", 0)
        rows = stand.database["system.profile"].find({"ns": {"$not": {"$regex": "system"}}})
        return [(row["op"], row["ns"].partition(".")[2]) for row in rows.sort("ts")]

    _ask(stand, "warm", "123456")
    ask = asked(receipt["number"], _wrong(receipt))
    assert ("query", "cases") in ask
    assert ask == asked(NOBODYS, _wrong(receipt))


def test_an_address_may_ask_sixty_times_a_minute_and_no_forwarded_word_is_believed(
    stand: Stand,
) -> None:
    client = stand.app.test_client()
    seen = [
        client.get("/progress/x", headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code
        for n in range(61)
    ]
    assert seen == [404] * 60 + [429]
    refused = client.get("/openapi.json")
    assert (refused.status_code, refused.get_json(force=True)["code"]) == (429, "too-many")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert client.get("/healthz").status_code == 200
    assert stand.get("/stages").status_code == 200, "staff are not counted"


def test_the_receipts_link_shows_how_it_stands_and_neither_is_kept_in_the_store(
    stand: Stand,
    receipt: dict[str, Any],
) -> None:
    shown = stand.app.test_client().get(receipt["progress_link"])
    assert shown.json == _ask(stand, receipt["number"], receipt["query_code"]).json
    assert shown.json["stage"] == "registered"  # type: ignore[index]
    kept = stand.kept()
    assert receipt["progress_link"].rpartition("/")[2] not in kept
    assert f'"{receipt["query_code"]}"' not in kept
    other = stand.house.links.make(
        "evaluation", receipt["number"], "p1", stand.house.now() - stand.house.now()
    )
    refused = stand.app.test_client().get(f"/progress/{other}")
    assert refused.status_code == 404
    assert other not in refused.get_data(as_text=True)


def test_a_restricted_case_tells_only_that_it_is_here(stand: Stand, receipt: dict[str, Any]) -> None:
    number = receipt["number"]
    assert (
        stand.post(f"/cases/{number}/restriction", "custodian", json={"why": "当事人申请"}).status_code == 200
    )
    told = _ask(stand, number, receipt["query_code"]).json
    assert told is not None
    assert set(told) == {"number", "accepted_at", "concluded_at", "restricted"}
    assert told["restricted"] is True


def test_a_confidential_case_tells_no_more_than_a_restricted_one(stand: Stand) -> None:
    """E-33."""
    matters = [{**FORM["matters"][0], "confidential": True}]
    receipt: Any = stand.register({**FORM, "matters": matters}).json
    by_code = _ask(stand, receipt["number"], receipt["query_code"]).json
    by_link = stand.app.test_client().get(receipt["progress_link"]).json
    assert by_code == by_link
    assert set(by_link) == {"number", "accepted_at", "concluded_at", "restricted"}  # type: ignore[arg-type]
