"""Calls of the petition office: every number is stored, marked where there is none (S0-02, E-25, E-41)."""

import pytest

from huiyin.client.line import Refused
from tests.scenarios.driver import Driver
from tests.scenarios.phone import Phone, call_of, case_of_call, form_of, fresh_number, registered_in, told


@pytest.mark.clause("S0-02")
def test_the_number_of_every_call_is_stored_with_its_case(petition_office: Driver, phone: Phone) -> None:
    number = fresh_number()
    call = phone.ring(petition_office, number)
    case = registered_in(petition_office, call, party={"name": "齐听雨"})
    assert call_of(petition_office, call)["cases"] == [case]
    custodian = petition_office.role("custodian")
    opened = custodian.post("intake", f"/cases/{case}/identity", {"reason": "核对来电号码"})
    assert opened["parties"][0]["identity"]["phone"] == number
    again = form_of(petition_office, phone.ring(petition_office, number))
    assert (again["number"], again["earlier"]["numbers"]) == (number, [case])
    without = petition_office.form()
    del without["parties"][0]["phone"]
    with pytest.raises(Refused) as refused:
        petition_office.register(without)
    assert "parties.0.phone" in refused.value.errors


@pytest.mark.clause("E-25", "S0-02")
def test_a_withheld_number_and_a_switchboard_are_marked_so(petition_office: Driver, phone: Phone) -> None:
    withheld = registered_in(petition_office, phone.ring(petition_office, None))
    switchboard = phone.ring(petition_office, fresh_number(), number_kind="switchboard")
    through = registered_in(petition_office, switchboard)
    typed = petition_office.form(number_mark="withheld")
    del typed["parties"][0]["phone"]
    by_hand = petition_office.register(typed)["number"]
    marks = [petition_office.case(number)["call"]["number"] for number in (withheld, through, by_hand)]
    assert marks == ["withheld", "switchboard", "withheld"]


@pytest.mark.clause("E-41")
def test_a_dropped_or_silent_call_is_registered_and_called_back(
    petition_office: Driver, phone: Phone
) -> None:
    for reason in ("dropped", "silent", "unanswered"):
        call = phone.ring(petition_office, fresh_number())
        phone.end(petition_office, call, reason)
    petition_office.advance(minutes=31)
    number = case_of_call(petition_office, call)
    assert petition_office.until(lambda: told(petition_office, number, "dropped_call")) == ["p1"]
    (task,) = petition_office.until(
        lambda: [row for row in petition_office.tasks("call") if row["number"] == number]
    )
    petition_office.finish_task(number, task["id"], "delivered")
    assert petition_office.handling(number)["orders"] == []
    withheld = phone.ring(petition_office, None)
    phone.end(petition_office, withheld, "dropped")
    petition_office.advance(minutes=31)
    assert petition_office.case(case_of_call(petition_office, withheld))["call"]["number"] == "withheld"


@pytest.mark.clause("X-32")
def test_here_whoever_disrupts_is_persuaded_and_nothing_else(petition_office: Driver, phone: Phone) -> None:
    call = phone.ring(petition_office, fresh_number())
    path = f"/callers/{form_of(petition_office, call)['caller']}/incidents"
    operator = petition_office.role("operator")
    with pytest.raises(Refused) as refused:
        operator.post("intake", path, {"measure": "police", "words": "无理取闹，拟报警"})
    assert "measure" in refused.value.errors
    assert operator.post("intake", path, {"measure": "persuade", "words": "已耐心劝导"})["incident"] == "i1"
