"""The ear of a worker: a nameko entrypoint that hands over raw messages in batches.

nameko's own consumer acknowledges what it cannot decode before any handler sees it, and kombu's
unpacks and decodes by what the headers claim; this one takes messages from the channel as they
came, so their bytes are kept, and acknowledges them only after the worker method returned, which
it does when every delivery is safe in the store. While the store is away it
stops consuming, holds what it has and keeps the heartbeat. One batch is in hand at a time, so
what was said before a tide is handled before the tide.
"""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from eventlet import sleep
from eventlet.event import Event as Waiter
from kombu import Connection
from nameko.extensions import Entrypoint

from huiyin.chassis.beat import wake_beats
from huiyin.chassis.digest import Delivery
from huiyin.chassis.ear import Batch
from huiyin.chassis.mongo import STORE_AWAY
from huiyin.chassis.topology import dead_of, declare_inbox, inbox_of
from huiyin.contracts.tides import TIDE

_log = logging.getLogger(__name__)

BATCH: Final = 50
_HEARTBEAT_S: Final = 20
_IDLE_S: Final = 0.5
_LINGER_S: Final = 0.001
#: After a batch, so that what comes meanwhile is one batch: a write of many costs little more than of one.
_BREATH_S: Final = 0.005
_RETRY_S: Final = 1.0


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
            config = self.container.config
            tls = config.get("AMQP_SSL")
            with Connection(config["AMQP_URI"], ssl=tls, heartbeat=_HEARTBEAT_S) as connection:
                self._consume(connection)
        except Exception as lost:  # noqa: BLE001 - whatever broke the connection, a new one is made
            self.problem = f"broker: {type(lost).__name__}"
            _log.warning("inbox lost the broker: %s: %s", type(lost).__name__, lost)
            sleep(_RETRY_S)

    def _consume(self, connection: Connection) -> None:
        service = self.container.service_name
        channel = connection.default_channel
        channel.auto_decode = False  # the bytes as they came, whatever their encoding is said to be
        declare_inbox(_Declarer(channel), service)
        channel.basic_qos(0, self._size * 2, False)
        taken: list[Any] = []
        consumers = _Consumers(channel, (inbox_of(service), dead_of(service)), taken.append)
        with consumers.consuming():
            self.problem = None
            while not self._stopping:
                self._drain(connection, taken)
                if taken:
                    in_hand = taken[: self._size]
                    self._handle(connection, consumers, in_hand)
                    del taken[: len(in_hand)]  # more may have come meanwhile
                    if len(taken) < self._size:
                        sleep(_BREATH_S)

    def _drain(self, connection: Connection, taken: list[Any]) -> None:
        patience = _LINGER_S if taken else _IDLE_S
        connection.heartbeat_check()
        with suppress(TimeoutError):
            while len(taken) < self._size:
                connection.drain_events(timeout=patience)
                patience = _LINGER_S

    def _handle(self, connection: Connection, consumers: "_Consumers", messages: list[Any]) -> None:
        batch = _sort(messages, self.container.service_name)
        away = False
        while not self._try(connection, batch):
            if self._stopping:
                return
            if not away:
                consumers.cancel()
                away = True
            _beat(connection, _RETRY_S)
        connection.default_channel.basic_ack(messages[-1].delivery_tag, multiple=True)
        wake_beats(self.container, {message.delivery_info["routing_key"] for message in messages})
        if away:
            self.problem = None
            consumers.consume()

    def _try(self, connection: Connection, batch: Batch) -> bool:
        """Run the worker method on the batch; False when the store is away."""
        ended = Waiter()

        def settle(_context: Any, result: Any, failure: Any) -> tuple[Any, Any]:
            ended.send(failure)
            return result, None

        self.container.spawn_worker(self, (batch,), {}, handle_result=settle)
        while ended.wait(_RETRY_S) is None and not ended.ready():
            _beat(connection, _LINGER_S)
        failure = ended.wait()
        if failure is None:
            return True
        # A bug outside any one message is held like an absence: shout, try again, never drop it.
        away = issubclass(failure[0], STORE_AWAY)
        self.problem = "store: away" if away else f"inbox: {failure[0].__name__}"
        return False


hear = Inbox.decorator


def _beat(connection: Connection, patience: float) -> None:
    """Keep the heartbeat in both directions; without reading, the broker would seem to be silent."""
    connection.heartbeat_check()
    with suppress(TimeoutError):
        connection.drain_events(timeout=patience)


class _Consumers:
    """The channel's consumers on the service's queues, to be stopped and begun again."""

    def __init__(self, channel: Any, queues: tuple[str, ...], take: Callable[[Any], None]) -> None:
        self._channel = channel
        self._queues = queues
        self._take = take
        self._tags: list[str] = []

    @contextmanager
    def consuming(self) -> Iterator[None]:
        """Consume meanwhile."""
        self.consume()
        yield
        self.cancel()

    def consume(self) -> None:
        """Have messages sent."""
        # Under tags of its own each time: a quorum queue remembers a cancelled one that holds messages.
        self._tags = [f"{queue}-{uuid.uuid4().hex}" for queue in self._queues]
        for queue, tag in zip(self._queues, self._tags, strict=True):
            self._channel.basic_consume(queue, consumer_tag=tag, callback=self._take)

    def cancel(self) -> None:
        """Have no more sent; what was sent stays ours."""
        for tag in self._tags:
            self._channel.basic_cancel(tag)
        self._tags = []


def _sort(messages: list[Any], service: str) -> Batch:
    batch = Batch()
    for message in messages:
        key = message.delivery_info["routing_key"]
        if key == TIDE:
            batch.tides.append(_raw(message))
        elif key == dead_of(service):
            batch.dead.append(_delivery(message))
        else:
            batch.events.append(_delivery(message))
    return batch


def _delivery(message: Any) -> Delivery:
    return Delivery(_raw(message), dict(message.headers or {}))


def _raw(message: Any) -> bytes:
    return bytes(message.body or b"")  # py-amqp's empty body is an empty str


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
