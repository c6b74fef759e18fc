"""Danger at the mayor's line: verified and handled at once, by the duty room's emergency system (S4-33)."""

import pytest

from tests.scenarios.driver import Driver
from tests.scenarios.phone import Phone, case_of_call, form_of, fresh_number, hand_over, registered_in, told


@pytest.mark.clause("S4-07")
def test_a_line_that_was_merged_stays_known_by_its_number(mayors_line: Driver, phone: Phone) -> None:
    call = phone.ring(mayors_line, fresh_number(), line="12315")
    assert form_of(mayors_line, call)["line"]["name"] == "原消费者投诉热线"
    assert mayors_line.case(registered_in(mayors_line, call))["call"]["line"] == "12315"
    own = phone.ring(mayors_line, fresh_number(), line="12345")
    assert mayors_line.case(registered_in(mayors_line, own))["call"]["line"] == "12345"


@pytest.mark.clause("S4-33+dispatch", "V-02")
def test_an_emergency_is_urgent_told_and_dispatched_at_once_and_its_verification_is_watched(
    mayors_line: Driver,
) -> None:
    gas = {"category": "utilities/gas", "text": "燃气管道泄漏，气味很大。"}
    bare = {"channel": "call", "matters": [{**mayors_line.form()["matters"][0], **gas}]}
    number = mayors_line.register({**bare, "flags": ["emergency"], "parties": [{"anonymous": True}]})[
        "number"
    ]
    case = mayors_line.case(number)
    assert (case["priority"], case["emergency"]["real"]) == ("urgent", None)
    mayors_line.until(lambda: told(mayors_line, number, "emergency_raised") == ["leader"])
    order = mayors_line.until(lambda: mayors_line.handling(number)["orders"])[0]
    assert (order["unit"], order["state"]) == ("gas_company", "dispatched")
    within = mayors_line.folder.rulebook.terms.immediately
    assert within.unit == "minute"
    mayors_line.advance(minutes=within.amount - 1)
    verified = mayors_line.registered(flags=["emergency"])
    mayors_line.role("operator").post("intake", f"/cases/{verified}/verification", {"real": True})
    assert told(mayors_line, number, "emergency_unverified") == []
    mayors_line.advance(minutes=2)
    mayors_line.until(lambda: told(mayors_line, number, "emergency_unverified") == ["leader"])
    mayors_line.advance(minutes=within.amount)
    assert told(mayors_line, verified, "emergency_unverified") == []
    assert mayors_line.case(verified)["emergency"]["real"] is True


@pytest.mark.clause("S4-33")
def test_what_becomes_an_emergency_later_is_raised_once(mayors_line: Driver, phone: Phone) -> None:
    number = mayors_line.registered(channel="letter")
    supervisor = mayors_line.role("supervisor")
    for _ in range(2):
        raised = supervisor.post("intake", f"/cases/{number}/emergency", {})
    assert (raised["priority"], raised["flags"]) == ("urgent", ["emergency"])
    mayors_line.until_said(number, "emergency.raised")
    mayors_line.until(lambda: told(mayors_line, number, "emergency_raised") == ["leader"])


def test_a_hand_over_goes_to_the_unit_that_the_catalogue_names(mayors_line: Driver, phone: Phone) -> None:
    call = phone.ring(mayors_line, fresh_number())
    hand_over(mayors_line, call, "119", words="楼下起火", area="990101001", place="和声路")
    number = case_of_call(mayors_line, call)
    orders = mayors_line.until(lambda: mayors_line.handling(number)["orders"])
    assert [order["unit"] for order in orders] == ["fire_rescue", "housing"]
