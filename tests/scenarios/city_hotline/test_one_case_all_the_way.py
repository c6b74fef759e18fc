"""One demand through the city hotline: dispatched at once by territory, limits by urgency (S3)."""

from datetime import timedelta

import pytest

from tests.scenarios.driver import Driver


@pytest.mark.clause("S3-36", "S3-43", "X-09")
def test_a_demand_is_dispatched_at_once_evaluated_and_archived(city_hotline: Driver) -> None:
    number, order = city_hotline.accepted(matter={"text": "小区门口的垃圾桶满了，两天没有清运。"})
    due = city_hotline.days_from_now(7).isoformat()
    assert (number[:5], order["due_on"]) == ("HM-D-", due)
    assert (order["unit"], order["ground"], order["entry"]) == ("qinting", "by_territory", "ci-003")
    city_hotline.reply(number, order, "已清运并增加一次清运频次。")
    city_hotline.until(lambda: any(row["number"] == number for row in city_hotline.reviews()))
    city_hotline.review(number, order["id"], 1)
    assert city_hotline.archived(number)["outcome"] == "echoed"


@pytest.mark.clause("X-03")
def test_how_urgent_a_demand_is_sets_its_limit(city_hotline: Driver) -> None:
    high, low = (
        city_hotline.accepted(priority=priority, priority_why="班长核定")[1] for priority in ("high", "low")
    )
    day_on = city_hotline.now().date() + timedelta(hours=24)
    assert high["due_on"] == day_on.isoformat(), "a limit in hours runs on over a holiday"
    assert low["due_on"] == city_hotline.days_from_now(15).isoformat()
