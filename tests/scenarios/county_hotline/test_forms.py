"""Submissions wait for the county's leaders, direct handling is the efficiency centre's own (S1)."""

import pytest

from tests.scenarios.driver import Driver

CENTRE = "efficiency_centre"


@pytest.mark.clause("X-09")
@pytest.mark.parametrize("flag", ["major_emergency", "several_units"])
def test_a_submission_waits_for_the_leaders_and_nothing_else_does(county_hotline: Driver, flag: str) -> None:
    office = county_hotline
    submitted = office.registered(flags=[flag])
    plain = office.registered(flags=["widespread"], why={"widespread": "全县多处"})
    handling = office.until(lambda: office.handling(submitted))
    assert (handling["gate"], handling["orders"]) == ("asked", [])
    (order,) = office.until(lambda: office.handling(plain)["orders"])
    assert (order["unit"], office.handling(plain)["gate"]) == ("transport", "none")
    office.instruct(submitted)
    (after,) = office.until(lambda: office.handling(submitted)["orders"])
    assert after["unit"] == "transport"


@pytest.mark.clause("XI-07")
def test_what_is_both_a_submission_and_for_direct_handling_is_submitted(county_hotline: Driver) -> None:
    office = county_hotline
    direct = office.registered(flags=["urgent_major"])
    (order,) = office.until(lambda: office.handling(direct)["orders"])
    assert (order["unit"], order["ground"]) == (CENTRE, "direct_handling")
    both = office.registered(flags=["urgent_major", "major_emergency"])
    handling = office.until(lambda: office.handling(both))
    assert (handling["gate"], handling["orders"]) == ("asked", [])
    office.instruct(both)
    (instructed,) = office.until(lambda: office.handling(both)["orders"])
    assert (instructed["unit"], instructed["ground"]) == ("transport", "by_subject")


@pytest.mark.clause("X-14")
def test_what_accuses_goes_to_the_head_of_the_efficiency_centre(county_hotline: Driver) -> None:
    office = county_hotline
    accused = {"people": [], "units": ["transport"]}
    number = office.registered(matter={"accused": accused})
    order = office.until(
        lambda: next((o for o in office.handling(number)["orders"] if o["state"] == "dispatched"), None)
    )
    assert (order["unit"], order["head"]) == (CENTRE, "ch-unit-efficiency-head")
    assert office.is_hidden(lambda: office.unit("transport").get("intake", f"/cases/{number}"), number)
    against = office.registered(matter={"accused": {"people": [], "units": [CENTRE]}})
    above = office.until(
        lambda: next((o for o in office.handling(against)["orders"] if o["state"] == "dispatched"), None)
    )
    assert (above["unit"], above["head"]) == ("county_government", "ch-leader-1")
