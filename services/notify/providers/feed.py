"""The departments' streams: lines go in with confirms, through the default exchange of their virtual host."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final

from kombu import Connection, Producer
from kombu.exceptions import KombuError

from huiyin.chassis.amqp import kombu_tls, kombu_url
from huiyin.contracts.feeds import CONTENT_TYPE
from services.notify.errors import FeedMissing, Unsent

_CONFIRM_S: Final = 10.0


class FeedBroker:
    """One connection to the virtual host of the feeds, opened at the first line and kept."""

    def __init__(self, url: str, timeout_s: float) -> None:
        self._url = url
        self._timeout = timeout_s
        self._connection: Connection | None = None
        self._producer: Producer | None = None
        self._returned: list[Any] = []

    def say(self, feed: str, lines: Iterable[tuple[str, bytes]]) -> None:
        """Put lines, each with its id, into a feed; when this returns the stream has them all.

        FeedMissing when there is no such stream, Unsent when the broker does not take them: then some
        may be there, and all are said again.
        """
        try:
            for name, body in lines:
                self._publish(feed, name, body)
        except (OSError, KombuError, *Connection(kombu_url(self._url)).connection_errors) as away:
            self.close()
            raise Unsent(f"the broker of the feeds did not take it: {type(away).__name__}") from away

    def close(self) -> None:
        """Let go of the connection, in whatever state it is."""
        if self._connection is not None:
            with suppress(Exception):
                self._connection.release()
        self._connection = self._producer = None

    def _publish(self, feed: str, name: str, body: bytes) -> None:
        self._returned.clear()
        producer = self._producer or self._open()
        producer.publish(
            body,
            exchange="",
            routing_key=feed,
            mandatory=True,
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            message_id=name,
            timeout=self._timeout,
            confirm_timeout=_CONFIRM_S,
        )
        if self._returned:
            raise FeedMissing(f"there is no stream {feed}")

    def _open(self) -> Producer:
        self._connection = Connection(
            kombu_url(self._url),
            ssl=kombu_tls(self._url),
            connect_timeout=self._timeout,
            transport_options={"confirm_publish": True},
        )
        self._producer = Producer(
            self._connection.default_channel, on_return=lambda *returned: self._returned.append(returned)
        )
        return self._producer
