"""Danger at the centre: its leader reads everything first, but not this (E-50, X-11)."""

from datetime import timedelta

import pytest

from huiyin.client.line import Refused
from tests.scenarios.driver import Driver
from tests.scenarios.phone import Phone, case_of_call, fresh_number, hand_over, long_held, told


@pytest.mark.clause("E-50", "X-11")
def test_no_leader_and_no_field_is_waited_for_and_office_and_leaders_learn_of_it(
    community_centre: Driver, phone: Phone
) -> None:
    call = phone.ring(community_centre, fresh_number())
    hand_over(community_centre, call, "120")
    number = case_of_call(community_centre, call)
    community_centre.until_said(number, "order.dispatched")
    assert community_centre.said(number, "instruction.asked") == []
    assert sorted(told(community_centre, number, "emergency_raised")) == ["leader", "supervisor"]
    nameless = {**community_centre.form(), "parties": [{}]}
    with pytest.raises(Refused):
        community_centre.register(nameless)
    by_form = community_centre.register({**nameless, "flags": ["emergency"]})["number"]
    community_centre.until_said(by_form, "order.dispatched")


@pytest.mark.clause("E-51", "X-11")
def test_what_waits_for_a_leader_goes_out_when_danger_is_found_in_it(community_centre: Driver) -> None:
    number = community_centre.registered(channel="letter")
    community_centre.until(lambda: community_centre.handling(number)["gate"] == "asked")
    community_centre.role("operator").post("intake", f"/cases/{number}/emergency", {})
    community_centre.until_said(number, "order.dispatched")
    assert community_centre.said(number, "instruction.given") == []


@pytest.mark.clause("X-32")
def test_this_office_limits_nobody_and_records_what_else_it_does(
    community_centre: Driver, phone: Phone
) -> None:
    caller, supervisor = (
        long_held(community_centre, phone, fresh_number()),
        community_centre.role("supervisor"),
    )
    until = community_centre.now() + timedelta(days=7)
    body = {"reason": "反复来电占线", "until": until.isoformat()}
    with pytest.raises(Refused) as refused:
        supervisor.post("intake", f"/callers/{caller}/limits", body)
    assert refused.value.code == "limit-not-allowed"
    done = {"measure": "police", "words": "反复占线并辱骂，劝导无效，已报警"}
    assert supervisor.post("intake", f"/callers/{caller}/incidents", done)["measure"] == "police"
    (row,) = (r for r in supervisor.get("intake", "/misuse")["callers"] if r["caller"] == caller)
    assert (row["incidents"], row["limit"]) == (1, None)
