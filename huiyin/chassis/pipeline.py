"""Publishes batches with pipelined confirms on one pika connection that lives in a thread.

`publish` answers with the ids that the broker took into every bound queue. A returned message
is acknowledged by RabbitMQ after it is returned, so a return counts against the later ack.
"""

import logging
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pika
from pika.channel import Channel
from pika.spec import Basic, BasicProperties

from huiyin.chassis.amqp import pika_parameters
from huiyin.chassis.topology import UNSENT, declare_hearers, exchange_of
from huiyin.contracts.envelope import CONTENT_TYPE
from huiyin.contracts.services import Service

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outgoing:
    """One message to publish; `mandatory` is false only where contracts name no hearer."""

    id: str
    routing_key: str
    body: bytes
    mandatory: bool


class BrokerAway(Exception):
    """The connection broke before everything was confirmed; what was not stays unsent."""


class Pipeline:
    """A publisher of one service's exchange; call `start`, then `publish` from one thread.

    `wake` is called in the connection's thread: the service's `Bell` tells that something is unsent, or the
    connection is lost.
    """

    def __init__(
        self,
        amqp_url: str,
        sayer: Service,
        *,
        wake: Callable[[], None] = lambda: None,
        confirm_timeout_s: float = 10.0,
    ) -> None:
        self._url = amqp_url
        self._sayer = sayer
        self._wake = wake
        self._timeout = confirm_timeout_s

    def start(self) -> None:
        """Connect and declare every hearer's queue; BrokerAway when the broker does not answer."""
        self._ready = threading.Event()
        self._lost = threading.Event()
        self._settled = threading.Event()
        self._pending: dict[int, str] = {}
        self._returned: set[str] = set()
        self._confirmed: set[str] = set()
        self._why = ""
        self._tag = 0
        self._channel: Channel | None = None
        self._connection = pika.SelectConnection(
            pika_parameters(self._url),  # anew each time: its certificates may have been replaced
            on_open_callback=self._opened,
            on_open_error_callback=self._closed,
            on_close_callback=self._closed,
        )
        self._thread = threading.Thread(target=self._loop, name="amqp", daemon=True)
        self._thread.start()
        if not self._ready.wait(self._timeout) or self._lost.is_set():
            self.stop()
            raise BrokerAway(f"消息中间件没有应答 (RabbitMQ does not answer{self._why})")

    def stop(self) -> None:
        """Close the connection and end its thread."""
        self._connection.ioloop.add_callback_threadsafe(self._shut)
        self._thread.join(self._timeout)

    def publish(self, batch: Sequence[Outgoing]) -> set[str]:
        """Publish all, wait for all confirms; returns the ids safely in every hearer's queue."""
        if self._lost.is_set():
            raise BrokerAway("connection lost")
        self._settled.clear()
        self._connection.ioloop.add_callback_threadsafe(lambda: self._send(batch))
        if not self._settled.wait(self._timeout) or self._lost.is_set():
            raise BrokerAway("connection lost while publishing")
        return self._confirmed - self._returned

    # -- in the connection's thread ----------------------------------------------------

    def _loop(self) -> None:
        try:
            self._connection.ioloop.start()
        finally:
            self._lose("loop ended")
            self._connection.ioloop.close()

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._channel_opened)

    def _channel_opened(self, channel: Channel) -> None:
        self._channel = channel
        channel.add_on_close_callback(self._channel_closed)
        channel.add_on_return_callback(self._on_return)
        channel.confirm_delivery(self._on_confirm)
        declare_hearers(_Declarer(channel), self._sayer)
        self._hear_bell(channel)
        # Methods of a channel are answered in order: when this one is, all before it were.
        channel.basic_qos(prefetch_count=1, callback=lambda _: self._ready.set())

    def _hear_bell(self, channel: Channel) -> None:
        """A queue of this connection's own: each relay is woken, also the one that only stands by."""
        queue = f"{self._sayer}.bell.{uuid.uuid4().hex}"
        # One ring says as much as many.
        channel.queue_declare(queue, exclusive=True, arguments={"x-max-length": 1}, callback=_heard)
        channel.queue_bind(queue, exchange_of(self._sayer), routing_key=UNSENT, callback=_heard)
        channel.basic_consume(queue, lambda *_: self._wake(), auto_ack=True)

    def _send(self, batch: Sequence[Outgoing]) -> None:
        self._confirmed, self._returned = set(), set()
        channel = self._channel
        if channel is None or not channel.is_open:
            self._lose("channel closed")
            return
        for message in batch:
            self._tag += 1
            self._pending[self._tag] = message.id
            channel.basic_publish(
                exchange=exchange_of(self._sayer),
                routing_key=message.routing_key,
                body=message.body,
                properties=BasicProperties(
                    content_type=CONTENT_TYPE,
                    content_encoding="utf-8",
                    delivery_mode=2,
                    message_id=message.id,
                ),
                mandatory=message.mandatory,
            )
        if not batch:
            self._settled.set()

    def _on_return(self, _channel: Channel, method: Any, properties: BasicProperties, _body: bytes) -> None:
        _log.error("message returned: %s", method.reply_text, extra={"event": properties.message_id})
        self._returned.add(properties.message_id)

    def _on_confirm(self, frame: Any) -> None:
        tag, multiple = frame.method.delivery_tag, frame.method.multiple
        tags = [t for t in self._pending if t <= tag] if multiple else [tag]
        ids = {self._pending.pop(t) for t in tags if t in self._pending}
        if isinstance(frame.method, Basic.Ack):
            self._confirmed |= ids
        if not self._pending:
            self._settled.set()

    def _shut(self) -> None:
        if self._connection.is_open:
            self._connection.close()
        else:
            self._connection.ioloop.stop()

    def _channel_closed(self, _channel: Channel, reason: Exception) -> None:
        """A connection without its channel is no use; its own end stops the loop."""
        self._lose(str(reason))
        if self._connection.is_open:
            self._connection.close()

    def _closed(self, *reason: Any) -> None:
        self._lose(_words(reason[-1]))
        self._connection.ioloop.stop()

    def _lose(self, why: str) -> None:
        if not self._lost.is_set():
            self._why = f": {why}" if why else ""
            _log.info("broker connection ended: %s", why)
        self._lost.set()
        self._ready.set()
        self._settled.set()
        self._wake()


def _words(reason: Any) -> str:
    """What went wrong at the bottom: pika wraps it in what it was doing."""
    while isinstance(reason, BaseException):
        inner = [*getattr(reason, "exceptions", ()), getattr(reason, "exception", None), *reason.args]
        deeper = [one for one in inner if isinstance(one, BaseException)]
        if not deeper:
            return f"{type(reason).__name__}: {reason}"
        reason = deeper[0]
    return str(reason)


class _Declarer:
    """topology.Declarer on a pika channel; answers are awaited together, not one by one."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def exchange(self, name: str) -> None:
        self._channel.exchange_declare(name, exchange_type="topic", durable=True, callback=_heard)

    def queue(self, name: str, arguments: dict[str, Any]) -> None:
        self._channel.queue_declare(name, durable=True, arguments=arguments, callback=_heard)

    def bind(self, queue: str, exchange: str, routing_key: str) -> None:
        self._channel.queue_bind(queue, exchange, routing_key=routing_key, callback=_heard)


_heard: Callable[[Any], None] = lambda _frame: None  # noqa: E731 - pika wants a callback to keep order
