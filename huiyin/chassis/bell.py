"""Wakes a service's relay when something was saved that is to be said.

A hint and no message: RabbitMQ holds it nowhere, and a relay that was not woken finds what is unsent at its
next sweep. A change stream tells the same, but MongoDB wakes every change stream at every write of every
service: with five services on one replica set that took 15 % of its processor (docs/performance.md).
"""

import logging
import threading
from contextlib import suppress
from typing import Final

from kombu import Connection, Producer

from huiyin.chassis.amqp import kombu_connection
from huiyin.chassis.topology import UNSENT, exchange_of
from huiyin.contracts.services import Service

_log = logging.getLogger(__name__)

_CONNECT_S: Final = 5.0
_PAUSE_S: Final = 1.0


class Bell:
    """Rung by whoever saved, from any thread; it neither waits nor fails. Rings close together are one."""

    def __init__(self, amqp_url: str, service: Service) -> None:
        self._url, self._service = amqp_url, service
        self._rung, self._closed = threading.Event(), threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._silent = False

    def ring(self) -> None:
        """Have the relay look; the thread that tells it starts at the first ring, so after every fork."""
        self._rung.set()
        if self._thread is None:
            with self._starting:
                self._thread = self._thread or self._begun()

    def close(self) -> None:
        """Ring no more and let go of the connection."""
        self._closed.set()
        self._rung.set()
        if self._thread is not None:
            self._thread.join(_CONNECT_S)

    def _begun(self) -> threading.Thread:
        thread = threading.Thread(target=self._serve, name="bell", daemon=True)
        thread.start()
        return thread

    def _serve(self) -> None:
        while not self._closed.is_set():
            connection = kombu_connection(self._url, _CONNECT_S, patient=False)
            try:
                self._tell(connection)
            except Exception as broken:  # noqa: BLE001 - whatever it is, the relay still sweeps by itself
                self._stumble(broken)
            with suppress(Exception):
                connection.release()
            self._closed.wait(_PAUSE_S)
            self._rung.set()  # what could not be told

    def _stumble(self, broken: Exception) -> None:
        """Say once what keeps the relay from being woken, not at every try."""
        if not self._silent:
            _log.warning("the relay cannot be woken: %s: %s", type(broken).__name__, broken)
        self._silent = True

    def _tell(self, connection: Connection) -> None:
        """Tell until the connection breaks or all is over."""
        producer: Producer | None = None
        while self._rung.wait() and not self._closed.is_set():
            self._rung.clear()
            producer = producer or Producer(connection.default_channel)
            producer.publish(b"", UNSENT, delivery_mode="transient", exchange=exchange_of(self._service))
            self._silent = False
