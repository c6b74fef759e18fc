"""Who is at work on what a restore would replace, and the queues that it empties."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, ChannelClosedByBroker
from pymongo import MongoClient

from huiyin.chassis.amqp import pika_parameters
from huiyin.chassis.mongo import Doc, process_name
from huiyin.chassis.topology import dead_of, inbox_of
from huiyin.contracts.services import SERVICES
from huiyin.snapshot.errors import SnapshotRefused, StillServing
from huiyin.snapshot.manifest import databases

_NO_SUCH_QUEUE = 404


def refuse_living(client: MongoClient[Doc], amqp_url: str, prefix: str) -> None:
    """StillServing that names each process which is connected to the stores or hears on a queue."""
    found = sorted({*_connected(client, prefix), *_hearing(amqp_url)})
    if found:
        raise StillServing(f"这些进程还在工作，请先停止 (still at work, stop them first): {', '.join(found)}")


def _connected(client: MongoClient[Doc], prefix: str) -> Iterator[str]:
    """Every process of ours tells its name to the database; a monitor that says good-bye counts no more."""
    own = {
        process_name(name, kind) for name in databases(prefix).values() for kind in ("web", "worker", "relay")
    }
    connections = client.admin.aggregate(
        [
            {"$currentOp": {"allUsers": True, "idleConnections": True}},
            {"$match": {"appName": {"$in": sorted(own)}, "command.hello": {"$exists": False}}},
        ]
    )
    for connection in connections:
        yield f"{connection['appName']} ({connection.get('client', '?').rpartition(':')[0]})"


def _hearing(amqp_url: str) -> Iterator[str]:
    with _connection(amqp_url) as connection:
        for service in SERVICES:
            if _hearers(connection.channel(), inbox_of(service)):
                yield f"{service} worker ({inbox_of(service)})"


def _hearers(channel: BlockingChannel, queue: str) -> int:
    try:
        count: int = channel.queue_declare(queue, passive=True).method.consumer_count
    except ChannelClosedByBroker as closed:
        if closed.reply_code != _NO_SUCH_QUEUE:
            raise
        return 0
    return count


def drop_queues(amqp_url: str) -> None:
    """Delete every queue of the services with what lies in it; relays and workers declare them anew."""
    with _connection(amqp_url) as connection:
        channel = connection.channel()
        for service in SERVICES:
            for queue in (inbox_of(service), dead_of(service), f"rpc-{service}"):
                channel.queue_delete(queue)


@contextmanager
def _connection(amqp_url: str) -> Iterator[Any]:
    try:
        connection = pika.BlockingConnection(pika_parameters(amqp_url))
    except AMQPError as away:
        raise SnapshotRefused(
            "RabbitMQ 没有应答：恢复须清空队列 (RabbitMQ does not answer, and a restore empties its queues)"
        ) from away
    try:
        yield connection
    finally:
        connection.close()
