"""What cannot be handled yet waits in the store: retried, woken, parked, sent again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pymongo.database import Database

from huiyin.chassis import waiting
from huiyin.chassis.digest import Delivery
from huiyin.chassis.mongo import Doc
from tests.chassis.test_fold import deliveries
from tests.chassis.toy import POISON, Toy, case_of, envelope, reply_submitted, toy


@dataclass
class Clock:
    """A machine clock that the test moves."""

    at: datetime = datetime(2026, 11, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(own: Database[Doc], clock: Clock) -> Toy:
    return toy(own, now=clock.now)


def row_of(house: Toy, row_id: str) -> dict[str, Any]:
    row = house.waiting.collection.find_one({"_id": row_id})
    assert row is not None
    return row


def test_a_poison_message_is_tried_with_growing_delays_then_parked_and_can_be_sent_again(
    timed: Toy, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed.digest.digest(deliveries([*case_of("A", []), envelope("A", 9, reply_submitted(POISON))]))
    delays: list[float] = []
    while (row := row_of(timed, "A-9"))["state"] == "waiting" and len(delays) < 50:
        delays.append((row["not_before"] - clock.at).total_seconds())
        clock.move(delays[-1] - 0.001)
        assert timed.digest.retry() == 0
        assert row_of(timed, "A-9")["attempts"] == row["attempts"], "it was tried before its time"
        clock.move(0.001)
        timed.digest.retry()
    assert len(delays) == waiting._TRIES - 1
    grown = [0.5 * 2.0**n for n in range(1, len(delays) + 1)]
    assert all(most / 2 <= delay <= most for delay, most in zip(delays, grown, strict=True))
    assert timed.waiting.counts() == {"waiting": 0, "parked": 1}
    clock.move(1e6)
    assert timed.digest.retry() == 0

    monkeypatch.setattr("tests.chassis.toy.POISON", 0)  # the bug is mended
    assert timed.waiting.resend("A-9")
    assert timed.digest.retry() == 1
    assert timed.replies("A") == (POISON,)
    assert timed.waiting.counts() == {"waiting": 0, "parked": 0}
    assert not timed.waiting.resend("A-9")


def test_an_early_message_is_handled_as_soon_as_its_case_is_saved(timed: Toy, clock: Clock) -> None:
    order, reply = case_of("A", [1])
    other = envelope("B", 2, reply_submitted(1))
    timed.digest.digest(deliveries([reply, other]))
    clock.move(20)  # by now its next try may lie many seconds ahead
    timed.digest.retry()
    timed.digest.digest(deliveries([order]))
    assert timed.digest.retry() == 1, "the saved case did not wake what waited for it"
    assert timed.replies("A") == (1,)
    assert timed.waiting.counts() == {"waiting": 1, "parked": 0}


def test_what_another_worker_laid_by_is_woken_once_it_was_noticed(
    own: Database[Doc], timed: Toy, clock: Clock
) -> None:
    order, reply = case_of("A", [1])
    timed.waiting.notice()  # nothing waits, so saves need not look for what they could wake
    toy(own, now=clock.now).digest.digest(deliveries([reply]))
    clock.move(20)
    timed.digest.retry()
    timed.waiting.notice()
    assert timed.digest.digest(deliveries([order])).woke
    assert timed.digest.retry() == 1


def test_what_comes_in_the_wrong_order_in_one_batch_is_handled_at_the_next_try(
    timed: Toy, clock: Clock
) -> None:
    timed.digest.digest(deliveries(list(reversed(case_of("A", [1, 2, 3])))))
    assert timed.digest.retry() == 3
    assert sorted(timed.replies("A")) == [1, 2, 3]


def test_an_early_message_waits_without_end(timed: Toy, clock: Clock) -> None:
    timed.digest.digest(deliveries([envelope("A", 2, reply_submitted(1))]))
    for attempts in (2, 50, 5_000, 5_001):
        timed.waiting.collection.update_one({"_id": "A-2"}, {"$set": {"attempts": attempts}})
        clock.move(31)
        assert timed.digest.retry() == 0
        row = row_of(timed, "A-2")
        assert (row["state"], row["reason"], row["attempts"]) == ("waiting", "early", attempts + 1)
        assert (row["not_before"] - clock.at).total_seconds() <= 30
    assert timed.waiting.held(["A"])


def test_two_workers_do_not_try_the_same_row(own: Database[Doc], timed: Toy, clock: Clock) -> None:
    timed.digest.digest(deliveries([envelope("A", n, reply_submitted(n)) for n in (2, 3)]))
    clock.move(60)
    second = toy(own, now=clock.now)
    leased = [timed.waiting.due(), second.waiting.due(), second.waiting.due(), timed.waiting.due()]
    ids = [row["_id"] for row in leased if row]
    assert sorted(ids) == ["A-2", "A-3"]
    clock.move(waiting._LEASE_S + 1)  # a worker that died with a row in hand loses it
    assert timed.waiting.due() is not None


def test_a_message_that_waits_and_comes_again_is_one_row(timed: Toy) -> None:
    early = deliveries([envelope("A", 2, reply_submitted(1))])
    for _ in range(3):
        timed.digest.digest(early)
    assert timed.waiting.counts() == {"waiting": 1, "parked": 0}
    assert row_of(timed, "A-2")["attempts"] == 3


def test_what_waits_and_then_is_heard_anyway_has_one_effect(timed: Toy, clock: Clock) -> None:
    order, reply = case_of("A", [1])
    timed.digest.digest(deliveries([reply]))
    timed.digest.digest(deliveries([order, reply]))
    clock.move(60)
    assert timed.digest.retry() == 1
    assert timed.replies("A") == (1,)
    assert not timed.waiting.held(["A"])


def test_what_the_broker_gave_up_on_is_handled_at_the_next_try(timed: Toy) -> None:
    timed.digest.keep_dead([*deliveries(case_of("A", [1])), Delivery(b"\xff", {})])
    assert timed.waiting.counts() == {"waiting": 2, "parked": 1}
    timed.digest.retry()
    timed.digest.retry()
    assert timed.replies("A") == (1,)


@pytest.mark.parametrize(
    "headers",
    [
        {"price": Decimal("1.5")},
        {"half": "\ud800"},
        {"a\x00b": 1},
        {"big": 2**70},
        {"x-death": [{"count": 21, "time": datetime(2026, 1, 1, tzinfo=UTC), "queue": "q"}]},
    ],
    ids=["decimal", "half a character", "NUL", "65 bits", "x-death"],
)
def test_headers_that_the_store_does_not_know_do_not_hold_up_the_message(
    timed: Toy, headers: dict[str, Any]
) -> None:
    timed.digest.digest([Delivery(b"\xff", headers), *deliveries(case_of("A", []))])
    (row,) = timed.waiting.collection.find()
    assert row["raw"] == b"\xff"
    assert len(row["headers"]) == 1
    assert timed.documents.look("A") is not None


@pytest.mark.parametrize("reason", ["early", "failed"])
def test_one_row_that_cannot_be_tried_does_not_stop_the_others(
    timed: Toy, clock: Clock, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed.digest.digest(deliveries([envelope(case, 2, reply_submitted(1)) for case in "AB"]))
    timed.waiting.collection.update_one({"_id": "A-2"}, {"$set": {"attempts": 10**9, "reason": reason}})
    clock.move(60)
    timed.digest.digest(deliveries(case_of("B", [])))
    timed.digest.retry()
    assert timed.replies("B") == (1,)
