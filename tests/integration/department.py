"""A department as it connects: with its own user, by pika, as docs/departments.md shows."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pika
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection
from pika.exceptions import AMQPError

from huiyin.contracts.feeds import VHOST


def connect(amqp_url: str, user: str, password: str, vhost: str = VHOST) -> BlockingConnection:
    """A connection of the department's user to the broker of this URL."""
    broker = urlsplit(amqp_url)
    login = pika.PlainCredentials(user, password)
    return BlockingConnection(pika.ConnectionParameters(broker.hostname, broker.port or 5672, vhost, login))


@contextmanager
def connected(amqp_url: str, user: str, password: str) -> Iterator[BlockingConnection]:
    connection = connect(amqp_url, user, password)
    try:
        yield connection
    finally:
        if connection.is_open:
            connection.close()


def read(connection: BlockingConnection, feed: str, offset: str | int = "first") -> list[tuple[int, Any]]:
    """All lines from an offset on, each with its own."""
    channel = connection.channel()
    channel.basic_qos(prefetch_count=100)
    found = []
    for method, properties, body in channel.consume(
        feed, arguments={"x-stream-offset": offset}, inactivity_timeout=1.0
    ):
        if method is None:
            break
        assert properties.content_type == "application/cloudevents+json"
        found.append((properties.headers["x-stream-offset"], json.loads(body)))
        channel.basic_ack(method.delivery_tag)
    channel.close()
    return found


def refusal(amqp_url: str, user: str, password: str, attempt: Callable[[BlockingChannel], Any]) -> int:
    """The code by which the broker refuses an attempt; 0 when it lets it through."""
    connection = connect(amqp_url, user, password)
    try:
        attempt(connection.channel())
    except AMQPError as refused:
        return int(refused.args[0])
    else:
        return 0
    finally:
        if connection.is_open:
            connection.close()
