"""What is flagged waits for a leader's instruction; everything else goes out at once (S0-30, X-09)."""

import pytest

from tests.scenarios.driver import Driver

WHY = {"major": "百余户受影响", "tough": "拖延多年", "early_sign": "本周三起", "tendency": "多村类似"}


@pytest.mark.clause("X-09", "P-S0")
@pytest.mark.parametrize("flag", ["major", "tough", "early_sign", "tendency", "policy"])
def test_a_flagged_complaint_waits_for_the_leader(petition_office: Driver, flag: str) -> None:
    office = petition_office
    why = {flag: WHY[flag]} if flag in WHY else {}
    number = office.registered(flags=[flag], why=why)
    handling = office.until(lambda: office.handling(number))
    assert (handling["gate"], handling["orders"]) == ("asked", [])
    assert number in {row["number"] for row in office.waiting_for("leader")}
    office.instruct(number)
    assert office.until(lambda: office.handling(number)["orders"])


@pytest.mark.clause("X-09")
def test_what_carries_no_flag_goes_out_without_a_leader(petition_office: Driver) -> None:
    office = petition_office
    number = office.registered()
    assert office.until(lambda: office.handling(number)["orders"])
    assert office.handling(number)["gate"] == "none"
    assert not office.said(number, "instruction.asked")
