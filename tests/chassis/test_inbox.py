"""The worker's ear on a real queue: raw bytes, acknowledged only after the save."""

import gzip
import pickle
import zlib
from collections.abc import Iterator
from typing import Any

import pika
import pytest

from deploy.local.processes import wait_until
from huiyin.chassis.topology import dead_of, inbox_of
from tests.chassis.running import SOON, Bus, Processes, Running
from tests.chassis.toy import Toy, case_of, envelope, reply_submitted

INBOX, DEAD = inbox_of("supervision"), dead_of("supervision")
GOOD = case_of("A", [1])


def fit(n: int) -> bytes:
    return envelope("F", n, reply_submitted(1)).to_bytes()


ODD: dict[str, tuple[bytes, dict[str, Any]]] = {
    "broken JSON": (b'{"specversion": "1.0"', {}),
    "empty": (b"", {}),
    "not UTF-8": (b"\xff\xfe\x00\x01", {"content_type": "application/json"}),
    "pickle": (pickle.dumps({"a": 1}), {"content_type": "application/x-python-serialize"}),
    "foreign text": ("投诉".encode("gb18030"), {"content_encoding": "gb18030"}),
    "latin letters": (b"na\xefve", {"content_encoding": "latin-1", "content_type": "text/plain"}),
    "a mark in front": (b"\xef\xbb\xbf{}", {"content_encoding": "utf-8-sig"}),
    "unknown encoding": (b"{}", {"content_encoding": "no-such-code"}),
    "packed": (zlib.compress(fit(1)), {"headers": {"compression": "application/x-gzip"}}),
    "packed by HTTP's word": (gzip.compress(fit(2)), {"content_encoding": "gzip"}),
    "said to be packed": (b"not packed", {"headers": {"compression": "application/x-gzip"}}),
    "packed in an unknown way": (b"{ }", {"headers": {"compression": "no-such-way"}}),
    "unknown type": (fit(3).replace(b"reply.submitted", b"reply.unheard_of"), {}),
    "a type not heard here": (fit(4).replace(b"reply.submitted", b"volume.sealed"), {}),
    "data that do not fit": (fit(5).replace(b'"order": "o1"', b'"order": 7'), {}),
    "no list of ours": (b"[1, 2]", {"headers": {"x": None}}),
}


@pytest.fixture
def worker(processes: Processes, bus: Bus) -> Iterator[Running]:
    bus.declare("dispatch")
    running = processes.worker().wait_ready()
    yield running
    assert running.stop() == 0, running.said()


def test_what_cannot_be_read_is_parked_byte_for_byte_and_disturbs_nothing_else(
    worker: Running, bus: Bus, house: Toy
) -> None:
    bus.publish([GOOD[0].to_bytes()])
    for body, properties in ODD.values():
        bus.publish([body], **properties)
    bus.publish([GOOD[1].to_bytes()], content_type="application/json", content_encoding="utf-8")
    wait_until(lambda: house.replies("A") == (1,), SOON, "the good messages are handled")
    wait_until(lambda: house.waiting.counts()["parked"] >= len(ODD), SOON, "the odd ones are parked")
    parked = {row["raw"] for row in house.waiting.collection.find({"state": "parked"})}
    assert parked == {body for body, _ in ODD.values()}
    assert house.waiting.counts() == {"waiting": 0, "parked": len(ODD)}
    assert (bus.count(INBOX), bus.count(DEAD)) == (0, 0)


def test_a_header_that_is_no_text_does_not_break_the_consumer(worker: Running, bus: Bus, house: Toy) -> None:
    """A client of another language may put any bytes into a header."""
    bus.publish([GOOD[0].to_bytes()])
    publish_with_raw_header(bus, b"odd", b"\xff\xfe")
    bus.publish([GOOD[1].to_bytes()])
    wait_until(lambda: house.replies("A") == (1,), SOON, "the messages behind it are handled")
    wait_until(lambda: house.waiting.counts()["parked"] == 1, SOON, "the odd one is parked")
    (row,) = house.waiting.collection.find()
    assert row["raw"] == b"odd"
    assert row["headers"] == {"odd": b"\xff\xfe"}


def test_a_worker_told_to_stop_ends_its_batch_and_leaves(processes: Processes, bus: Bus, house: Toy) -> None:
    bus.declare("dispatch")
    running = processes.worker().wait_ready()
    bus.publish([e.to_bytes() for n in range(200) for e in case_of(f"C{n}", [1])])
    assert running.stop(10) == 0, running.said()
    done = house.documents.collection.count_documents({"state.replies": [1]})
    heard = sum(len(doc["steps"]) for doc in house.documents.collection.find({}, {"steps": 1}))
    assert heard + bus.count(INBOX) >= 400
    assert house.waiting.counts()["waiting"] + heard + bus.count(INBOX) == 400, (
        done,
        "saved, not acknowledged",
    )


def test_what_is_delivered_too_often_comes_back_by_itself_with_one_effect_each(
    processes: Processes, bus: Bus, house: Toy
) -> None:
    """Killed 25 times between save and acknowledgement, with 50 more prefetched each time."""
    bus.declare("dispatch")
    batch = [e.to_bytes() for n in range(10) for e in case_of(f"C{n}", range(4))]
    others = [e.to_bytes() for n in range(10) for e in case_of(f"P{n}", range(4))]
    bus.publish([*batch, *others])
    running = processes.worker(TOY_LIVES="25")
    wait_until(
        lambda: house.waiting.collection.count_documents({"reason": "dead"}) >= 50,
        SOON * 2,
        "the broker gave messages up and the net caught them",
    )
    wait_until(lambda: _all(house, "C") and _all(house, "P"), SOON * 2, "every message is handled")
    wait_until(lambda: house.waiting.counts() == {"waiting": 0, "parked": 0}, SOON, "nothing waits")
    running.wait_ready()
    wait_until(lambda: (bus.count(INBOX), bus.count(DEAD)) == (0, 0), SOON, "the queues are empty")
    assert running.stop() == 0
    assert (bus.count(INBOX), bus.count(DEAD)) == (0, 0)
    for doc in house.documents.collection.find():
        assert sorted(doc["state"]["replies"]) == [0, 1, 2, 3]
        assert [step["n"] for step in doc["steps"]] == [1, 2, 3, 4, 5]


def _all(house: Toy, letter: str) -> bool:
    return all(sorted(house.replies(f"{letter}{n}")) == [0, 1, 2, 3] for n in range(10))


def publish_with_raw_header(bus: Bus, body: bytes, value: bytes) -> None:
    """Publish with a header of text type whose bytes are no UTF-8; pika would encode it."""
    marker = "x" * len(value)
    encoded = pika.BasicProperties(delivery_mode=2, headers={"odd": marker}).encode()
    properties = _Encoded([piece.replace(marker.encode(), value) for piece in encoded])
    bus.channel.basic_publish("", INBOX, body, properties, True)


class _Encoded(pika.BasicProperties):
    """Properties whose wire form is given."""

    def __init__(self, pieces: list[bytes]) -> None:
        super().__init__()
        self._pieces = pieces

    def encode(self) -> list[bytes]:
        return self._pieces
