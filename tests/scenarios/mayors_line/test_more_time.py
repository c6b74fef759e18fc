"""More time: asked, granted inside the cap, refused, and never after the limit (S4-36, S4-37, E-17…E-19)."""

import pytest

from huiyin.client.line import Refused
from tests.scenarios.driver import Driver

BUS = {"category": "transport/bus"}


@pytest.mark.clause("S4-36", "S4-37")
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


@pytest.mark.clause("S4-37")
def test_more_than_the_cap_is_refused_at_once(mayors_line: Driver) -> None:
    number, order = mayors_line.accepted(matter=BUS)
    with pytest.raises(Refused) as refused:
        mayors_line.ask_more_time(number, order, mayors_line.working_days_from_now(31))
    assert refused.value.status in (409, 422)


@pytest.mark.clause("E-19", "S4-55")
def test_a_consumer_complaint_gets_no_more_time(mayors_line: Driver) -> None:
    consumer = {"category": "consumer/goods"}
    number, order = mayors_line.accepted(matter=consumer, legal_class="consumer")
    with pytest.raises(Refused):
        mayors_line.ask_more_time(number, order, mayors_line.working_days_from_now(10))


def _asked(driver: Driver, number: str) -> str | None:
    found = [x for x in driver.extensions() if x["number"] == number]
    return found[0]["id"] if found else None
