"""Calls on a real store, from a real call centre: signed, kept once, opened, registered, handed over."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bson import json_util
from pymongo.database import Database

from deploy.local.call_centre import signature
from huiyin.client.line import until
from tests.integration.call_stand import NAME, PHONE, SECRET, CallStand, Json, call_stand

MATTER: Json = {
    "kind": "complaint",
    "category": "environment/fumes",
    "area": "990101001",
    "text": "油烟直排。",
}
#: The beginning of an MP3 file, by which it is known.
VOICE = b"ID3\x03\x00\x00\x00\x00\x00\x21" + b"\xff\xfb\x90\x00" * 400


@pytest.fixture
def stand(database: Database[dict[str, Any]], mongo_url: str, tmp_path: Path) -> Iterator[CallStand]:
    with call_stand(database, mongo_url, tmp_path) as made:
        yield made


def form(call: Json | None = None, **changes: Any) -> Json:
    party = {"name": NAME, "work_unit": "晨钟印刷厂"}
    named = {"call": call["call"]} if call else {}
    return {"channel": "call", "matters": [MATTER], "parties": [party], **named, **changes}


def taken(stand: CallStand, call: Json, state: str = "taken") -> Json:
    def settled() -> Json | None:
        found = stand.get(f"/calls/{call['call']}")
        return found if found["hand_overs"][0]["state"] == state else None

    return until(settled, 10)


# -- the signature ------------------------------------------------------------------------------


def test_only_what_the_call_centre_signed_just_now_is_heard(stand: CallStand) -> None:
    body = json.dumps({"event": "e1", "office": "mayors-line", "call": "c1", "type": "ringing"}).encode()
    assert stand.centre.send(body, secret="another-secret-of-32-characters-x").status_code == 401
    old = stand.centre.send(body, moment=time.time() - 301)
    assert (old.status_code, old.json()["code"]) == (401, "wrong-signature")
    assert stand.centre.send(body, moment=time.time() + 301).status_code == 401
    plain = {"Content-Type": "application/json"}
    assert stand.client.post(stand.centre.events_to, content=body, headers=plain).status_code == 401
    assert stand.database["calls"].count_documents({}) == 0
    counted = stand.house.counts.unsigned._value.get()
    assert counted == 4
    assert stand.centre.send(body, moment=time.time() - 290).status_code == 200


def test_a_body_or_path_that_was_changed_on_its_way_is_refused(stand: CallStand) -> None:
    body, moment = (
        b'{"event":"e1","office":"mayors-line","call":"c1","type":"ringing"}',
        str(int(time.time())),
    )
    for path, sent in (
        ("/call-centre/events?a=1", body),
        ("/call-centre/events", body.replace(b"c1", b"c2")),
    ):
        signed = signature(SECRET, "POST", path, moment, body)
        headers = {"X-Huiyin-Time": moment, "X-Huiyin-Signature": signed, "Content-Type": "application/json"}
        assert stand.client.post(stand.centre.events_to, content=sent, headers=headers).status_code == 401


def test_an_event_is_handled_once_and_its_id_is_not_used_for_another(stand: CallStand) -> None:
    first = stand.centre.tell("mayors-line", "c1", "ringing", "e1", number=PHONE)
    again = stand.centre.tell("mayors-line", "c1", "ringing", "e1", number=PHONE)
    other = stand.centre.tell("mayors-line", "c1", "ended", "e1")
    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    call = stand.house.calls.get(first.json()["call"])
    assert (call.version, call.state.state) == (1, "ringing")


# -- the call ------------------------------------------------------------------------------------


def test_the_number_of_a_call_is_sealed_and_opens_for_its_operator_alone(stand: CallStand) -> None:
    call = stand.rung(line="12315")
    kept = "".join(
        json_util.dumps(list(stand.database[name].find()))
        for name in stand.database.list_collection_names()
        if name != "key_vault"
    )
    assert PHONE not in kept
    found = stand.get(f"/calls/{call['call']}/form")
    assert found["number"] == PHONE
    assert found["line"] == {"id": "12315", "name": "原消费者投诉热线"}
    assert found["registration"]["parties"] == [{"role": "complainant", "phone": PHONE}]
    other = stand.ask("GET", f"/calls/{call['call']}/form", who="ml-operator-2")
    assert (other.status_code, other.json()["code"]) == (403, "not-your-call")
    assert stand.database["audit"].count_documents({"what": "call.form.opened"}) == 1
    assert stand.ask("GET", f"/calls/{call['call']}", who="cc-operator-1").status_code == 404
    assert PHONE not in stand.ask("GET", "/calls", who="ml-supervisor-1").text


def test_words_that_come_in_any_order_make_the_same_call(stand: CallStand) -> None:
    for word, more in (
        ("ended", {}),
        ("answered", {"operator": "ml-operator-1"}),
        ("ringing", {"number": PHONE}),
    ):
        assert stand.centre.tell("mayors-line", "c1", word, **more).status_code == 200
    (call,) = stand.get("/calls")["calls"]
    assert (call["state"], call["number"], call["operator"]) == ("ended", "shown", "ml-operator-1")


def test_a_registration_names_its_call_and_gets_its_number(stand: CallStand) -> None:
    first = stand.post("/cases", form(stand.rung()))["number"]
    call = stand.rung()
    earlier = stand.get(f"/calls/{call['call']}/form")["earlier"]
    assert earlier == {"total": 1, "open": 1, "numbers": [first]}
    key = "one-call-one-case"
    number = stand.post("/cases", form(call), key=key)["number"]
    assert stand.post("/cases", form(call), key=key)["number"] == number
    assert stand.get(f"/calls/{call['call']}")["cases"] == [number]
    assert stand.get(f"/cases/{number}")["call"]["id"] == call["call"]


def test_killed_between_case_and_call_the_two_are_linked_all_the_same(
    stand: CallStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = stand.rung()
    with monkeypatch.context() as broken:
        broken.setattr("services.intake.use_cases.calls.link", lambda *_: 1 / 0)
        assert stand.ask("POST", "/cases", form(call)).status_code == 500
    stand.end(call)
    stand.advance(minutes=31)
    stand.worker()
    (number,) = stand.get(f"/calls/{call['call']}")["cases"]
    assert stand.database["cases"].count_documents({}) == 1
    assert stand.get(f"/cases/{number}")["outcome"] is None, "it is what the operator took down"


def test_a_dropped_call_is_registered_and_called_back_by_itself_once(stand: CallStand) -> None:
    call = stand.rung()
    stand.end(call, "silent")
    stand.advance(minutes=29)
    stand.worker()
    assert stand.get(f"/calls/{call['call']}")["cases"] == []
    stand.advance(minutes=1)
    stand.worker()
    stand.worker()
    (number,) = stand.get(f"/calls/{call['call']}")["cases"]
    case = stand.get(f"/cases/{number}")
    assert (case["matters"][0]["kind"], case["outcome"]) == ("consultation", "filed")
    assert stand.messages(number) == ["dropped_call→p1"]


def test_a_recording_is_fetched_and_kept_with_the_text_and_a_wrong_one_is_told(stand: CallStand) -> None:
    call = stand.rung()
    number = stand.post("/cases", form(call))["number"]
    stand.centre.recordings = {"r1": VOICE, "r2": b"\x00\x01\x02"}
    for name in ("r1", "r2", "r3"):
        stand.centre.tell("mayors-line", call["sender"], "recording_ready", recording=name)
    stand.worker()
    (file,) = stand.get(f"/cases/{number}")["files"]
    assert (file["kind"], file["size"]) == ("voice", len(VOICE))
    assert stand.ask("GET", f"/cases/{number}/files/{file['id']}").content == VOICE
    told = {
        one["id"]: (one["kept"], one["refused"]) for one in stand.get(f"/calls/{call['call']}")["recordings"]
    }
    assert told == {"r1": ([number], ""), "r2": ([], "file-not-taken"), "r3": ([], "")}
    stand.centre.recordings["r3"] = VOICE
    stand.advance(minutes=2)
    stand.worker()
    assert len(stand.get(f"/cases/{number}")["files"]) == 2


# -- danger --------------------------------------------------------------------------------------


def test_a_caller_is_handed_over_first_and_registered_after(stand: CallStand) -> None:
    call = stand.rung(None, line="12315")
    stand.post(f"/calls/{call['call']}/hand-overs", {"line": "120", "words": "老人昏迷", "place": "和声路"})
    found = taken(stand, call)
    assert [(one.line, one.call) for one in stand.centre.asked.values()] == [("120", call["sender"])]
    stand.worker()
    (number,) = found["cases"]
    case = stand.get(f"/cases/{number}")
    assert (case["priority"], case["flags"], case["call"]["line"]) == ("urgent", ["emergency"], "12315")
    assert stand.messages(number) == ["emergency_raised→leader"]
    (handed,) = [e["data"] for e in stand.said(number) if e["type"] == "emergency.handed_over"]
    assert (handed["line"], handed["outcome"], handed["attempts"]) == ("120", "taken", 1)


def test_a_request_is_no_transfer_and_the_form_waits_until_somebody_took_over(stand: CallStand) -> None:
    call = stand.rung()
    stand.centre.lines = {"110": "ringing"}
    stand.post(f"/calls/{call['call']}/hand-overs", {"line": "110"})
    found = taken(stand, call, "ringing")
    assert not found["may_end"]
    refused = stand.ask("POST", "/cases", form(call))
    assert (refused.status_code, refused.json()["code"]) == (409, "stay-on-the-line")
    (asked,) = stand.centre.asked.values()
    stand.centre.lines = {"110": "taken"}
    stand.centre.tell_outcome(asked)
    assert stand.get(f"/calls/{call['call']}")["may_end"]
    assert len(stand.get(f"/calls/{call['call']}")["cases"]) == 1
    stand.post("/cases", form(call))
    assert len(stand.get(f"/calls/{call['call']}")["cases"]) == 2, "what remains is a matter of its own"


def test_a_line_that_does_not_answer_is_rung_again_and_the_leader_is_alarmed(stand: CallStand) -> None:
    call = stand.rung()
    stand.centre.lines = {"119": "no_answer"}
    stand.post(f"/calls/{call['call']}/hand-overs", {"line": "119"})
    (number,) = stand.get(f"/calls/{call['call']}")["cases"]

    def rung(times: int) -> bool:
        stand.worker()
        return len(stand.centre.asked) >= times

    until(lambda: rung(3), 10)
    until(lambda: stand.get(f"/calls/{call['call']}")["hand_overs"][0]["attempts"] == 4, 10)
    stand.worker()
    assert stand.messages(number).count("emergency_unanswered→leader") == 2
    assert len(stand.centre.asked) == 3, "then every minute"
    stand.centre.lines = {}
    stand.advance(minutes=1)
    stand.worker()
    assert taken(stand, call)["hand_overs"][0]["attempts"] == 4


def test_silence_counts_as_no_answer_and_a_call_centre_that_is_away_alarms_at_once(stand: CallStand) -> None:
    call = stand.rung()
    stand.centre.away = True
    stand.post(f"/calls/{call['call']}/hand-overs", {"line": "119"})
    (number,) = stand.get(f"/calls/{call['call']}")["cases"]
    assert stand.messages(number) == [
        "emergency_raised→leader",
        "case_registered→p1",
        "emergency_unanswered→leader",
    ]
    stand.centre.away, stand.centre.lines = False, {"119": "ringing"}
    stand.advance(seconds=2)
    stand.worker()
    taken(stand, call, "ringing")
    stand.advance(minutes=1)
    stand.worker()
    assert len(stand.centre.asked) == 2
    which = stand.get(f"/calls/{call['call']}")["hand_overs"][0]["id"]
    path = f"/calls/{call['call']}/hand-overs/{which}/settlement"
    stand.post(path, {"taken": True, "how": "用手机拨通119"}, who="ml-leader-1")
    assert stand.get(f"/calls/{call['call']}")["may_end"]
    assert stand.ask("POST", path, {"taken": True, "how": "再登记一次"}).status_code == 409


def test_a_hand_over_whose_process_died_after_it_was_asked_is_done_by_the_worker(
    stand: CallStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = stand.rung()
    with monkeypatch.context() as broken:
        broken.setattr("services.intake.use_cases.hand_overs.bring_on", lambda *_: 1 / 0)
        assert stand.ask("POST", f"/calls/{call['call']}/hand-overs", {"line": "120"}).status_code == 500
    assert not stand.centre.asked
    stand.worker()
    assert len(taken(stand, call)["cases"]) == 1


# -- walls ---------------------------------------------------------------------------------------


def test_a_call_is_behind_the_walls_of_its_case_and_its_number_leaves_with_the_form(stand: CallStand) -> None:
    call = stand.rung()
    number = stand.post("/cases", form(call))["number"]
    assert stand.get(f"/calls/{call['call']}/form")["number"] == PHONE
    stand.end(call)
    assert stand.get(f"/calls/{call['call']}/form")["number"] is None
    named = {"matter": "m1", "people": ["ml-operator-1"]}
    stand.post(f"/cases/{number}/circle/accused", named, "ml-supervisor-1")
    for path in (f"/calls/{call['call']}", f"/calls/{call['call']}/form"):
        hidden = stand.ask("GET", path)
        missing = stand.ask("GET", path.replace(call["call"], f"C{0:024x}"))
        assert (hidden.status_code, hidden.json()["detail"]) == (404, missing.json()["detail"])
    assert stand.get("/calls") == {"total": 0, "calls": []}
    assert stand.get("/calls", "ml-supervisor-1")["total"] == 1
    assert stand.get(f"/calls/{stand.rung()['call']}/form")["earlier"]["total"] == 0


def test_a_restricted_case_shuts_the_form_of_its_call(stand: CallStand) -> None:
    call = stand.rung()
    number = stand.post("/cases", form(call))["number"]
    stand.post(f"/cases/{number}/restriction", {"why": "诉求人要求"}, "ml-custodian-1")
    refused = stand.ask("GET", f"/calls/{call['call']}/form")
    assert (refused.status_code, refused.json()["code"]) == (403, "view-restricted")
