"""Serials are leased in blocks that last, whichever offices take turns."""

from datetime import UTC, date, datetime
from typing import Any

from pymongo.database import Database

from huiyin.chassis.anchor import Anchor
from services.intake.store.numbers import Numbers

DAY = date(2024, 9, 27)
NOWHERE = Anchor(None, "intake-web", lambda: datetime.now(UTC))


def test_two_offices_that_take_turns_burn_no_serial(database: Database[dict[str, Any]]) -> None:
    numbers = Numbers(database["number_blocks"], NOWHERE)
    taken = [numbers.next(office, DAY) for _ in range(60) for office in ("a", "b")]
    assert taken[::2] == taken[1::2] == list(range(1, 61))
    assert [(row["office"], row["leased"]) for row in numbers.leased("", 10)] == [("a", 100), ("b", 100)]


def test_another_day_begins_anew(database: Database[dict[str, Any]]) -> None:
    numbers = Numbers(database["number_blocks"], NOWHERE)
    assert [numbers.next("a", date(2024, 9, day)) for day in (27, 27, 28)] == [1, 2, 1]
    assert [row["day"] for row in numbers.leased("", 10)] == ["20240927", "20240928"]
    assert [row["day"] for row in numbers.leased("a:20240927", 10)] == ["20240928"]
