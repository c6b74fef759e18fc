"""Dates: seven working days from assignment, written supervision after them (S4-34, S4-42, S4-43, E-01)."""

from datetime import date

import pytest

from huiyin.client.line import Json
from tests.scenarios.driver import Driver

BUS = {"category": "transport/bus"}


@pytest.mark.clause("S4-34", "E-01")
def test_the_unit_has_seven_statutory_working_days(mayors_line: Driver) -> None:
    _, order = mayors_line.accepted(matter=BUS)
    assert order["due_on"] == mayors_line.working_days_from_now(7).isoformat()


@pytest.mark.clause("S4-42+notify", "S4-43", "X-07")
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
    mayors_line.until(lambda: "supervision_issued" in _delivered(mayors_line, number))


def _delivered(driver: Driver, number: str) -> set[str]:
    return {row["data"]["template"] for row in driver.said(number, "message.delivered")}


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


@pytest.mark.clause("E-98")
def test_interim_replies_are_kept_and_the_clock_runs_on(mayors_line: Driver) -> None:
    number, order = mayors_line.accepted(matter=BUS)
    for n in (1, 2):
        mayors_line.reply(number, order, f"第{n}次进展：正在协调。", final=False)
    kept = mayors_line.until(lambda: _with_replies(mayors_line, number, order["id"], 2))
    assert (kept["due_on"], kept["state"]) == (order["due_on"], "accepted")
    assert number not in {row["number"] for row in mayors_line.reviews()}
    mayors_line.advance_past(date.fromisoformat(order["due_on"]))
    mayors_line.until_said(number, "supervision.issued")


def _with_replies(driver: Driver, number: str, order: str, count: int) -> Json | None:
    found = driver.order(number, order)
    return found if len(found["replies"]) == count else None
