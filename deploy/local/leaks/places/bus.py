"""Every message: what was said while cases ran (a tap), what lies in queues, and the broker's files."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

import httpx
import pika
from pika.adapters.blocking_connection import BlockingChannel

from deploy.local.leaks.controls import TEXTUAL, WRAPPINGS, Controls
from deploy.local.leaks.places.place import Mark, Piece, marks
from huiyin.chassis.topology import exchange_of
from huiyin.chassis.trust import NO_CA
from huiyin.contracts.services import SERVICES

_SCRATCH: Final = "leaks.scratch"
_EXCHANGES: Final = ("nameko-rpc", *(exchange_of(service) for service in SERVICES))
_KEPT: Final = 2
_STREAM: Final = "stream"
#: Where the messages of each type of queue lie.
_FOLDERS: Final = {"quorum": "quorum", _STREAM: _STREAM, "classic": "msg_stores"}
_QUIET_S: Final = 1.0
_POLL_S: Final = 0.1
_AT_ONCE: Final = 4


class Bus:
    """Everything said on the exchanges since `listen`, questions and answers included."""

    name = "消息总线 (all that was said on the bus)"

    def __init__(self, amqp_url: str) -> None:
        self._parameters = pika.URLParameters(amqp_url)
        self._heard: list[Piece] = []
        self._stop, self._listening = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._listen, name="leaks-bus", daemon=True)

    def __enter__(self) -> Self:
        """Keep a copy of every message from now on."""
        self._thread.start()
        self._listening.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def plant(self, controls: Controls) -> set[Mark]:
        """A message on every exchange, with a routing key that only the tap hears."""
        with pika.BlockingConnection(self._parameters) as connection:
            channel = connection.channel()
            for exchange in _EXCHANGES:
                publish(channel, exchange, "leaks.control", controls)
        return marks(_EXCHANGES, WRAPPINGS)

    def pieces(self) -> Iterator[Piece]:
        """Each message with its headers, once no more come."""
        before = -1
        while before != (before := len(self._heard)):
            time.sleep(_QUIET_S)
        yield from self._heard

    def _listen(self) -> None:
        """Taken from the broker at once, so that the copies do not lie in its files."""
        with pika.BlockingConnection(self._parameters) as connection:
            channel = connection.channel()
            queue = channel.queue_declare("", exclusive=True).method.queue
            for exchange in _EXCHANGES:
                channel.queue_bind(queue, exchange, "#")
            channel.basic_consume(queue, self._keep, auto_ack=True)
            self._listening.set()
            while not self._stop.is_set():
                connection.process_data_events(time_limit=_POLL_S)

    def _keep(self, _channel: BlockingChannel, method: Any, properties: Any, body: bytes) -> None:
        self._heard.append(Piece(method.exchange, _told(properties, body)))


class Queues:
    """Every queue and stream of every virtual host; to be read when nobody consumes."""

    name = "RabbitMQ 队列和流 (queues and streams)"

    def __init__(self, amqp_url: str, api_url: str) -> None:
        self._parameters, self._api = pika.URLParameters(amqp_url), api_url

    def plant(self, controls: Controls) -> set[Mark]:
        """A message in every queue, and a stream of our own."""
        with pika.BlockingConnection(self._parameters) as connection:
            connection.channel().queue_declare(_SCRATCH, durable=True, arguments={"x-queue-type": _STREAM})
        for host in {queue["vhost"] for queue in self._queues()}:
            self._publish(host, controls)
        return marks((_where(queue) for queue in self._queues()), WRAPPINGS)

    def pieces(self) -> Iterator[Piece]:
        """Each message; all stay where they are."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for held in pool.map(self._held, self._queues()):
                yield from held

    def _held(self, queue: Mapping[str, Any]) -> list[Piece]:
        with self._connection(queue["vhost"]) as connection:
            read = streamed if queue["type"] == _STREAM else _waiting
            return [Piece(_where(queue), told) for _, told in read(connection.channel(), queue["name"])]

    def _publish(self, host: str, controls: Controls) -> None:
        names = [queue["name"] for queue in self._queues() if queue["vhost"] == host]
        with self._connection(host) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            for name in names:
                publish(channel, "", name, controls)

    def _connection(self, host: str) -> pika.BlockingConnection:
        url = self._parameters
        own = pika.ConnectionParameters(url.host, url.port, host, url.credentials)
        return pika.BlockingConnection(own)

    def _queues(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(f"{self._api}/queues", timeout=30, verify=NO_CA).json()
        return [queue for queue in found if not queue["exclusive"]]


class BrokerFiles:
    """Every file of the broker's folder: segments of queues and streams, write-ahead log, names, logs."""

    name = "RabbitMQ 文件 (files: queues, streams, logs)"

    def __init__(self, amqp_url: str, folder: Path) -> None:
        self._parameters, self._folder = pika.URLParameters(amqp_url), folder

    def plant(self, controls: Controls) -> set[Mark]:
        """A message in a queue of each type, an exchange by somebody's name, a line in the log."""
        with pika.BlockingConnection(self._parameters) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            for kind in _FOLDERS:
                name = f"{_SCRATCH}.{kind}"
                channel.queue_declare(name, durable=True, arguments={"x-queue-type": kind})
                publish(channel, "", name, controls)
            channel.exchange_declare(f"leaks.{controls.words('plain')}", durable=True)
        log = next((self._folder / "log").glob("*.log"))
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{controls.textual()}\n")
        return marks(_FOLDERS.values(), WRAPPINGS) | marks(["log"], TEXTUAL) | {("other", "plain")}

    def pieces(self) -> Iterator[Piece]:
        """Each file."""
        for file in sorted(path for path in self._folder.rglob("*") if path.is_file()):
            yield Piece(self._kind(file.relative_to(self._folder)), file.read_bytes())

    @staticmethod
    def _kind(file: Path) -> str:
        kinds = (*_FOLDERS.values(), "log")
        return next((kind for kind in kinds if kind in file.parts), "other")


def publish(channel: BlockingChannel, exchange: str, key: str, controls: Controls) -> None:
    """A message that names somebody in each wrapping: the plain one in a header, the others in the body."""
    for way in WRAPPINGS:
        told = {"leaks": controls.words(way)} if way == "plain" else {}
        body = b"" if told else controls.wrapped(way)
        channel.basic_publish(exchange, key, body, pika.BasicProperties(delivery_mode=_KEPT, headers=told))


def _where(queue: Mapping[str, Any]) -> str:
    return f"{queue['vhost']}/{quote(queue['name'], safe='')}"


def _waiting(channel: BlockingChannel, queue: str) -> Iterator[tuple[Any, bytes]]:
    """All messages of a queue; unacknowledged, so that they go back when the channel closes."""
    while True:
        method, properties, body = channel.basic_get(queue)
        if method is None:
            return
        yield method, _told(properties, body)


def streamed(channel: BlockingChannel, stream: str) -> Iterator[tuple[Any, bytes]]:
    """All messages of a stream, until it is silent for a while."""
    channel.basic_qos(prefetch_count=100)
    arguments = {"x-stream-offset": "first"}
    for method, properties, body in channel.consume(stream, arguments=arguments, inactivity_timeout=_QUIET_S):
        if method is None:
            return
        channel.basic_ack(method.delivery_tag)
        yield method, _told(properties, body)


def _told(properties: Any, body: bytes) -> bytes:
    headers = json.dumps(properties.__dict__, default=str, ensure_ascii=False)
    return body + headers.encode()
