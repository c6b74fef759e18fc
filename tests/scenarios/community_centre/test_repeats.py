"""A repeat visit is special: it bears the mark, and goes its whole way again (S2)."""

import pytest

from tests.scenarios.driver import Driver


@pytest.mark.clause("S2-66", "X-10")
def test_a_repeat_visit_is_marked_as_special_and_read_by_a_leader_again(community_centre: Driver) -> None:
    office = community_centre
    number = office.registered(channel="visit")
    assert office.case(number)["flags"] == []
    form = office.form(channel="visit")
    again = office.register({**form, "repeat_of": {"number": number, "why": "第二次来访"}})
    assert again["repeat"]["treatment"] == "dispatch"
    case = office.case(again["number"])
    assert case["flags"] == ["repeat_visit"]
    asked = office.until(lambda: office.handling(again["number"]))
    assert asked["gate"] == "asked"
