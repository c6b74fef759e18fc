"""A case goes from one office to another: its own number there, its first time, its identity sealed anew."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from bson import Binary

from services.intake.use_cases import passing
from tests.integration.test_files import VOICE, send
from tests.integration.test_intake import FORM, NAME, PHONE, TEXT, Stand, stand

__all__ = ["stand"]

COUNTY = {"id": "m1", "kind": "criticism", "category": "roads/village", "area": "990105001"}
ASKED = {"to": "county-hotline", "reason": "属云笛县职责。", "matters": [COUNTY]}
MATTER: dict[str, Any] = FORM["matters"][0]
CENTRE_FORM = {
    **FORM,
    "channel": "call",
    "matters": [{**MATTER, "category": "window/queue", "area": "990102002001"}],
    "parties": [
        {"name": NAME, "phone": PHONE, "work_unit": "厂", "occupation": "职员", "address": "石桥弄1号"}
    ],
}


def ask(stand: Stand, number: str, office: str = "mayors-line", **asked: Any) -> Any:
    answer = stand.post(f"/cases/{number}/passing", office=office, json={**ASKED, **asked})
    return {"status": answer.status_code, **(answer.json or {})}


def passed(stand: Stand, form: Mapping[str, Any] = FORM, **asked: Any) -> tuple[str, str]:
    """A fresh case of the mayor's line that went on, and its number there."""
    number = stand.register(dict(form)).json["number"]  # type: ignore[index]
    answer = ask(stand, number, **asked)
    assert answer["status"] == 202, answer
    passing.pass_cases(stand.house)
    return number, stand.get(f"/cases/{number}").json["passed_to"]["number"]  # type: ignore[index]


def document(stand: Stand, number: str) -> Any:
    found = stand.database["cases"].find_one({"number": number})
    assert found is not None
    return found


def events(stand: Stand, number: str) -> list[Any]:
    return [event for step in document(stand, number)["steps"] for event in step["events"]]


def types(stand: Stand, number: str) -> list[str]:
    return [event["type"] for event in events(stand, number)]


def test_it_gets_a_number_there_and_keeps_the_time_it_was_first_received(stand: Stand) -> None:
    received = stand.house.now() - timedelta(days=2)
    number, there = passed(stand, {**FORM, "received_at": received.isoformat()})
    case = stand.get(f"/cases/{there}", office="county-hotline").json
    assert case is not None
    assert there.startswith("YD-D-")
    assert datetime.fromisoformat(case["received_at"]) == received
    assert datetime.fromisoformat(case["accepted_at"]) > received
    assert case["passed_from"] == {"office": "mayors-line", "number": number}
    said = events(stand, there)[0]["data"]
    assert said["rulebook"] == stand.house.base.rulebooks.office("county-hotline").rulebook.hash
    assert said["passed_from"] == {"office": "mayors-line", "number": number}


def test_the_identity_is_sealed_under_the_other_offices_key(stand: Stand) -> None:
    _, there = passed(stand)
    identity: Binary = document(stand, there)["state"]["parties"][0]["identity"]
    assert stand.house.base.sealer.open(identity) == {
        "name": NAME,
        "phone": PHONE,
        "work_unit": "晨钟印刷厂",
    }
    key = stand.database["key_vault"].find_one({"_id": Binary(identity[1:17], 4)})
    assert key is not None
    assert key["keyAltNames"] == [f"county-hotline:{stand.house.now():%Y-%m}"]
    assert all(secret not in stand.kept() for secret in (NAME, PHONE, TEXT))
    row = stand.database["audit"].find_one({"what": "identity.passed"})
    assert row is not None
    assert row["detail"] == {"to": "county-hotline"}


def test_what_the_first_office_did_not_ask_is_no_hindrance(stand: Stand) -> None:
    _, there = passed(stand, {**FORM, "parties": [{"name": NAME, "phone": PHONE, "work_unit": "厂"}]})
    assert stand.get(f"/cases/{there}", office="county-hotline").status_code == 200  # it wants an address


def test_however_often_it_is_looked_at_one_case_is_made(stand: Stand) -> None:
    number, there = passed(stand)
    # as if the process had ended before it could note the number here
    stand.database["cases"].update_one(
        {"number": number}, {"$set": {"state.passing.number": "", "passing": True}}
    )
    passing.pass_cases(stand.house)
    passing.pass_cases(stand.house)
    assert stand.database["cases"].count_documents({"office": "county-hotline"}) == 1
    assert document(stand, there)["version"] == 1


def test_the_files_go_along_and_wait_for_a_release_of_their_own(stand: Stand) -> None:
    number = stand.register(FORM).json["number"]  # type: ignore[index]
    assert send(stand, f"/cases/{number}/files", VOICE).status_code == 201
    ask(stand, number)
    passing.pass_cases(stand.house)
    there = document(stand, number)["state"]["passing"]["number"]
    file = stand.get(f"/cases/{there}", office="county-hotline").json["files"][0]  # type: ignore[index]
    assert (file["kind"], file["released"]) == ("voice", False)
    original = stand.get(f"/cases/{there}/files/{file['id']}", office="county-hotline")
    assert original.data == VOICE


def test_the_walls_of_a_matter_stay_with_it(stand: Stand) -> None:
    accused = {"people": ["ml-unit-ecology-1"], "units": ["ecology"]}
    form = {**FORM, "matters": [{**MATTER, "accused": accused, "confidential": True}]}
    number = stand.register(form).json["number"]  # type: ignore[index]
    refused = ask(stand, number)
    assert (refused["status"], list(refused["errors"])) == (422, ["matters.m1.accused"])
    there = {**COUNTY, "accused": {"units": ["water"]}}
    assert ask(stand, number, matters=[there])["status"] == 202
    passing.pass_cases(stand.house)
    goes_on = document(stand, number)["state"]["passing"]["number"]
    circle = stand.get(f"/cases/{goes_on}/circle", "dispatcher", "county-hotline").json["matters"][0]  # type: ignore[index]
    assert circle["accused"] == {"people": ["ml-unit-ecology-1"], "units": ["water"]}
    assert (circle["accusing"], circle["confidential"]) == (True, True)


def test_what_the_other_office_does_not_know_is_named_at_once(stand: Stand) -> None:
    number = stand.register({**FORM, "channel": "web"}).json["number"]  # type: ignore[index]
    refused = ask(stand, number, matters=[{"id": "m1", "kind": "criticism", "area": "11"}, {"id": "m7"}])
    assert refused["status"] == 422
    assert set(refused["errors"]) == {"channel", "matters.m1.category", "matters.m1.area", "matters.m7"}
    assert list(ask(stand, number, to="mayors-line")["errors"]) == ["to"]
    assert list(ask(stand, number, to="nowhere")["errors"]) == ["to"]


def test_an_office_that_takes_no_anonymous_demands_takes_none_from_others(stand: Stand) -> None:
    form = {**FORM, "parties": [{"anonymous": True}]}
    number = stand.register(form).json["number"]  # type: ignore[index]
    assert list(ask(stand, number)["errors"]) == ["to"]


def test_it_goes_to_one_office_and_not_after_its_end(stand: Stand) -> None:
    number, _ = passed(stand)
    again = ask(stand, number)
    assert (again["status"], again["code"]) == (409, "already-passed-on")
    over = stand.register(FORM).json["number"]  # type: ignore[index]
    stand.post(f"/cases/{over}/withdrawal", json={"reason": "不用了。"})
    assert ask(stand, over)["code"] == "already-concluded"


def test_the_mayors_line_follows_its_own_case_until_the_other_is_over(stand: Stand) -> None:
    number, there = passed(stand)
    assert stand.get(f"/cases/{number}").json["outcome"] is None  # type: ignore[index]
    withdrawal = {"reason": "已经解决。"}
    assert (
        stand.post(f"/cases/{there}/withdrawal", office="county-hotline", json=withdrawal).status_code == 200
    )
    passing.pass_cases(stand.house)
    assert stand.get(f"/cases/{number}").json["outcome"] == "passed_on"  # type: ignore[index]
    assert types(stand, number)[-3:] == ["passing.registered", "message.requested", "case.concluded"]
    assert not document(stand, there)["passing"]


def test_the_centre_ends_its_own_case_when_the_other_office_has_it(stand: Stand) -> None:
    answer = stand.post("/cases", office="community-centre", json=CENTRE_FORM)
    number = answer.json["number"]  # type: ignore[index]
    mayors = {"to": "mayors-line", "matters": [{"id": "m1", "category": "consumer/goods"}]}
    assert ask(stand, number, "community-centre", **mayors)["status"] == 202
    assert document(stand, number)["state"]["outcome"] is None, "not before the other has it"
    passing.pass_cases(stand.house)
    case = stand.get(f"/cases/{number}", office="community-centre").json
    assert case is not None
    assert (case["outcome"], case["passed_to"]["number"][:3]) == ("passed_on", "SZ-")
    assert "case_concluded" not in str(events(stand, number)), "it is not over for the complainant"


@pytest.mark.parametrize("role", ["unit", "supervisor", "leader"])
def test_only_the_desk_passes_cases_on(stand: Stand, role: str) -> None:
    number = stand.register(FORM).json["number"]  # type: ignore[index]
    assert stand.post(f"/cases/{number}/passing", role, json=ASKED).status_code == 403
