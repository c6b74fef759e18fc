"""One letter through the petition office: three months, one criterion, the writer is told (S0)."""

import pytest

from tests.scenarios.driver import Driver


@pytest.mark.clause("S0-17", "X-01", "X-04")
def test_a_letter_has_three_months_from_its_acceptance_and_is_archived(petition_office: Driver) -> None:
    number, order = petition_office.accepted(channel="letter")
    due = petition_office.calendar.add_months(petition_office.now().date(), 3).on
    assert (number[:5], order["unit"], order["due_on"]) == ("SQ-X-", "housing", due.isoformat())
    petition_office.reply(number, order, "经查，施工单位已按规范重做防水，依据《建设工程质量管理条例》办结。")
    petition_office.until(lambda: any(row["number"] == number for row in petition_office.reviews()))
    petition_office.review(number, order["id"], 1)
    assert petition_office.archived(number)["outcome"] == "echoed"
