"""Keeps a relay going: one active by lease, woken by a bell, swept every few seconds."""

import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from huiyin.chassis.mongo import STORE_AWAY, Doc
from huiyin.chassis.pipeline import BrokerAway, Pipeline
from huiyin.chassis.relay import Relay

_log = logging.getLogger(__name__)

_SWEEP_S: Final = 5.0
_TICK_S: Final = 1.0
_BREATH_S: Final = 0.005
_LEASE_S: Final = 6.0


@dataclass
class Lease:
    """The right to be the one active relay of a service, for a few seconds at a time."""

    collection: Collection[Doc]
    name: str
    machine_now: Callable[[], datetime]
    seconds: float = _LEASE_S

    def __post_init__(self) -> None:
        self._holder = uuid.uuid4().hex
        self._until: datetime | None = None

    def hold(self) -> bool:
        """Take or renew the lease; False while another holds it."""
        now = self.machine_now()
        if self._until and self._until - now > timedelta(seconds=self.seconds / 2):
            return True
        until = now + timedelta(seconds=self.seconds)
        mine_or_free = {"_id": self.name, "$or": [{"holder": self._holder}, {"until": {"$lt": now}}]}
        try:
            self.collection.update_one(
                mine_or_free, {"$set": {"holder": self._holder, "until": until}}, upsert=True
            )
        except DuplicateKeyError:
            self._until = None
            return False
        self._until = until
        return True

    def release(self) -> None:
        """Give the lease back at once, so that a successor need not wait."""
        self.collection.delete_one({"_id": self.name, "holder": self._holder})


class RelayLoop:
    """Connects, holds the lease and sweeps until told to stop; `problem` says why it cannot.

    `woken` has it look at once: something was saved, the clock was moved, or it is to stop.
    """

    def __init__(
        self, relay: Relay, pipeline: Pipeline, lease: Lease, woken: threading.Event, stop: threading.Event
    ) -> None:
        self._relay = relay
        self._pipeline = pipeline
        self._lease = lease
        self._woken = woken
        self._stop = stop
        self._connected = False
        self.problem: str | None = "starting"

    def run(self) -> None:
        """Relay until `stop` is set; then give the lease back."""
        while not self._stop.is_set():
            try:
                self._turn()
                self.problem = None
                self._rest()
            except BrokerAway as away:
                self._disconnect()
                self._stumble(f"broker: {away}")
            except STORE_AWAY as away:
                self._stumble(f"store: {type(away).__name__}")
        self._end()

    def _turn(self) -> None:
        if not self._connected:
            self._pipeline.start()
            self._connected = True
        self._woken.clear()
        if self._lease.hold():
            self._relay.sweep()

    def _rest(self) -> None:
        # A relay whose tide is awaited sweeps every second, so that no clock waits for it.
        self._stop.wait(_BREATH_S)  # what is said meanwhile goes with it
        self._woken.wait(_TICK_S if self._relay.says_tide else _SWEEP_S)

    def _stumble(self, problem: str) -> None:
        self.problem = problem
        _log.warning("relay waits for the %s", problem)
        self._stop.wait(_TICK_S)

    def _disconnect(self) -> None:
        if self._connected:
            self._pipeline.stop()
        self._connected = False

    def _end(self) -> None:
        self._disconnect()
        try:
            self._lease.release()
        except STORE_AWAY:
            _log.info("the store is away; the lease runs out by itself")
