"""Everything that is raised is secret unless somebody's task needs it (S0-34…S0-37)."""

import json

import pytest

from huiyin.client.line import Json, Refused
from tests.scenarios.driver import Driver

NAME, PHONE = "柏守拙", "19900000001"
TEXT = f"村里张榜的账目有假，{NAME}，电话{PHONE}。"
ORDERS = {"category": "village/accounts", "area": "990104003"}


@pytest.mark.clause("S0-34", "X-15", "E-33")
@pytest.mark.parametrize("kind", ["consultation", "help", "complaint", "opinion", "report"])
def test_whatever_the_kind_what_was_raised_is_secret_without_being_asked_for(
    petition_office: Driver, kind: str
) -> None:
    office = petition_office
    receipt = office.register(office.form(matter={**ORDERS, "kind": kind, "text": TEXT}))
    number = receipt["number"]
    (circle,) = office.role("auditor").get("intake", f"/cases/{number}/circle")["matters"]
    assert circle["confidential"] is True
    told = office.progress(number, receipt["query_code"])
    assert told["restricted"] is True
    assert not {"stage", "steps", "answer", "matters"} & told.keys()
    followed = office.line.ask("GET", "intake", receipt["progress_link"])
    assert followed == told


@pytest.mark.clause("S0-34")
def test_nobody_but_who_handles_it_sees_it_and_they_do_not_learn_who_raised_it(
    petition_office: Driver,
) -> None:
    office = petition_office
    number, order = office.dispatched(matter={"text": TEXT})
    handles, another = office.unit(order["unit"]), office.unit("labour")
    assert office.is_hidden(lambda: another.get("intake", f"/cases/{number}"), number)
    shown = office.until(lambda: handles.get("intake", f"/cases/{number}"))
    everywhere = json.dumps([shown, order, office.journal(number)], ensure_ascii=False)
    assert "张榜的账目" in shown["matters"][0]["text"]
    assert NAME not in everywhere
    assert PHONE not in everywhere
    with pytest.raises(Refused, match="403"):
        handles.post("intake", f"/cases/{number}/identity", {"reason": "想知道是谁"})
    for row in office.journal(number):
        assert "张榜的账目" not in json.dumps(row, ensure_ascii=False)


@pytest.mark.clause("S0-37")
def test_who_is_accused_is_kept_as_people_and_units_of_the_directory(petition_office: Driver) -> None:
    office = petition_office
    accused = {"people": ["po-unit-qingpu-1"], "units": ["agriculture"]}
    number = office.registered(matter={"kind": "report", "accused": accused})
    assert _accused(office, number) == (accused["people"], accused["units"])
    more = {"matter": "m1", "people": ["po-unit-sibin-head"], "units": ["sibin"]}
    office.role("supervisor").post("intake", f"/cases/{number}/circle/accused", more)
    assert _accused(office, number) == (
        ["po-unit-qingpu-1", "po-unit-sibin-head"],
        ["agriculture", "sibin"],
    )


def _accused(office: Driver, number: str) -> tuple[list[str], list[str]]:
    (circle,) = office.role("auditor").get("intake", f"/cases/{number}/circle")["matters"]
    return sorted(circle["accused"]["people"]), sorted(circle["accused"]["units"])


@pytest.mark.clause("S0-37")
@pytest.mark.parametrize("accused", [{"people": ["某某"], "units": []}, {"people": [], "units": ["某局"]}])
def test_who_stands_in_no_directory_cannot_be_noted_as_accused(
    petition_office: Driver, accused: Json
) -> None:
    with pytest.raises(Refused, match="accused"):
        petition_office.registered(matter={"kind": "report", "accused": accused})


@pytest.mark.clause("S0-35", "S0-36")
def test_the_accused_unit_is_never_given_the_case_even_where_it_is_competent(petition_office: Driver) -> None:
    office = petition_office
    accused = {"people": [], "units": ["qingpu"]}
    number = office.registered(matter={**ORDERS, "kind": "report", "text": TEXT, "accused": accused})
    order = office.until(lambda: _with_a_head(office, number))
    assert (order["unit"], order["head"]) == ("district_government", "po-leader-1")
    member = office.unit("qingpu")
    assert office.is_hidden(lambda: member.get("intake", f"/cases/{number}"), number)
    assert office.is_hidden(lambda: member.get("supervision", f"/supervisions/{number}"), number)
    assert number not in {one["number"] for one in office.orders("qingpu", "dispatched")}
    with pytest.raises(Refused, match="barred-unit"):
        office.assign(number, "m1", "qingpu")
    told = [row["data"] for row in office.said(number, "message.requested")]
    assert "qingpu" not in {one["addressee"] for one in told}


def _with_a_head(office: Driver, number: str) -> Json | None:
    return next((o for o in office.handling(number)["orders"] if o["state"] == "dispatched"), None)
