"""Has every message delivered twice: a copy of each is published again, as a careless network would."""

import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError

from huiyin.chassis.topology import exchange_of
from huiyin.contracts.services import SERVICES

_COPY: Final = "x-copy"
_POLL_S: Final = 0.1


class Doubling:
    """While it is entered, every message said on the bus is said once more; `copies` counts them."""

    def __init__(self, amqp_url: str) -> None:
        self._url = amqp_url
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="doubling", daemon=True)
        self.copies = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        with suppress(AMQPError), pika.BlockingConnection(pika.URLParameters(self._url)) as connection:
            channel = connection.channel()
            self._listen(channel)
            while not self._stop.is_set():
                connection.process_data_events(time_limit=_POLL_S)

    def _listen(self, channel: BlockingChannel) -> None:
        queue = channel.queue_declare("", exclusive=True).method.queue
        for service in SERVICES:
            channel.queue_bind(queue, exchange_of(service), "#")
        channel.basic_consume(queue, self._copy, auto_ack=True)

    def _copy(self, channel: BlockingChannel, method: Any, properties: Any, body: bytes) -> None:
        if _COPY in (properties.headers or {}):
            return
        properties.headers = {**(properties.headers or {}), _COPY: "1"}
        channel.basic_publish(method.exchange, method.routing_key, body, properties)
        self.copies += 1
