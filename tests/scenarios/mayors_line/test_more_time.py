"""More time: asked, granted inside the cap, refused, and never after the limit (S4-36, S4-37, E-17…E-19)."""

from datetime import date

import pytest

from huiyin.client.line import Refused
from tests.scenarios.driver import Driver

BUS = {"category": "transport/bus"}


@pytest.mark.clause("S4-36+dispatch")
def test_more_time_is_granted_and_the_new_date_stands_on_the_desk(mayors_line: Driver) -> None:
    number, order = mayors_line.accepted(matter=BUS)
    until = mayors_line.working_days_from_now(15)
    mayors_line.ask_more_time(number, order, until)
    asked = mayors_line.until(lambda: _asked(mayors_line, number))
    mayors_line.decide_more_time(number, asked, granted=True)
    mayors_line.until(lambda: mayors_line.order(number, order["id"])["due_on"] == until.isoformat())
    mayors_line.until_said(number, "extension.granted")


@pytest.mark.clause("S4-36")
def test_more_time_is_refused_with_a_reason_and_the_old_date_stands(mayors_line: Driver) -> None:
    number, order = mayors_line.accepted(matter=BUS)
    mayors_line.ask_more_time(number, order, mayors_line.working_days_from_now(12))
    asked = mayors_line.until(lambda: _asked(mayors_line, number))
    mayors_line.decide_more_time(number, asked, granted=False, reason="可按期办结。")
    mayors_line.until_said(number, "extension.refused")
    assert mayors_line.order(number, order["id"])["due_on"] == order["due_on"]


@pytest.mark.clause("S4-37+dispatch", "X-06", "XI-09")
def test_more_than_the_cap_is_refused_at_once(mayors_line: Driver) -> None:
    number, order = mayors_line.accepted(matter=BUS)
    with pytest.raises(Refused) as refused:
        mayors_line.ask_more_time(number, order, mayors_line.working_days_from_now(31))
    assert refused.value.status in (409, 422)
    whole = mayors_line.working_days_from_now(30)
    mayors_line.ask_more_time(number, order, whole)
    mayors_line.decide_more_time(number, mayors_line.until(lambda: _asked(mayors_line, number)), granted=True)
    mayors_line.until(lambda: mayors_line.order(number, order["id"])["due_on"] == whole.isoformat())


@pytest.mark.clause("E-18")
def test_a_second_extension_stays_inside_the_whole_and_an_assisting_unit_cannot_ask(
    mayors_line: Driver,
) -> None:
    number, lead = mayors_line.accepted(matter={"category": "housing/lift"})
    for days in (15, 28):
        mayors_line.ask_more_time(number, lead, mayors_line.working_days_from_now(days))
        mayors_line.decide_more_time(
            number, mayors_line.until(lambda: _asked(mayors_line, number)), granted=True
        )
        mayors_line.until_said(number, "extension.granted", times=1 if days == 15 else 2)
    with pytest.raises(Refused):
        mayors_line.ask_more_time(number, lead, mayors_line.working_days_from_now(31))
    assisting = mayors_line.handling(number)["orders"][1]
    mayors_line.accept(number, assisting)
    mayors_line.until(lambda: mayors_line.order(number, assisting["id"])["due_on"])
    with pytest.raises(Refused):
        mayors_line.ask_more_time(number, assisting, mayors_line.working_days_from_now(10))


@pytest.mark.clause("E-17")
def test_time_asked_before_the_limit_counts_overdue_until_granted_and_after_it_is_refused(
    mayors_line: Driver,
) -> None:
    asked, late = (mayors_line.accepted(matter=BUS) for _ in range(2))
    until = mayors_line.working_days_from_now(15)
    mayors_line.ask_more_time(*asked, until)
    mayors_line.advance_past(date.fromisoformat(asked[1]["due_on"]))
    mayors_line.until_said(asked[0], "supervision.issued")
    mayors_line.until_said(late[0], "supervision.issued")
    with pytest.raises(Refused):
        mayors_line.ask_more_time(*late, until)
    mayors_line.decide_more_time(
        asked[0], mayors_line.until(lambda: _asked(mayors_line, asked[0])), granted=True
    )
    mayors_line.until(lambda: mayors_line.order(asked[0], asked[1]["id"])["due_on"] == until.isoformat())


@pytest.mark.clause("E-19", "X-34")
def test_a_consumer_complaint_gets_no_more_time(mayors_line: Driver) -> None:
    consumer = {"category": "consumer/goods"}
    number, order = mayors_line.accepted(matter=consumer, legal_class="consumer")
    with pytest.raises(Refused):
        mayors_line.ask_more_time(number, order, mayors_line.working_days_from_now(10))


@pytest.mark.clause("E-19")
def test_an_emergency_gets_no_more_time_whenever_it_became_one(mayors_line: Driver) -> None:
    born, order = mayors_line.accepted(flags=["emergency"])
    later, other = mayors_line.accepted()
    mayors_line.role("operator").post("intake", f"/cases/{later}/emergency", {})
    mayors_line.until(lambda: _runs_as(mayors_line, later, "urgent"))
    for number, its in ((born, order), (later, other)):
        with pytest.raises(Refused) as refused:
            mayors_line.ask_more_time(number, its, mayors_line.working_days_from_now(10))
        assert refused.value.code == "not-extendable"


def _runs_as(driver: Driver, number: str, priority: str) -> bool:
    rows = driver.role("supervisor").all("supervision", "/unfinished", "unfinished")
    return (number, priority) in {(row["number"], row["priority"]) for row in rows}


def _asked(driver: Driver, number: str) -> str | None:
    found = [x for x in driver.extensions() if x["number"] == number]
    return found[0]["id"] if found else None
