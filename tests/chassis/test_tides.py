"""A tide says that all said until a moment lies in the queues; it must never say too much."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from huiyin.chassis.pipeline import BrokerAway, Outgoing, Pipeline
from huiyin.chassis.relay import Relay
from huiyin.chassis.tide import Tides
from huiyin.chassis.topology import inbox_of
from huiyin.contracts.services import Service
from huiyin.contracts.tides import TIDE, TIDE_MARGIN, dump_tide, parse_tide
from tests.chassis.running import Bus
from tests.chassis.toy import AT, Toy, add_reply, open_tally, relay_of

INBOX = inbox_of("supervision")


def test_a_tide_comes_behind_all_that_was_unsent_and_keeps_its_distance(
    house: Toy, pipeline: Pipeline, bus: Bus
) -> None:
    for n in range(3):
        open_tally(house.documents, f"C{n}")
    relay_of(house.documents, pipeline).sweep()
    *said, tide = bus.take(INBOX)
    assert len(said) == 3
    assert parse_tide(json.dumps(tide).encode()) == ("dispatch", AT - timedelta(seconds=5))


def test_no_tide_is_said_while_something_of_the_scan_is_unconfirmed(
    house: Toy, pipeline: Pipeline, bus: Bus
) -> None:
    for hearer in ("intake", "supervision"):
        bus.channel.queue_unbind(inbox_of(hearer), "dispatch.events", "reply.submitted")
    open_tally(house.documents, "A")
    add_reply(house.documents, "A", 1)
    with pytest.raises(BrokerAway):
        relay_of(house.documents, pipeline).sweep()
    assert [body["type"] for body in bus.take(INBOX)] == ["order.dispatched"]


class Slow:
    """A pipeline that takes an hour of office time, in which somebody speaks again."""

    def __init__(self, house: Toy) -> None:
        self.house, self.now, self.bodies = house, AT, list[bytes]()

    def publish(self, batch: Sequence[Outgoing]) -> set[str]:
        self.now += timedelta(hours=1)
        self.bodies += [message.body for message in batch if message.routing_key == TIDE]
        return {message.id for message in batch}


def test_a_tide_tells_the_moment_its_scan_began_not_when_it_ended(house: Toy) -> None:
    slow = Slow(house)
    open_tally(house.documents, "A")
    relay = relay_of(house.documents, slow, office_now=lambda: slow.now)  # type: ignore[arg-type]
    relay.sweep()
    (body,) = slow.bodies
    assert parse_tide(body)[1] == AT - timedelta(seconds=5)


def test_a_tide_is_said_at_most_once_a_second_and_only_where_somebody_waits_for_it(house: Toy) -> None:
    slow, now = Slow(house), [datetime(2026, 11, 1, tzinfo=UTC)]

    def relay(sayer: Service) -> Relay:
        return relay_of(house.documents, slow, sayer=sayer, machine_now=lambda: now[0])  # type: ignore[arg-type]

    dispatch, feedback = relay("dispatch"), relay("feedback")
    for _ in range(10):
        dispatch.sweep()
        feedback.sweep()
        now[0] += timedelta(seconds=0.25)
    assert len(slow.bodies) == 3
    assert {parse_tide(body)[0] for body in slow.bodies} == {"dispatch"}


def test_when_the_office_clock_was_moved_the_tide_follows_at_once(house: Toy) -> None:
    slow, office = Slow(house), [AT]
    relay = relay_of(house.documents, slow, office_now=lambda: office[0], machine_now=lambda: AT)  # type: ignore[arg-type]
    relay.sweep()
    office[0] += timedelta(days=3)
    relay.sweep()
    relay.sweep()
    assert [parse_tide(body)[1] for body in slow.bodies] == [AT - TIDE_MARGIN, office[0] - TIDE_MARGIN]


def test_the_highest_tide_counts_and_a_new_process_knows_none() -> None:
    tides = Tides()
    assert tides.of("dispatch") is None
    for minutes in (0, 5, 3):
        tides.rise(dump_tide("dispatch", AT + timedelta(minutes=minutes)))
    assert tides.of("dispatch") == AT + timedelta(minutes=5)
    assert Tides().of("dispatch") is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"source": "dispatch"}',
        b'{"source": "dispatch", "until": 5}',
        b'{"source": "dispatch", "until": "soon"}',
        b'{"source": "dispatch", "until": "2024-09-27T02:00:00"}',
        b"[" * 100_000,
        b"1" * 5000,
    ],
    ids=lambda raw: str(raw[:30]),
)
def test_a_malformed_tide_is_let_go(raw: bytes) -> None:
    tides = Tides()
    tides.rise(dump_tide("dispatch", AT))
    tides.rise(raw)
    assert tides.of("dispatch") == AT
