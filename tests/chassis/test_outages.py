"""Servers go away and come back while relay and worker run: readiness tells, nothing is lost."""

import time
from collections.abc import Iterator
from contextlib import suppress
from threading import Event, Thread

import pytest
from pymongo.database import Database
from pymongo.errors import PyMongoError

from deploy.local.processes import wait_until
from deploy.local.servers import Servers
from huiyin.chassis.mongo import Doc
from huiyin.chassis.topology import dead_of, inbox_of
from tests.chassis.running import SOON, Bus, Processes, Running
from tests.chassis.toy import Toy, add_reply, case_of, open_tally, toy

INBOX = inbox_of("supervision")


@pytest.fixture
def hearer(own: Database[Doc]) -> Iterator[Toy]:
    """The hearer's own database beside the sayer's."""
    name = f"{own.name}_hearer"
    yield toy(own.client.get_database(name, read_concern=own.read_concern, write_concern=own.write_concern))
    own.client.drop_database(name)


class Saver:
    """Says something again and again, as people go on working; keeps what was accepted."""

    def __init__(self, house: Toy) -> None:
        self._house, self._stop = house, Event()
        self.accepted: list[int] = []
        self._thread = Thread(target=self._save)
        open_tally(house.documents, "A")
        self._thread.start()

    def _save(self) -> None:
        number = 0
        while not self._stop.wait(0.02):
            with suppress(PyMongoError):  # the person sees an error and comes again with the same key
                add_reply(self._house.documents, "A", number)
                self.accepted.append(number)
                number += 1

    def stop(self) -> list[int]:
        self._stop.set()
        self._thread.join(SOON * 2)
        return self.accepted


def test_what_is_said_around_a_restart_of_the_broker_is_heard_once(
    servers: Servers, house: Toy, hearer: Toy, processes: Processes, bus: Bus
) -> None:
    relay, worker = _start(processes, hearer)
    servers.wait_queue_kept(bus.vhost, INBOX)
    saver = Saver(house)
    wait_until(lambda: len(hearer.replies("A")) > 10, SOON, "they speak and hear")
    servers.kill_broker()
    before = len(saver.accepted)
    relay.wait_problem("relay", "broker")
    worker.wait_problem("inbox", "broker")
    servers.start_broker()
    relay.wait_ready()
    worker.wait_ready()
    accepted = saver.stop()
    assert len(accepted) > before, "saving did not go on without the broker"
    wait_until(lambda: len(hearer.replies("A")) >= len(accepted), SOON * 2, "all is heard")
    assert sorted(hearer.replies("A")) == accepted
    assert (relay.stop(), worker.stop()) == (0, 0)


def test_while_the_store_stands_still_nothing_is_consumed_and_nothing_is_lost(
    servers: Servers, house: Toy, hearer: Toy, processes: Processes, bus: Bus
) -> None:
    """For longer than two heartbeats, so that a silent worker would lose its connection."""
    relay, worker = _start(processes, hearer)
    saver = Saver(house)
    wait_until(lambda: len(hearer.replies("A")) > 10, SOON, "they speak and hear")
    servers.pause_store()
    began = time.monotonic()
    try:
        first, *more = [e.to_bytes() for n in range(150) for e in case_of(f"C{n}", [1])]
        bus.publish([first])
        wait_until(lambda: bus.count(INBOX) == 0, SOON, "a small batch is in hand")
        bus.publish(more)  # what comes while it is in hand is not taken for a part of it
        worker.wait_problem("inbox", "store")
        relay.wait_problem("relay", "store")
        left = bus.count(INBOX)
        wait_until(lambda: _held(bus) >= 300, SOON, "the broker still holds them all, the batch in hand too")
        wait_until(lambda: time.monotonic() - began > 10, SOON, "the store stood still for 10 s")
        assert left > 100, "it goes on consuming"
        assert bus.count(INBOX) >= left, "it took more while the store stood still"
    finally:
        servers.resume_store()
    relay.wait_ready()
    worker.wait_ready()
    accepted = saver.stop()
    wait_until(lambda: len(hearer.replies("A")) >= len(accepted), SOON * 2, "all is heard")
    wait_until(lambda: all(hearer.replies(f"C{n}") == (1,) for n in range(150)), SOON * 2, "all of these")
    assert sorted(set(hearer.replies("A"))) == sorted(hearer.replies("A"))
    assert set(hearer.replies("A")) >= set(accepted)
    assert "lost the broker" not in worker.said()
    assert (relay.stop(), worker.stop()) == (0, 0)
    assert (bus.count(INBOX), bus.count(dead_of("supervision"))) == (0, 0)


def _held(bus: Bus) -> int:
    """Ready and unacknowledged together, as the broker counts them every few seconds."""
    return int(bus.look("queues/{vhost}/" + INBOX).get("messages", 0))


def _start(processes: Processes, hearer: Toy) -> tuple[Running, Running]:
    database = hearer.documents.collection.database.name
    worker = processes.worker(TOY_DATABASE=database, TOY_HEARTBEAT="4")
    return processes.relay().wait_ready(), worker.wait_ready()
