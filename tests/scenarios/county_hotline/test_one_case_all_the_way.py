"""One call through the county hotline: ten working days, fifteen where it is complex (S1)."""

from datetime import date

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


@pytest.mark.clause("E-11")
def test_a_class_raised_after_expiry_changes_no_date(county_hotline: Driver) -> None:
    office = county_hotline
    number, order = office.accepted()
    office.advance_past(date.fromisoformat(order["due_on"]))
    office.until(lambda: office.supervision(number)["clocks"][0]["limits"][0]["expired"])
    office.reclassify(number, difficulty="complex", priority="urgent", reason="期满后才发现涉及多个乡镇")
    supervisor = office.role("supervisor")
    rows = office.until(
        lambda: [
            row
            for row in supervisor.all("supervision", "/unfinished", "unfinished")
            if (row["number"], row["priority"]) == (number, "urgent")
        ]
    )
    assert [row["due_on"] for row in rows] == [order["due_on"]]
    assert len(office.supervision(number)["clocks"][0]["limits"]) == 1
