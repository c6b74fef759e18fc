"""The ear of a worker: a nameko entrypoint that hands over raw messages in batches.

nameko's own consumer acknowledges what it cannot decode before any handler sees it; this one
listens on kombu's `on_message`, so a message is acknowledged only after the worker method
returned, which it does when every delivery is safe in the store. While the store is away it
stops consuming, holds what it has and keeps the heartbeat. One batch is in hand at a time, so
what was said before a tide is handled before the tide.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from eventlet import sleep
from eventlet.event import Event as Waiter
from kombu import Connection, Consumer, Queue
from kombu.message import Message
from nameko.extensions import Entrypoint

from huiyin.chassis.digest import Delivery
from huiyin.chassis.mongo import STORE_AWAY
from huiyin.chassis.topology import dead_of, declare_inbox, inbox_of
from huiyin.contracts.tides import TIDE

_log = logging.getLogger(__name__)

BATCH: Final = 50
_HEARTBEAT_S: Final = 20
_IDLE_S: Final = 0.5
_LINGER_S: Final = 0.003
_RETRY_S: Final = 1.0


@dataclass
class Batch:
    """What was taken from the queues at once: events, what the broker gave up on, tides."""

    events: list[Delivery] = field(default_factory=list)
    dead: list[Delivery] = field(default_factory=list)
    tides: list[bytes] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.events) + len(self.dead) + len(self.tides)


class Inbox(Entrypoint):
    """`@hear` on a worker method: it gets a Batch and returns when all of it is safe."""

    def __init__(self, *, batch: int = BATCH, **options: Any) -> None:
        super().__init__(**options)
        self._size = batch
        self._stopping = False
        self._gone: Waiter | None = None
        self.problem: str | None = "starting"

    def start(self) -> None:
        """Begin to consume, in a green thread that the container watches."""
        self._gone = Waiter()
        self.container.spawn_managed_thread(self._run, identifier="inbox")

    def stop(self) -> None:
        """Let the batch in hand end, then leave; what was prefetched goes back to the queue."""
        self._stopping = True
        if self._gone is not None:
            self._gone.wait()

    def kill(self) -> None:
        """The process ends; the broker takes back what was not acknowledged."""
        self._stopping = True

    # -- the green thread ----------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._consume_until_lost()
        finally:
            if self._gone is not None:
                self._gone.send(None)

    def _consume_until_lost(self) -> None:
        try:
            with Connection(self.container.config["AMQP_URI"], heartbeat=_HEARTBEAT_S) as connection:
                self._consume(connection)
        except Exception as lost:  # noqa: BLE001 - whatever broke the connection, a new one is made
            self.problem = f"broker: {type(lost).__name__}"
            _log.warning("inbox lost the broker: %s: %s", type(lost).__name__, lost)
            sleep(_RETRY_S)

    def _consume(self, connection: Connection) -> None:
        service = self.container.service_name
        channel = connection.default_channel
        declare_inbox(_Declarer(channel), service)
        channel.basic_qos(0, self._size * 2, False)
        taken: list[Message] = []
        consumer = Consumer(
            channel,
            queues=[Queue(inbox_of(service), no_declare=True), Queue(dead_of(service), no_declare=True)],
            on_message=taken.append,
            accept=None,
            auto_declare=False,
        )
        consumer.on_decode_error = lambda message, error: taken.append(_broken(message, error))
        with consumer:
            self.problem = None
            while not self._stopping:
                self._drain(connection, taken)
                if taken:
                    self._handle(connection, consumer, taken[: self._size])
                    del taken[: self._size]

    def _drain(self, connection: Connection, taken: list[Message]) -> None:
        patience = _LINGER_S if taken else _IDLE_S
        connection.heartbeat_check()
        with suppress(TimeoutError):
            while len(taken) < self._size:
                connection.drain_events(timeout=patience)
                patience = _LINGER_S

    def _handle(self, connection: Connection, consumer: Consumer, messages: list[Message]) -> None:
        batch = _sort(messages, self.container.service_name)
        away = False
        while not self._try(batch):
            if self._stopping:
                return
            self.problem = "store: away"
            if not away:
                consumer.cancel()
                away = True
            connection.heartbeat_check()
            sleep(_RETRY_S)
        messages[-1].ack(multiple=True)
        if away:
            self.problem = None
            consumer.consume()

    def _try(self, batch: Batch) -> bool:
        """Run the worker method on the batch; False when the store is away."""
        ended = Waiter()

        def settle(_context: Any, result: Any, failure: Any) -> tuple[Any, Any]:
            ended.send(failure)
            return result, None

        self.container.spawn_worker(self, (batch,), {}, handle_result=settle)
        failure = ended.wait()
        if failure is None:
            return True
        if not issubclass(failure[0], STORE_AWAY):
            # A bug outside any one message: hold the batch, shout, and try again; never drop it.
            self.problem = f"inbox: {failure[0].__name__}"
        return False


hear = Inbox.decorator


def _sort(messages: list[Message], service: str) -> Batch:
    batch = Batch()
    for message in messages:
        if message.delivery_info.get("routing_key") == TIDE:
            batch.tides.append(_raw(message))
        elif _is_dead(message, service):
            batch.dead.append(_delivery(message))
        else:
            batch.events.append(_delivery(message))
    return batch


def _is_dead(message: Message, service: str) -> bool:
    return bool(message.delivery_info.get("routing_key") == dead_of(service))


def _delivery(message: Message) -> Delivery:
    return Delivery(_raw(message), dict(message.headers or {}), getattr(message, "broken", ""))


def _raw(message: Message) -> bytes:
    body = message.body
    return body.encode("utf-8", "surrogateescape") if isinstance(body, str) else bytes(body)


def _broken(message: Message, error: Exception) -> Message:
    message.broken = f"cannot be unpacked: {error}"
    return message


class _Declarer:
    """topology.Declarer on a py-amqp channel."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel

    def exchange(self, name: str) -> None:
        self._channel.exchange_declare(name, "topic", durable=True, auto_delete=False)

    def queue(self, name: str, arguments: dict[str, Any]) -> None:
        self._channel.queue_declare(name, durable=True, auto_delete=False, arguments=arguments)

    def bind(self, queue: str, exchange: str, routing_key: str) -> None:
        self._channel.queue_bind(queue, exchange, routing_key)
