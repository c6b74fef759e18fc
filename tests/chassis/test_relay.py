"""What is saved is published, and marked only when it lies in every hearer's queue."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from deploy.local.processes import wait_until
from huiyin.chassis.bell import Bell
from huiyin.chassis.mongo import Doc
from huiyin.chassis.pipeline import BrokerAway, Outgoing, Pipeline
from huiyin.chassis.relay_loop import Lease, RelayLoop
from huiyin.chassis.topology import inbox_of
from tests.chassis.running import SOON, Bus, Processes
from tests.chassis.toy import Toy, add_reply, machine_now, open_tally, relay_of

HEARERS = (inbox_of("intake"), inbox_of("supervision"))


def marks(house: Toy, case: str) -> tuple[int, int, bool]:
    doc = house.documents.collection.find_one({"_id": case})
    assert doc is not None
    return doc["said"], doc["sent"], "unsent_since" in doc


def events(bus: Bus, queue: str = HEARERS[1]) -> list[dict[str, Any]]:
    return [body for body in bus.take(queue) if "specversion" in body]


def test_what_is_saved_is_published_to_every_hearer_and_marked(
    house: Toy, pipeline: Pipeline, bus: Bus
) -> None:
    open_tally(house.documents, "A")
    add_reply(house.documents, "A", 1)
    assert marks(house, "A") == (2, 0, True)
    assert relay_of(house.documents, pipeline).sweep() == 2
    assert marks(house, "A") == (2, 2, False)
    steps = house.documents.history("A")
    for queue in HEARERS:
        heard = events(bus, queue)
        assert [(e["type"], e["sequence"]) for e in heard] == [
            ("order.dispatched", 1),
            ("reply.submitted", 2),
        ]
        assert [e["id"] for e in heard] == [step["events"][0]["id"] for step in steps]
        assert heard[1]["causationid"] == "A/1"
        assert (heard[1]["subject"], heard[1]["office"], heard[1]["source"]) == ("A", "toy", "dispatch")
    assert relay_of(house.documents, pipeline).sweep() == 0


def test_marking_does_not_touch_the_version(house: Toy, pipeline: Pipeline) -> None:
    open_tally(house.documents, "A")
    draft = house.documents.resume(house.documents.get("A"))
    relay_of(house.documents, pipeline).sweep()
    house.documents.save(draft)  # raises Stale when the mark looked like a save


class Interrupted:
    """A pipeline that lets something happen between the confirms and the mark."""

    def __init__(self, pipeline: Pipeline, meanwhile: Callable[[], object]) -> None:
        self._pipeline, self._meanwhile = pipeline, meanwhile

    def publish(self, batch: Sequence[Outgoing]) -> set[str]:
        confirmed = self._pipeline.publish(batch)
        if any(message.routing_key != "relay.tide" for message in batch):
            self._meanwhile()
        return confirmed


def test_a_save_between_publish_and_mark_stays_unsent_and_is_published_too(
    house: Toy, pipeline: Pipeline, bus: Bus
) -> None:
    open_tally(house.documents, "A")
    numbers = iter([1])
    seen = []

    def meanwhile() -> None:
        seen.append(marks(house, "A"))
        for n in numbers:
            add_reply(house.documents, "A", n)

    relay = relay_of(house.documents, Interrupted(pipeline, meanwhile))  # type: ignore[arg-type]
    relay.sweep()
    assert marks(house, "A") == (2, 1, True), "the mark hid what was saved meanwhile"
    relay.sweep()
    assert marks(house, "A") == (2, 2, False)
    assert [e["sequence"] for e in events(bus)] == [1, 2]


def test_a_slow_relays_late_mark_takes_nothing_back(house: Toy, pipeline: Pipeline, bus: Bus) -> None:
    open_tally(house.documents, "A")

    def the_other_relay() -> None:
        add_reply(house.documents, "A", 1)
        relay_of(house.documents, pipeline).sweep()

    interrupted = Interrupted(pipeline, the_other_relay)
    relay_of(house.documents, interrupted).sweep()  # type: ignore[arg-type]
    assert marks(house, "A") == (2, 2, False)
    assert [e["sequence"] for e in events(bus)] == [1, 1, 2]


def test_two_relays_at_once_lose_nothing_of_what_many_savers_say(
    house: Toy, pipeline: Pipeline, bus: Bus, amqp_url: str
) -> None:
    second = Pipeline(amqp_url, "dispatch")
    second.start()
    saved = threading.Event()
    cases = [f"C{n}" for n in range(60)]

    def save(part: int) -> None:
        for case in cases[part::3]:
            open_tally(house.documents, case)
        for number in range(17):
            for case in cases[part::3]:
                add_reply(house.documents, case, number)

    def relay(through: Pipeline) -> None:
        mouth = relay_of(house.documents, through)
        while not saved.is_set():
            mouth.sweep()

    with ThreadPoolExecutor(5) as crowd:
        relays = [crowd.submit(relay, through) for through in (pipeline, second)]
        savers = [crowd.submit(save, part) for part in range(3)]
        try:
            for saver in savers:
                saver.result(120)
        finally:
            saved.set()
        for one in relays:
            one.result(SOON)
    relay_of(house.documents, pipeline).sweep()
    second.stop()
    heard = events(bus)
    said = {e["id"] for case in cases for step in house.documents.history(case) for e in step["events"]}
    assert len(said) == 1080
    assert {e["id"] for e in heard} == said
    assert all(marks(house, case) == (18, 18, False) for case in cases)


def test_of_two_relays_one_holds_the_lease_and_the_other_follows_when_it_ends(own: Database[Doc]) -> None:
    now = [datetime(2026, 11, 1, tzinfo=UTC)]
    first, second = (Lease(own["leases"], "relay", lambda: now[0]) for _ in range(2))
    assert first.hold()
    assert not second.hold()
    now[0] += timedelta(seconds=first.seconds - 0.5)
    assert first.hold(), "the holder renews in time"
    assert not second.hold()
    now[0] += timedelta(seconds=first.seconds + 0.1)  # the first stands still and does not renew
    assert second.hold()
    assert not first.hold()
    second.release()
    assert first.hold()


def test_an_unroutable_event_is_not_taken_for_sent_and_goes_out_when_its_binding_is_back(
    house: Toy, pipeline: Pipeline, bus: Bus
) -> None:
    relay = relay_of(house.documents, pipeline)
    for hearer in (*HEARERS, inbox_of("notify")):  # which follows it
        bus.channel.queue_unbind(hearer, "dispatch.events", "order.dispatched")
    open_tally(house.documents, "A")
    with pytest.raises(BrokerAway, match="1 messages were refused or returned"):
        relay.sweep()
    assert marks(house, "A") == (1, 0, True)
    pipeline.stop()
    pipeline.start()  # as the loop does; this declares the bindings again
    assert relay.sweep() == 1
    assert marks(house, "A") == (1, 1, False)
    assert [[e["sequence"] for e in events(bus, hearer)] for hearer in HEARERS] == [[1], [1]]


def test_what_came_before_an_unroutable_event_is_marked_and_what_came_after_is_said_again(
    house: Toy, pipeline: Pipeline, bus: Bus
) -> None:
    for hearer in HEARERS:
        bus.channel.queue_unbind(hearer, "dispatch.events", "reply.submitted")
    open_tally(house.documents, "A")
    add_reply(house.documents, "A", 1)
    with pytest.raises(BrokerAway):
        relay_of(house.documents, pipeline).sweep()
    assert marks(house, "A") == (2, 1, True)


def test_a_hearer_that_starts_later_finds_all_that_was_said_before(
    house: Toy, bus: Bus, amqp_url: str
) -> None:
    assert bus.look("queues/{vhost}") == []
    mouth = Pipeline(amqp_url, "dispatch")
    mouth.start()
    for n in range(5):
        open_tally(house.documents, f"C{n}")
    assert relay_of(house.documents, mouth).sweep() == 5
    mouth.stop()
    assert [bus.count(hearer) - bus_tides(bus, hearer) for hearer in HEARERS] == [5, 5]


def bus_tides(bus: Bus, queue: str) -> int:
    """Only supervision hears dispatch's tide, once a sweep."""
    return 1 if queue == inbox_of("supervision") else 0


@contextmanager
def relaying(house: Toy, amqp_url: str) -> Iterator[None]:
    """A relay of dispatch that has swept once."""
    woken, stop = threading.Event(), threading.Event()
    mouth = Pipeline(amqp_url, "dispatch", wake=woken.set)
    lease = Lease(house.documents.collection.database["leases"], "relay", machine_now)
    loop = RelayLoop(relay_of(house.documents, mouth), mouth, lease, woken, stop)
    runner = threading.Thread(target=loop.run)
    runner.start()
    try:
        wait_until(lambda: loop.problem is None, SOON, "the relay has swept once")
        yield
    finally:
        stop.set()
        woken.set()
        runner.join(SOON)
    assert not runner.is_alive()
    assert house.documents.collection.database["leases"].count_documents({}) == 0


def bells(bus: Bus) -> set[str]:
    """The queues on which relays wait for the bell."""
    return {queue["name"] for queue in bus.look("queues/{vhost}") if ".bell." in queue["name"]}


@pytest.fixture
def bell(amqp_url: str) -> Iterator[Bell]:
    """Dispatch's bell."""
    hung = Bell(amqp_url, "dispatch")
    yield hung
    hung.close()


@pytest.fixture
def _seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relay that is not woken sweeps too late for any test."""
    monkeypatch.setattr("huiyin.chassis.relay_loop._SWEEP_S", 300.0)
    monkeypatch.setattr("huiyin.chassis.relay.Relay.says_tide", False)


@pytest.mark.usefixtures("_seldom")
def test_whoever_saves_wakes_the_relay(house: Toy, amqp_url: str, bell: Bell) -> None:
    house.documents.tell = lambda _: bell.ring()
    with relaying(house, amqp_url):
        open_tally(house.documents, "A")
        wait_until(lambda: marks(house, "A") == (1, 1, False), SOON, "a new document is said")
        add_reply(house.documents, "A", 1)
        wait_until(lambda: marks(house, "A") == (2, 2, False), SOON, "a step of a request is said")


@pytest.mark.usefixtures("_seldom")
def test_the_bell_rings_again_after_its_connection_was_cut(
    house: Toy, amqp_url: str, bus: Bus, bell: Bell
) -> None:
    house.documents.tell = lambda _: bell.ring()
    with relaying(house, amqp_url):
        open_tally(house.documents, "A")
        wait_until(lambda: marks(house, "A") == (1, 1, False), SOON, "it is said")
        heard_on = bells(bus)
        wait_until(lambda: bus.cut_connections() >= 2, SOON, "the bell's and the relay's connections are cut")
        wait_until(lambda: bool(bells(bus) - heard_on), SOON, "the relay listens again")
        add_reply(house.documents, "A", 1)
        wait_until(lambda: marks(house, "A") == (2, 2, False), SOON, "it is said over a new one")


def test_without_a_bell_the_next_sweep_finds_what_is_unsent(
    house: Toy, amqp_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huiyin.chassis.relay_loop._SWEEP_S", 1.0)
    monkeypatch.setattr("huiyin.chassis.relay.Relay.says_tide", False)
    with relaying(house, amqp_url):
        open_tally(house.documents, "A")
        wait_until(lambda: marks(house, "A") == (1, 1, False), SOON, "it is said")


def test_a_bell_without_a_broker_neither_waits_nor_fails_and_says_so_once(
    house: Toy, caplog: pytest.LogCaptureFixture
) -> None:
    bell = Bell("amqp://nobody:none@127.0.0.1:9/none", "dispatch")
    house.documents.tell = lambda _: bell.ring()
    began = time.monotonic()
    open_tally(house.documents, "A")
    assert time.monotonic() - began < 1.0
    assert marks(house, "A") == (1, 0, True)
    wait_until(lambda: "cannot be woken" in caplog.text, SOON, "it is told")
    time.sleep(1.5)  # it has tried again meanwhile
    began = time.monotonic()
    bell.close()
    assert time.monotonic() - began < 2.0
    assert caplog.text.count("the relay cannot be woken") == 1
    assert "none@" not in caplog.text


@pytest.mark.usefixtures("_seldom")
def test_a_relay_that_stands_by_is_woken_once_and_rests(
    house: Toy, amqp_url: str, bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def refused(_: Lease) -> bool:
        asked.append(1)
        return False

    monkeypatch.setattr(Lease, "hold", refused)
    with relaying(house, amqp_url):
        bell.ring()
        wait_until(lambda: len(asked) == 2, SOON, "it looked whether it is its turn")
        time.sleep(0.3)  # one that spins would look sixty times more
        assert len(asked) == 2


def test_a_relay_killed_between_publish_and_mark_says_it_again_and_the_hearer_does_it_once(
    house: Toy, mongo_url: str, bus: Bus, processes: Processes, database: Database[Doc]
) -> None:
    for n in range(3):
        open_tally(house.documents, f"C{n}")
        add_reply(house.documents, f"C{n}", 1)
    assert processes.relay(TOY_DIE="after-publish").ended() == 9
    assert [marks(house, f"C{n}") for n in range(3)] == [(2, 0, True)] * 3
    relay = processes.relay()
    wait_until(lambda: marks(house, "C2") == (2, 2, False), SOON, "it is said again and marked")
    wait_until(lambda: bus.count(HEARERS[0]) == 12, SOON, "each of 6 events lies there twice")
    hearer = f"{database.name}_hearer"
    worker = processes.worker(TOY_DATABASE=hearer)
    wait_until(lambda: bus.count(HEARERS[1]) == 0, SOON, "all is heard")
    heard = house.documents.collection.database.client[hearer]["tallies"]
    wait_until(lambda: heard.count_documents({"state.replies": [1]}) == 3, SOON, "all is handled")
    assert (relay.stop(), worker.stop()) == (0, 0)
    assert all(len(doc["steps"]) == 2 for doc in heard.find())
    heard.database.client.drop_database(hearer)
