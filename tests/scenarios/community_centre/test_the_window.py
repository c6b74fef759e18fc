"""One window takes complaints down, one by one, and passes each to the leader (S2-01, S2-12, S2-17)."""

from datetime import datetime

import pytest

from huiyin.client.line import Json, Person, Refused
from tests.scenarios.conftest import Directory
from tests.scenarios.driver import Driver


@pytest.mark.clause("S2-01")
@pytest.mark.parametrize("channel", ["visit", "call", "web"])
def test_complaints_are_received_at_the_window_alone(
    community_centre: Driver, channel: str, directory: Directory
) -> None:
    office = community_centre
    form = office.form(channel=channel)
    assert office.folder.people[office.role("operator").subject].unit == "window"
    number = office.register(form)["number"]
    assert office.case(number)["channel"] == channel
    for role in ("dispatcher", "leader", "supervisor", "callback", "records", "unit"):
        with pytest.raises(Refused, match="403"):
            office.role(role).post("intake", "/cases", form)
    directory(
        office.office,
        "roles: [records], unit: centre_office",
        "roles: [records, operator], unit: centre_office",
    )
    elsewhere = Person(office.line, "cc-records-1", "operator", office.office)
    with pytest.raises(Refused, match="请转到该处登记"):
        elsewhere.post("intake", "/cases", form)


@pytest.mark.clause("S2-12")
def test_every_complaint_gets_a_record_of_its_own_even_from_one_person_about_one_thing(
    community_centre: Driver,
) -> None:
    office = community_centre
    form = office.form()
    numbers = [office.register(form)["number"] for _ in range(3)]
    assert len(set(numbers)) == 3
    for number in numbers:
        assert [m["text"] for m in office.case(number)["matters"]] == [form["matters"][0]["text"]]
    assert set(numbers) <= {case["number"] for case in office.cases()}


@pytest.mark.clause("S2-12")
def test_what_names_nobody_is_registered_all_the_same(community_centre: Driver) -> None:
    office = community_centre
    nobody = {"role": "complainant", "anonymous": True}
    number = office.register({**office.form(channel="letter"), "parties": [nobody]})["number"]
    assert office.case(number)["parties"][0]["anonymous"] is True


@pytest.mark.clause("S2-17", "V-02")
@pytest.mark.parametrize("channel", ["visit", "call", "web", "letter"])
def test_the_leader_has_the_form_to_read_at_once_and_no_unit_before(
    community_centre: Driver, channel: str
) -> None:
    office = community_centre
    number = office.registered(channel=channel)
    asked = office.until(lambda: _to_read(office, number))
    assert (asked["gate"], asked["orders"]) == ("asked", [])
    (told,) = office.until(
        lambda: [row for row in office.said(number, "message.requested") if _asks_the_leader(row["data"])]
    )
    assert told["time"] == office.said(number, "case.registered")[0]["time"], "without a minute's delay"
    read = office.role("leader").get("intake", f"/cases/{number}")
    assert read["matters"][0]["text"] == office.form()["matters"][0]["text"]


def _to_read(office: Driver, number: str) -> Json | None:
    return next((h for h in office.waiting_for("leader") if h["number"] == number), None)


def _asks_the_leader(data: Json) -> bool:
    return (data["template"], data["addressee"]) == ("instruction_needed", "leader")


@pytest.mark.clause("S2-23")
@pytest.mark.parametrize(
    ("how", "matter", "flags"),
    [
        ("揭发、检举", {"kind": "report"}, []),
        ("控告", {"kind": "complaint", "accusing": True}, []),
        ("标记", {"kind": "complaint"}, ["accusing"]),
        ("指名", {"kind": "complaint", "accused": {"people": [], "units": ["relief"]}}, []),
    ],
)
def test_material_that_accuses_is_marked(
    community_centre: Driver, how: str, matter: Json, flags: list[str]
) -> None:
    number = community_centre.registered(matter=matter, flags=flags)
    assert _is_accusing(community_centre, number), how


@pytest.mark.clause("S2-23")
def test_an_ordinary_complaint_is_not_marked_as_accusing(community_centre: Driver) -> None:
    assert not _is_accusing(community_centre, community_centre.registered())


def _is_accusing(office: Driver, number: str) -> bool:
    matters = office.role("auditor").get("intake", f"/cases/{number}/circle")["matters"]
    return any(matter["accusing"] for matter in matters)


@pytest.mark.clause("X-20")
def test_a_visitor_after_hours_is_registered_and_told_when_the_window_opens(community_centre: Driver) -> None:
    office = community_centre
    tomorrow = office.working_days_from_now(1)
    open_now = office.register(office.form(channel="visit"))
    assert open_now["attended_from"] == open_now["accepted_at"]
    office.advance_to(office.now().date(), "18:00")
    for channel, begins in (("visit", f"{tomorrow}T09:00:00+08:00"), ("call", None)):
        receipt = office.register(office.form(channel=channel))
        looked_at = datetime.fromisoformat(receipt["attended_from"])
        assert looked_at == datetime.fromisoformat(begins or receipt["accepted_at"])
        told = office.progress(receipt["number"], receipt["query_code"])
        assert told["attended_from"] == receipt["attended_from"]
        assert office.case(receipt["number"])["attended_from"] == receipt["attended_from"]
