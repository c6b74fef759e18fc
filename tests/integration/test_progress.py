"""The progress query at intake's door: for who knows, for who guesses, for who holds a link."""

import uuid
from typing import Any

import pytest
from pymongo.database import Database
from werkzeug.test import TestResponse

from huiyin.chassis.askers import open_sealed, read_own_key
from huiyin.chassis.mongo import Doc
from services.intake.use_cases import answers, progress_links
from tests.integration.test_intake import FORM, PHONE, Stand, stand

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


# -- the link, sent again to the registered telephone ---------------------------------------------


def _ask_link(stand: Stand, number: str, phone: str, address: str = "203.0.113.1") -> TestResponse:
    asked = {"number": number, "phone": phone}
    return stand.app.test_client().post("/progress/links", json=asked, environ_base={"REMOTE_ADDR": address})


def _requested(stand: Stand, number: str) -> list[str]:
    """To which parties a link is to be sent, when the worker has looked."""
    progress_links.send_asked(stand.house)
    events = [event["data"] for step in stand.house.cases.history(number) for event in step["events"]]
    return [event["addressee"] for event in events if event.get("template") == "progress_link"]


def test_the_link_is_sent_again_to_the_asking_partys_own_registered_telephone(stand: Stand) -> None:
    other = {"role": "interested", "name": "钟向晚", "phone": "19900000088"}
    form = {**FORM, "interest": "others", "parties": [*FORM["parties"], other]}
    number = stand.register(form).json["number"]  # type: ignore[index]
    for phone in ("19900000077", PHONE, "+86 199-0000-0088"):
        assert _ask_link(stand, number, phone).status_code == 202
    assert _ask_link(stand, NOBODYS, PHONE).status_code == 202
    assert _requested(stand, number) == ["p1", "p2"]
    assert _requested(stand, number) == ["p1", "p2"], "each request is answered once"
    assert stand.database["link_requests"].count_documents({}) == 0


def test_a_request_that_fails_is_kept_and_does_not_stop_the_others(stand: Stand, receipt: Any) -> None:
    broken = str(stand.register(FORM).json["number"])  # type: ignore[index]
    stand.database["cases"].update_one({"number": broken}, {"$set": {"state.parties": 1}})
    for number in (broken, receipt["number"]):
        _ask_link(stand, number, PHONE)
    assert _requested(stand, receipt["number"]) == ["p1"]
    assert [row["number"] for row in stand.database["link_requests"].find()] == [broken]


def test_whoever_asks_for_a_link_learns_nothing_and_costs_the_same(stand: Stand, receipt: Any) -> None:
    def asked(number: str, phone: str) -> tuple[Any, list[tuple[str, str]]]:
        stand.database.command("profile", 0)
        stand.database.drop_collection("system.profile")
        stand.database.command("profile", 2)
        told = _told(_ask_link(stand, number, phone))
        stand.database.command("profile", 0)
        rows = stand.database["system.profile"].find({"ns": {"$not": {"$regex": "system"}}})
        return told, [(row["op"], row["ns"].partition(".")[2]) for row in rows.sort("ts")]

    _ask_link(stand, receipt["number"], "19900000070")
    right = asked(receipt["number"], PHONE)
    assert right[0][0] == 202
    assert right[1] == [("update", "rates"), ("update", "rates"), ("insert", "link_requests")]
    assert asked(receipt["number"], "19900000071") == right
    assert asked(NOBODYS, PHONE) == right
    assert asked("我叫柏守拙", "19900000072") == right, "what is no number of ours is not kept"
    assert "柏守拙" not in stand.kept()


def test_a_telephone_is_named_three_times_an_hour_whether_or_not_it_is_known(
    stand: Stand, receipt: dict[str, Any]
) -> None:
    for phone, spelt in ((PHONE, f"0086 {PHONE}"), ("19900000073", "199-0000-0073")):
        told = [_ask_link(stand, receipt["number"], phone, f"203.0.113.{n}").status_code for n in range(3)]
        refused = _ask_link(stand, NOBODYS, spelt, "198.51.100.7")
        assert (told, refused.status_code) == ([202] * 3, 429), "by whatever address, number and spelling"
        assert 3500 < int(refused.headers["Retry-After"]) <= 3600
    kept = str(list(stand.database["rates"].find()) + list(stand.database["link_requests"].find()))
    assert PHONE not in kept
    assert "19900000073" not in kept


def test_no_link_is_sent_of_a_restricted_view_and_of_a_confidential_case_it_tells_no_more(
    stand: Stand, receipt: dict[str, Any]
) -> None:
    shut = receipt["number"]
    stand.post(f"/cases/{shut}/restriction", "custodian", json={"why": "当事人申请"})
    guarded = stand.register({**FORM, "matters": [{**FORM["matters"][0], "confidential": True}]}).json
    assert guarded is not None
    for number in (shut, guarded["number"]):
        _ask_link(stand, number, PHONE)
    assert _requested(stand, shut) == []
    assert _requested(stand, guarded["number"]) == ["p1"]
    followed = stand.app.test_client().get(_link_given(stand, guarded["number"])).json
    assert set(followed) == {"number", "accepted_at", "concluded_at", "restricted"}  # type: ignore[arg-type]


def _link_given(stand: Stand, number: str, purpose: str = "deliver:progress_link") -> Any:
    """What notify gets with the contact, for a message of this kind."""
    question: dict[str, Any] = {
        "party": "p1",
        "purpose": purpose,
        "request": uuid.uuid4().hex,
        "asker": "notify",
    }
    sealed = answers.contact(stand.house, number=number, **question)
    return open_sealed(read_own_key(stand.keys.folder, "notify"), sealed).get("link")


def test_the_link_leaves_with_the_contact_for_that_message_alone_and_is_kept_nowhere(
    stand: Stand, receipt: dict[str, Any]
) -> None:
    _ask_link(stand, receipt["number"], PHONE)
    assert _requested(stand, receipt["number"]) == ["p1"]
    link = _link_given(stand, receipt["number"])
    assert (
        stand.app.test_client().get(link).json == _ask(stand, receipt["number"], receipt["query_code"]).json
    )
    assert link.rpartition("/")[2] not in stand.kept()
    assert _link_given(stand, receipt["number"], "deliver:case_registered") is None
