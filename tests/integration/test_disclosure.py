"""Identity leaves to who was granted it, for a time; a contact is corrected and nothing is lost."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from huiyin.chassis.askers import seal_for
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.errors import NotFound, no_such
from huiyin.chassis.steps import Actor, Cause
from services.intake.domain.circle import Named
from services.intake.use_cases import answers, circle
from tests.integration.five_houses import AT
from tests.integration.notify_stand import MachineHands
from tests.integration.test_intake import FORM, NAME, PHONE, Stand, stand

__all__ = ["stand"]

REASON = {"reason": "须与诉求人核对事发地点"}
ANONYMOUS = {**FORM, "parties": [{"anonymous": True}]}


def _number(stand: Stand, form: dict[str, Any] = FORM) -> str:
    return str(stand.register(form).json["number"])  # type: ignore[index]


def _ask(stand: Stand, number: str, role: str = "supervisor", **more: Any) -> Any:
    return stand.post(f"/cases/{number}/identity-requests", role, json={**REASON, **more})


def _read(stand: Stand, number: str, role: str = "supervisor") -> Any:
    return stand.get(f"/cases/{number}/identity", role)


def test_identity_is_read_by_the_asker_alone_while_granted_and_each_reading_is_a_row_before_it(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _number(stand)
    asked = _ask(stand, number)
    assert asked.status_code == 202
    (waits,) = stand.get("/identity-requests", "custodian").json["requests"]  # type: ignore[index]
    assert (waits["number"], waits["id"], waits["reason"]) == (number, asked.json["id"], REASON["reason"])
    assert waits["asker"] == "ml-supervisor-1"
    path = f"/cases/{number}/identity-requests/{waits['id']}/grant"
    assert stand.post(path, "supervisor", json={"hours": 2, "note": "同意"}).status_code == 403
    granted = stand.post(path, "custodian", json={"hours": 2, "note": "同意，仅限核对地点"})
    assert granted.json["until"] == (AT + timedelta(hours=2)).isoformat()  # type: ignore[index]
    assert stand.get("/identity-requests", "custodian").json == {"requests": []}
    told = _read(stand, number)
    assert [p["identity"] for p in told.json["parties"]] == [
        {"name": NAME, "phone": PHONE, "work_unit": "晨钟印刷厂"}
    ]
    assert stand.database["audit"].count_documents({"what": "identity.read", "case": number}) == 1
    missing = _read(stand, "SZ-D-20240927-000099-00", "leader")
    other = _read(stand, number, "leader")
    SimulatedOfficeClock(tmp_path / "clock.json").set(AT + timedelta(hours=2))
    expired = _read(stand, number)
    for refused in (other, expired, missing):
        assert (refused.status_code, refused.json["code"]) == (404, "not-found")
        assert set(refused.json) == set(missing.json)
    assert expired.json["detail"].replace(number, "") == missing.json["detail"].replace(
        "SZ-D-20240927-000099-00", ""
    )
    assert stand.database["audit"].count_documents({"what": "refused", "detail.status": 404}) == 3
    kept = stand.kept()
    for words in (REASON["reason"], "仅限核对地点", NAME, PHONE):
        assert words not in kept, "the words of a request are sealed like any others"


def _rows(stand: Stand, **query: Any) -> list[dict[str, Any]]:
    """What an auditor finds, the first act first."""
    return list(stand.get("/audit", "auditor", **query).json["rows"])[::-1]  # type: ignore[index]


def _decide(
    stand: Stand, number: str, request: str, verdict: str, role: str = "custodian", **body: Any
) -> Any:
    return stand.post(f"/cases/{number}/identity-requests/{request}/{verdict}", role, json=body)


def test_an_auditor_finds_who_asked_for_an_identity_and_who_granted_or_refused_it(stand: Stand) -> None:
    number = _number(stand)
    first, second = (_ask(stand, number, role, party="p1").json["id"] for role in ("supervisor", "leader"))
    typed = _ask(stand, number, "operator", party="p9").json["id"]
    assert _ask(stand, number, party="p1").status_code == 409
    _decide(stand, number, first, "grant", hours=2, note=f"同意，联系{NAME}")
    _decide(stand, number, second, "refusal", note="理由不足")
    assert _decide(stand, number, second, "grant", hours=2, note="同意").status_code == 409
    rows = _rows(stand, case=number, what="identity")
    supervisor, leader, operator = (
        {"asker": f"ml-{role}-1"} for role in ("supervisor", "leader", "operator")
    )
    one, none, until = {"party": "p1"}, {"party": "p9"}, {"until": (AT + timedelta(hours=2)).isoformat()}
    assert [(row["what"], row["who"]["subject"], row["detail"]) for row in rows] == [
        ("identity.asked", "ml-supervisor-1", {"request": first, **supervisor, **one}),
        ("identity.asked", "ml-leader-1", {"request": second, **leader, **one}),
        ("identity.asked", "ml-operator-1", {"request": typed, **operator, **none}),
        ("identity.granted", "ml-custodian-1", {"request": first, **supervisor, **one, **until}),
        ("identity.refused", "ml-custodian-1", {"request": second, **leader, **one}),
    ]
    assert [row["what"] for row in _rows(stand, who="ml-custodian-1")] == [
        "identity.granted",
        "identity.refused",
    ]
    kept = stand.kept()
    assert not [words for words in (REASON["reason"], NAME, "理由不足") if words in kept]


def test_a_request_that_is_sent_again_is_one_act_and_one_row(stand: Stand) -> None:
    number = _number(stand)
    path = f"/cases/{number}/identity-requests"
    told = [stand.post(path, "supervisor", key="asked-once", json=REASON).json for _ in range(2)]
    assert told[0] == told[1]
    assert len(_rows(stand, what="identity.asked")) == 1


def test_a_request_names_a_party_and_keeps_no_number_that_was_typed_instead(stand: Stand) -> None:
    number = _number(stand)
    assert _ask(stand, number, party=PHONE).status_code == 422
    assert PHONE not in stand.kept()


def test_a_reading_of_what_was_asked_is_a_row_since_reasons_may_name_people(stand: Stand) -> None:
    _ask(stand, _number(stand))
    stand.get("/identity-requests", "custodian")
    (row,) = _rows(stand, what="identity.requests.read")
    assert row["who"]["subject"] == "ml-custodian-1"


def test_nothing_is_asked_or_granted_when_its_row_cannot_be_kept(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _number(stand)
    request = _ask(stand, number).json["id"]
    with monkeypatch.context() as away:
        away.setattr(type(stand.house.base.audit), "record", _away)
        answers = [
            _ask(stand, number, "leader"),
            _decide(stand, number, request, "grant", hours=2, note="同意"),
            _decide(stand, number, request, "refusal", note="理由不足"),
        ]
    assert [answer.status_code for answer in answers] == [503, 503, 503]
    (held,) = stand.house.cases.get(number).state.requests
    assert (held.id, held.state) == (request, "asked")


def _away(*_: Any, **__: Any) -> None:
    raise AutoReconnect("the store is away")


def test_no_identity_leaves_when_its_row_cannot_be_kept(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _number(stand)
    request = _ask(stand, number).json["id"]
    path = f"/cases/{number}/identity-requests/{request}/grant"
    stand.post(path, "custodian", json={"hours": 2, "note": "同意"})
    monkeypatch.setattr(type(stand.house.base.audit), "record", _away)
    answer = _read(stand, number)
    assert (answer.status_code, NAME in answer.text) == (503, False)


def test_whoever_asks_is_answered_alike_whatever_there_is_to_see(stand: Stand) -> None:
    known, nameless, shut = _number(stand), _number(stand, ANONYMOUS), _number(stand)
    stand.post(f"/cases/{shut}/restriction", "custodian", json={"why": "本人申请"})
    told = [_ask(stand, number) for number in (known, nameless, shut)]
    told.append(_ask(stand, known, party="p9"))
    assert {answer.status_code for answer in told} == {202}
    assert {(frozenset(answer.json), answer.json["state"]) for answer in told} == {
        (frozenset({"id", "state"}), "asked")
    }
    read = [_read(stand, number) for number in (known, nameless, shut)]
    assert {(answer.status_code, answer.json["code"]) for answer in read} == {(404, "not-found")}
    assert _ask(stand, "SZ-D-20240927-000099-00").status_code == 404
    assert _ask(stand, known).status_code == 409
    for bad in ({"hours": 1}, {"note": "同意"}, {"hours": 721, "note": "同意"}, {"hours": 1, "until": AT}):
        body = {name: str(v) if v is AT else v for name, v in bad.items()}
        path = f"/cases/{known}/identity-requests/{told[0].json['id']}/grant"
        assert stand.post(path, "custodian", json=body).status_code == 422
    refusal = f"/cases/{known}/identity-requests/{told[0].json['id']}/refusal"
    assert stand.post(refusal, "custodian", json={"note": "理由不足"}).status_code == 200
    assert _read(stand, known).status_code == 404


@pytest.mark.clause("S0-35", "S2-89", "E-72")
def test_a_contact_is_opened_for_nobody_whom_the_true_circle_shuts_out(stand: Stand) -> None:
    officer = Actor(subject="ml-callback-1", role="callback", office="mayors-line", unit="duty_room")
    accused, recused = _number(stand), _number(stand)

    def opened(number: str, who: Actor | None) -> str:
        question: dict[str, Any] = {
            "party": "p1",
            "purpose": "callback",
            "request": "r1",
            "asker": "feedback",
        }
        return answers.contact(stand.house, number=number, who=who, **question)

    assert all(opened(number, officer) for number in (accused, recused))
    named = Named(people=(officer.subject,))
    other = replace(officer, subject="ml-supervisor-1", role="supervisor")
    by = Cause(id="c1", kind="request", who=other, correlation="c1")
    circle.accuse(stand.house, accused, "m1", named, by)
    circle.recuse(stand.house, recused, named, by)
    for number in (accused, recused):
        with pytest.raises(NotFound, match=str(no_such(number))):
            opened(number, officer)
        assert opened(number, None)
        assert opened(number, replace(officer, subject="ml-callback-2"))


@pytest.mark.clause("S0-05", "E-35")
def test_a_corrected_contact_is_used_from_now_on_and_the_one_before_stays_sealed(stand: Stand) -> None:
    number = _number(stand)
    old = stand.house.cases.get(number).state.party("p1")
    path = f"/cases/{number}/parties/p1/contact"
    given = {"phone": "19900000077", "address": "回音市钟鼓区石桥弄１号"}
    body = {**given, "based_on": 0}
    done = stand.post(path, json=body)
    assert done.json == {"party": "p1", "media": ["sms", "call", "letter"], "versions": 2}
    case = stand.house.cases.get(number).state
    party = case.party("p1")
    sealer, lookup = stand.house.base.sealer, stand.house.lookup
    assert party.former == (old.identity,)
    assert sealer.open(party.former[0])["phone"] == PHONE
    assert sealer.open(party.identity) == {"name": NAME, "work_unit": "晨钟印刷厂", **given}
    assert party.phone_hash == lookup.of("19900000077") != old.phone_hash
    assert party.person_hash == lookup.of_person(NAME, "回音市钟鼓区石桥弄1号")
    found = stand.database["cases"].find_one({"persons": party.person_hash, "phones": party.phone_hash})
    assert found is not None
    assert found["number"] == number
    sealed = seal_for(stand.house.askers, "intake", {"text": f"已电话{PHONE}联系石桥弄１号{NAME}"})
    words = answers.redacted(stand.house, number=number, sealed=sealed)
    assert PHONE not in words
    assert stand.post(path, json=body).status_code == 422, "nothing is new in it"
    unseen = stand.post(path, json={"phone": "19900000078", "based_on": 0})
    assert (unseen.status_code, unseen.json["code"]) == (409, "changed-meanwhile")  # type: ignore[index]
    assert "19900000077" not in unseen.text
    assert stand.post(path, "supervisor", json=body).status_code == 403
    assert stand.post(f"/cases/{number}/parties/p9/contact", json=body).status_code == 404
    for secret in (PHONE, "19900000077", "石桥弄"):
        assert secret not in stand.kept()


def test_a_contact_is_read_for_one_purpose(stand: Stand) -> None:
    number = _number(stand)
    question: dict[str, Any] = {"number": number, "party": "p1", "request": "r1", "asker": "notify"}
    first = answers.contact(stand.house, **question, purpose="deliver")
    assert answers.contact(stand.house, **question, purpose="deliver") == first
    assert answers.contact(stand.house, **question, purpose="callback") != first
    assert stand.database["audit"].count_documents({"what": "contact"}) == 2


def test_a_contact_is_given_again_for_ten_minutes_and_then_asked_for_and_recorded_anew(stand: Stand) -> None:
    number, clock = _number(stand), MachineHands()
    house = replace(stand.house, base=replace(stand.house.base, machine_clock=clock))
    question: dict[str, Any] = {"number": number, "party": "p1", "request": "r1", "asker": "notify"}
    first = answers.contact(house, **question, purpose="deliver")
    clock.ahead = timedelta(minutes=9)
    assert answers.contact(house, **question, purpose="deliver") == first
    assert stand.database["audit"].count_documents({"what": "contact"}) == 1
    clock.ahead = timedelta(minutes=10)
    assert answers.contact(house, **question, purpose="deliver") != first
    assert stand.database["audit"].count_documents({"what": "contact"}) == 2
    index = stand.database["contacts"].index_information()["until_1"]
    assert index["expireAfterSeconds"] == 0, "the store itself removes what holds no longer"
