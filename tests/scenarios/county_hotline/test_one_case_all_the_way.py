"""One call through the county hotline: ten working days, fifteen where it is complex (S1)."""

import pytest

from tests.scenarios.driver import Driver


@pytest.mark.clause("S1-27", "X-01", "X-18")
def test_a_general_problem_has_ten_working_days_and_is_archived(county_hotline: Driver) -> None:
    number, order = county_hotline.accepted()
    due = county_hotline.working_days_from_now(10).isoformat()
    assert (number[:5], order["unit"], order["due_on"]) == ("YD-D-", "transport", due)
    county_hotline.reply(number, order, "已修补路面并恢复通车。")
    county_hotline.until(lambda: any(row["number"] == number for row in county_hotline.reviews()))
    county_hotline.review(number, order["id"], 1)
    assert county_hotline.archived(number)["outcome"] == "echoed"


@pytest.mark.clause("S1-28", "X-02")
def test_a_complex_problem_has_fifteen(county_hotline: Driver) -> None:
    _, order = county_hotline.accepted(difficulty="complex")
    assert order["due_on"] == county_hotline.working_days_from_now(15).isoformat()
