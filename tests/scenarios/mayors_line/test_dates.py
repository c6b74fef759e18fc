"""Dates: seven working days from assignment, written supervision after them (S4-34, S4-42, S4-43, E-01)."""

from datetime import date

import pytest

from tests.scenarios.driver import Driver

BUS = {"category": "transport/bus"}


@pytest.mark.clause("S4-34", "E-01")
def test_the_unit_has_seven_statutory_working_days(mayors_line: Driver) -> None:
    _, order = mayors_line.accepted(matter=BUS)
    assert order["due_on"] == mayors_line.working_days_from_now(7).isoformat()


@pytest.mark.clause("S4-42", "S4-43")
def test_past_the_limit_written_supervision_goes_out_with_a_limit_of_its_own(mayors_line: Driver) -> None:
    number, order = mayors_line.accepted(matter=BUS)
    due = date.fromisoformat(order["due_on"])
    mayors_line.advance_to(due, "23:30")
    assert mayors_line.said(number, "supervision.issued") == []
    mayors_line.advance(hours=1)
    issued = mayors_line.until_said(number, "supervision.issued")[0]["data"]
    assert issued["overdue_since"] == due.isoformat()
    assert issued["due_on"] == mayors_line.working_days_from_now(3).isoformat()
    mayors_line.until(lambda: mayors_line.order(number, order["id"])["due_on"] == issued["due_on"])
    assert issued["slip"] in mayors_line.order(number, order["id"])["slips"]


@pytest.mark.clause("E-06")
def test_a_reply_before_midnight_of_the_last_day_is_in_time(mayors_line: Driver) -> None:
    number, order = mayors_line.accepted(matter=BUS)
    mayors_line.advance_to(date.fromisoformat(order["due_on"]), "23:59")
    mayors_line.reply(number, order, "已增开班次。")
    mayors_line.until(lambda: any(r["number"] == number for r in mayors_line.reviews()))
    mayors_line.advance(hours=9)
    mayors_line.review(number, order["id"], 1)
    mayors_line.until_said(number, "reply.approved")
    assert mayors_line.said(number, "supervision.issued") == []
