"""The limit: the same writes, publishes and consumes by bare clients on the same servers.

Writes are copies of a case the platform has just archived, each a single-document insert that
waits for majority and journal. Messages go to a durable quorum queue, persistent, with every
publish confirmed; they are consumed with an acknowledgement for every fifty.
"""

import time
import uuid
from collections.abc import Callable
from typing import Any, Final

import pika
from pika.channel import Channel
from pymongo.collection import Collection

from deploy.local.bench.report import Row, row
from deploy.local.bench.timing import for_seconds, timed
from deploy.local.servers import Addresses
from huiyin.chassis.mongo import Doc, connect, database

_WRITE_S: Final = 5.0
_THREADS: Final = 16
_MESSAGES: Final = 20_000
_IN_FLIGHT: Final = 1_000
_BYTES: Final = 1_000
_ACKNOWLEDGE_EVERY: Final = 50
_DATABASE: Final = "huiyin_bench"
_QUEUE: Final = "bench.inbox"


def writes(addresses: Addresses) -> Row:
    """Majority-journaled inserts of a case, sixteen at a time."""
    with connect(addresses.mongo_url) as client:
        case = client["huiyin_intake"]["cases"].find_one(sort=[("_id", 1)])
        assert case is not None, "the bare limits come after the platform's own work"
        bench: Collection[Doc] = database(client, _DATABASE)["cases"]

        def insert(_: int) -> bool:
            return bench.insert_one({**case, "_id": uuid.uuid4().hex}).acknowledged

        timings = timed(for_seconds(_WRITE_S), [insert] * _THREADS)
        client.drop_database(_DATABASE)
    return row(f"极限：单件写入 single-document majority writes, {_THREADS} threads", timings)


def messages(addresses: Addresses) -> list[Row]:
    """Pipelined confirmed publishes, then the consumption of what was published."""
    published = _Run(addresses.amqp_url, _Publisher())
    consumed = _Run(addresses.amqp_url, _Consumer())
    return [
        _row(f"极限：发布 pipelined confirmed publishes of {_BYTES:,} bytes", published.seconds),
        _row(f"极限：消费 consumes, acknowledged by {_ACKNOWLEDGE_EVERY}", consumed.seconds),
    ]


def _row(what: str, seconds: float) -> Row:
    return Row(what, n=f"{_MESSAGES:,}", rate=f"{_MESSAGES / seconds:,.1f}", errors="0")


class _Run:
    """One connection with one channel, until the work on it is done."""

    def __init__(self, url: str, work: "_Publisher | _Consumer") -> None:
        self._work = work
        self.seconds = 0.0
        self._connection = pika.SelectConnection(pika.URLParameters(url), on_open_callback=self._opened)
        self._connection.ioloop.start()

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._ready)

    def _ready(self, channel: Channel) -> None:
        arguments = {"x-queue-type": "quorum"}
        channel.queue_declare(
            _QUEUE, durable=True, arguments=arguments, callback=lambda _: self._begin(channel)
        )

    def _begin(self, channel: Channel) -> None:
        began = time.perf_counter()

        def done() -> None:
            self.seconds = time.perf_counter() - began
            self._connection.add_on_close_callback(lambda *_: self._connection.ioloop.stop())
            self._connection.close()

        self._work.begin(channel, done)


class _Publisher:
    """Keeps so many publishes in flight until all are confirmed."""

    def __init__(self) -> None:
        self._sent = self._confirmed = 0

    def begin(self, channel: Channel, done: Callable[[], None]) -> None:
        """Publish; `done` when the last is confirmed."""
        self._channel, self._done = channel, done
        channel.confirm_delivery(self._on_confirm)
        self._fill()

    def _fill(self) -> None:
        properties = pika.BasicProperties(delivery_mode=2)
        while self._sent < min(_MESSAGES, self._confirmed + _IN_FLIGHT):
            self._channel.basic_publish("", _QUEUE, b"x" * _BYTES, properties, mandatory=True)
            self._sent += 1

    def _on_confirm(self, frame: Any) -> None:
        tag, multiple = frame.method.delivery_tag, frame.method.multiple
        self._confirmed = tag if multiple else self._confirmed + 1
        if self._confirmed == _MESSAGES:
            self._done()
        else:
            self._fill()


class _Consumer:
    """Takes everything, acknowledging in fifties."""

    def __init__(self) -> None:
        self._taken = 0

    def begin(self, channel: Channel, done: Callable[[], None]) -> None:
        """Consume; `done` when the last was taken."""
        self._done = done
        channel.basic_qos(prefetch_count=2 * _ACKNOWLEDGE_EVERY)
        channel.basic_consume(_QUEUE, self._take)

    def _take(self, channel: Channel, method: Any, _properties: Any, _body: bytes) -> None:
        self._taken += 1
        if self._taken % _ACKNOWLEDGE_EVERY == 0:
            channel.basic_ack(method.delivery_tag, multiple=True)
        if self._taken == _MESSAGES:
            channel.queue_delete(_QUEUE, callback=lambda _: self._done())
