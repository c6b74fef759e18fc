"""Supervision's three processes on a real store and broker, the four other services stopped."""

import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from kombu import Connection, Exchange, Producer, Queue
from pymongo.database import Database

from deploy.local.keys import ensure_keys
from deploy.local.platform import OFFICES
from deploy.local.processes import Child, Ledger
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.rulebook import load_offices
from huiyin.chassis.topology import declare_inbox
from huiyin.client.line import until
from huiyin.contracts import events as e
from huiyin.contracts.envelope import Envelope, dump
from huiyin.contracts.tides import TIDE, dump_tide

NUMBER: Final = "SZ20240927D00002"
OFFICE: Final = "mayors-line"
DUE: Final = datetime(2024, 10, 13, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
BEGUN: Final = datetime(2024, 9, 27, 2, 0, tzinfo=UTC)


class Bus:
    """What the others would say, and what dispatch hears."""

    def __init__(self, connection: Connection) -> None:
        self._channel = connection.default_channel
        self._dispatch = Queue("dispatch.inbox", no_declare=True)(self._channel)
        self._said = 0

    def say(self, source: str, event: e.Event) -> None:
        self._said += 1
        envelope = Envelope(
            id=f"e{self._said}",
            source=source,
            type=event.type,
            subject=NUMBER,
            time=BEGUN,
            office=OFFICE,
            sequence=self._said,
            correlationid="c",
            causationid="c",
            data=dump(event),
        )
        self._publish(source, event.type, envelope.to_bytes())

    def tide(self, moment: datetime) -> None:
        self._publish("dispatch", TIDE, dump_tide("dispatch", moment))

    def heard(self) -> dict[str, Any] | None:
        """The next event that supervision said, as dispatch gets it."""
        while (message := self._dispatch.get(no_ack=True)) is not None:
            found: dict[str, Any] = json.loads(message.body)
            if found["source"] == "supervision":
                return found
        return None

    def _publish(self, source: str, key: str, body: bytes) -> None:
        exchange = Exchange(f"{source}.events", type="topic", durable=True)
        Producer(self._channel, exchange, key).publish(body, content_type="application/json")


class Declarer:
    """topology.Declarer for the test's own channel."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel

    def exchange(self, name: str) -> None:
        self._channel.exchange_declare(name, "topic", durable=True, auto_delete=False)

    def queue(self, name: str, arguments: dict[str, Any]) -> None:
        self._channel.queue_declare(name, durable=True, auto_delete=False, arguments=arguments)

    def bind(self, queue: str, exchange: str, routing_key: str) -> None:
        self._channel.queue_bind(queue, exchange, routing_key)


@pytest.fixture
def clock(tmp_path: Path) -> SimulatedOfficeClock:
    simulated = SimulatedOfficeClock(tmp_path / "clock.json")
    simulated.set(BEGUN)
    return simulated


@pytest.fixture
def bus(amqp_url: str) -> Iterator[Bus]:
    with Connection(amqp_url) as connection:
        for hearer in ("supervision", "dispatch"):
            declare_inbox(Declarer(connection.default_channel), hearer)
        yield Bus(connection)


@pytest.fixture
def processes(
    bus: Bus,
    clock: SimulatedOfficeClock,
    database: Database[dict[str, Any]],
    mongo_url: str,
    amqp_url: str,
    tmp_path: Path,
) -> Iterator[None]:
    """Two workers, that share the queue, and the relay."""
    keys = ensure_keys(tmp_path / "keys")
    settings = {
        "HUIYIN_MONGO_URL": mongo_url,
        "HUIYIN_MONGO_DATABASE": database.name,
        "HUIYIN_AMQP_URL": amqp_url,
        "HUIYIN_OFFICES_DIR": str(OFFICES),
        "HUIYIN_KEYS_DIR": str(keys.folder),
        "HUIYIN_TOKEN_JWKS": str(keys.tokens_public),
        "HUIYIN_ENVIRONMENT": "local",
        "HUIYIN_OFFICE_CLOCK": str(tmp_path / "clock.json"),
        "HUIYIN_HOLD_SECONDS": "3600",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    ledger = Ledger(tmp_path / "processes.json")
    children = [Child(name, tmp_path / f"{name}.log", ledger) for name in ("worker-1", "worker-2", "relay")]
    try:
        for child in children:
            kind, _, _ = child.name.partition("-")
            child.start([sys.executable, "-m", "services.supervision", kind], settings)
        yield
    finally:
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.stop(30)


@pytest.mark.usefixtures("processes")
def test_a_clock_starts_and_falls_due_with_the_others_stopped(bus: Bus, clock: SimulatedOfficeClock) -> None:
    bus.say(
        "dispatch",
        e.OrderDispatched(
            order="m1-1",
            matter="m1",
            unit="water_affairs",
            role="lead",
            round=1,
            ground="by_subject",
            entry="x",
            dispatched_at=BEGUN,
        ),
    )
    bus.say(
        "intake",
        e.CaseRegistered(
            rulebook=load_offices(OFFICES)[OFFICE].rulebook.hash,
            channel="call",
            language="zh",
            difficulty="ordinary",
            priority="normal",
            received_at=BEGUN,
            accepted_at=BEGUN,
            disposal="dispatch",
            matters=(),
            parties=(),
        ),
    )
    started = until(bus.heard, within=90)
    assert (started["type"], started["data"]["due_on"]) == ("deadline.set", "2024-10-12")
    clock.set(DUE)
    bus.tide(DUE)
    issued = until(bus.heard)
    bus.tide(DUE)
    time.sleep(2)  # both workers have looked again by now
    rest = [event["type"] for event in iter(bus.heard, None)]
    assert rest == ["deadline.set"]
    assert (issued["type"], issued["data"]["overdue_since"]) == ("supervision.issued", "2024-10-12")
