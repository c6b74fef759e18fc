"""What waits for leave: one order that fails neither stops the others nor is lost from sight."""

import logging
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from huiyin.chassis.draft import Record
from huiyin.chassis.errors import Unavailable
from huiyin.contracts.circle import MatterCircle
from services.dispatch.domain.handling import Handling
from services.dispatch.errors import WrongState
from services.dispatch.use_cases.disclosing import disclose_held
from tests.unit.dispatch.cases import AT, CITY
from tests.unit.dispatch.test_circle import begun

SECRET = MatterCircle(matter="m1", confidential=True)


class Handlings:
    """Held orders, of which one case's cannot be saved."""

    def __init__(self, numbers: Iterable[str], broken: str = "") -> None:
        self._numbers, self._broken = list(numbers), broken
        self.saved: list[str] = []

    def each(self, query: dict[str, Any]) -> list[Record[Handling]]:
        assert query == {"held": True}
        state = begun(SECRET)
        assert state.orders[0].state == "held"
        return [
            Record(
                key=number, version=1, office="mayors-line", correlation="c", said=0, state=state, handled={}
            )
            for number in self._numbers
        ]

    def take(self, number: str, *_: Any) -> None:
        if number == self._broken:
            raise WrongState("知情范围已变化")
        self.saved.append(number)


def house(handlings: Handlings, ask: Any) -> Any:
    return SimpleNamespace(
        handlings=handlings,
        base=SimpleNamespace(asker=SimpleNamespace(ask=ask)),
        now=lambda: AT,
        rules=lambda _: CITY,
    )


def leave(*_: Any, **__: Any) -> dict[str, Any]:
    return {"leave": True, "version": 1}


def test_an_order_that_fails_is_told_and_the_others_go_out(caplog: pytest.LogCaptureFixture) -> None:
    handlings = Handlings("ABC", broken="A")
    with caplog.at_level(logging.ERROR):
        disclose_held(house(handlings, leave))
    assert handlings.saved == ["B", "C"]
    assert "a held order could not be sent" in caplog.text


def test_more_cases_wait_than_one_page_holds_and_all_go_out() -> None:
    numbers = [f"{n:03}" for n in range(120)]
    handlings = Handlings(numbers)
    disclose_held(house(handlings, leave))
    assert handlings.saved == numbers


def test_while_intake_is_away_nothing_is_sent_and_nobody_is_asked_again() -> None:
    asked: list[str] = []

    def away(*_: Any, number: str, **__: Any) -> None:
        asked.append(number)
        raise Unavailable("intake")

    handlings = Handlings("ABC")
    with pytest.raises(Unavailable):
        disclose_held(house(handlings, away))
    assert (asked, handlings.saved) == (["A"], [])


def test_leave_by_another_circle_than_is_held_sends_nothing() -> None:
    handlings = Handlings("A")
    disclose_held(house(handlings, lambda *_, **__: {"leave": True, "version": 2}))
    assert handlings.saved == []
