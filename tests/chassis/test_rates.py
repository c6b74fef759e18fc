"""Limits and locks on a real store: exact under many threads, over when their time is over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from pymongo.database import Database

from huiyin.chassis.errors import TooMany
from huiyin.chassis.lockout import Locked, Lockout, Patience
from huiyin.chassis.lookup import Lookup
from huiyin.chassis.mongo import Doc
from huiyin.chassis.rates import Rate, Rates
from tests.unit.chassis.conftest import FixedClock

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PATIENCE = Patience(tries=3, first=15 * MINUTE, longest=DAY, forget=7 * DAY)


@pytest.fixture
def rates(own: Database[Doc], clock: FixedClock) -> Rates:
    found = Rates(own["rates"], clock.now)
    found.prepare()
    return found


@pytest.fixture
def guesses(own: Database[Doc], clock: FixedClock) -> Lockout:
    found = Lockout(own["guesses"], clock.now)
    found.prepare()
    return found


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


def _waits(rates: Rates, key: str = "a") -> int:
    with pytest.raises(TooMany) as refused:
        rates.take(Rate(3, MINUTE), "address", key)
    return refused.value.wait_s


def test_so_many_are_taken_within_any_minute_and_no_more(rates: Rates, clock: FixedClock) -> None:
    for _ in range(3):
        rates.take(Rate(3, MINUTE), "address", "a")
        clock.pass_by(15)
    assert _waits(rates) == 15
    rates.take(Rate(3, MINUTE), "address", "b")
    clock.pass_by(15)
    rates.take(Rate(3, MINUTE), "address", "a")  # the first has left the window
    assert _waits(rates) == 15, "what was refused did not count, what was taken did"


def test_a_hundred_at_once_are_no_more_than_the_rate(rates: Rates) -> None:
    def taken(_: int) -> bool:
        try:
            rates.take(Rate(10, MINUTE), "address", "a")
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(taken, range(100))) == 10


def test_a_phone_is_limited_by_its_hmac_and_stands_nowhere(rates: Rates, own: Database[Doc]) -> None:
    lookup = Lookup(b"k" * 32)
    rates.take(Rate(1, DAY), "phone", lookup.of("138 0013 8000"))
    with pytest.raises(TooMany):
        rates.take(Rate(1, DAY), "phone", lookup.of("+86 13800138000"))
    assert "13800138000" not in str(list(own["rates"].find()))


def _locked_for(guesses: Lockout) -> int:
    with pytest.raises(Locked) as locked:
        guesses.begin("k", PATIENCE)
    return locked.value.wait_s


def test_wrong_tries_lock_for_a_time_that_doubles_up_to_the_longest(
    guesses: Lockout, clock: FixedClock
) -> None:
    assert [guesses.begin("k", PATIENCE) for _ in range(3)] == [False, False, True]
    seen = []
    for _ in range(9):
        seen.append(_locked_for(guesses))
        clock.pass_by(seen[-1])
        assert guesses.begin("k", PATIENCE) is True, "over, and the next wrong try locks again"
    quarter = 15 * 60
    assert [round(s / quarter) for s in seen] == [1, 2, 4, 8, 16, 32, 64, 96, 96]


def test_a_right_try_is_taken_back_and_a_long_time_forgets_all(guesses: Lockout, clock: FixedClock) -> None:
    for _ in range(10):
        guesses.begin("k", PATIENCE)
        guesses.take_back("k")
    for _ in range(3):
        guesses.begin("k", PATIENCE)
    clock.pass_by((15 * MINUTE + 7 * DAY).total_seconds() + 1)
    assert [guesses.begin("k", PATIENCE) for _ in range(3)] == [False, False, True]


def test_a_hundred_guesses_at_once_are_three(guesses: Lockout) -> None:
    def begun(_: int) -> bool:
        try:
            guesses.begin("k", PATIENCE)
        except Locked:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(begun, range(100))) == 3
