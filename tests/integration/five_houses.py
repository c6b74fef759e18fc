"""Five houses on a real store and a real broker, with their messages in a test's hands.

The relays publish to RabbitMQ as they always do; instead of the workers, the test takes what
lies in the inboxes and hands it over when, and as often as, it likes.
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pika
from pymongo.database import Database

from deploy.local.keys import ensure_keys
from deploy.local.platform import OFFICES
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.digest import Delivery
from huiyin.chassis.foundation import Foundation, lay
from huiyin.chassis.pipeline import Pipeline
from huiyin.chassis.relay import Relay
from huiyin.chassis.settings import BaseSettings
from huiyin.chassis.steps import Actor, Cause
from huiyin.chassis.store import Documents
from huiyin.chassis.topology import inbox_of
from huiyin.contracts.services import SERVICES, Service
from huiyin.contracts.tides import TIDE
from services.dispatch.use_cases.house import house as dispatch_house
from services.feedback.use_cases import house as feedback_house
from services.intake.settings import IntakeSettings
from services.intake.use_cases.house import house as intake_house
from services.notify.settings import NotifySettings
from services.notify.use_cases.house import house as notify_house
from services.supervision.settings import SupervisionSettings
from services.supervision.use_cases.house import house as supervision_house

OFFICE: Final = "mayors-line"
AT: Final = datetime(2024, 9, 27, 2, 0, tzinfo=UTC)
_MAKERS: Final[Mapping[Service, Any]] = {
    "intake": intake_house,
    "dispatch": dispatch_house,
    "supervision": supervision_house,
    "feedback": feedback_house,
    "notify": notify_house,
}
_DOCUMENTS: Final[Mapping[Service, str]] = {
    "intake": "cases",
    "dispatch": "handlings",
    "supervision": "supervisions",
    "feedback": "echoes",
    "notify": "correspondences",
}


class AheadClock:
    """A machine clock far ahead of every back-off, so that what waits is due at once."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def leap(self) -> None:
        """Let every delay be over."""
        self._ahead += timedelta(minutes=10)

    def now(self) -> datetime:
        """The machine's time, ahead."""
        return datetime.now(UTC) + self._ahead

    def monotonic(self) -> float:
        """Seconds, ahead."""
        return self._ahead.total_seconds()


@dataclass(frozen=True)
class Letter:
    """One message on its way to one hearer."""

    hearer: Service
    raw: bytes


class FiveHouses:
    """The houses, their relays, and the hands that carry messages between them."""

    def __init__(self, bases: Mapping[Service, Foundation], amqp_url: str, clock: AheadClock) -> None:
        self.houses = {service: _MAKERS[service](base) for service, base in bases.items()}
        self.clock = clock
        self._bases = bases
        self._pipelines = {service: Pipeline(amqp_url, service) for service in SERVICES}
        for pipeline in self._pipelines.values():
            pipeline.start()
        self._relays = {service: self._relay(service) for service in SERVICES}
        self._connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
        self._channel = self._connection.channel()

    def documents(self, service: Service) -> Documents[Any]:
        """A service's documents."""
        found: Documents[Any] = getattr(self.houses[service], _DOCUMENTS[service])
        return found

    def _relay(self, service: Service) -> Relay:
        base, documents = self._bases[service], self.documents(service)
        return Relay(
            service,
            [documents],
            self._pipelines[service],
            office_now=base.office_now,
            machine_now=base.machine_clock.now,
            metrics=base.metrics,
        )

    def say(self) -> list[Letter]:
        """Publish all that is unsent, and take all that lies in the inboxes."""
        for relay in self._relays.values():
            relay.sweep()
        return [letter for hearer in SERVICES for letter in self._take(hearer)]

    def _take(self, hearer: Service) -> Iterator[Letter]:
        while True:
            method, _, raw = self._channel.basic_get(inbox_of(hearer), auto_ack=True)
            if method is None:
                return
            if method.routing_key != TIDE:
                yield Letter(hearer, raw)

    def hand_over(self, letters: list[Letter]) -> None:
        """Hand messages over, each hearer's in one batch."""
        for hearer in SERVICES:
            batch = [Delivery(letter.raw, {}) for letter in letters if letter.hearer == hearer]
            if batch:
                self.houses[hearer].ear.digest.digest(batch)

    def try_again(self) -> None:
        """Let what waits be tried again."""
        self.clock.leap()
        for service in SERVICES:
            self.houses[service].ear.digest.retry()

    def waiting(self) -> int:
        """How many messages wait or are parked anywhere."""
        return sum(base.waiting.collection.count_documents({}) for base in self._bases.values())

    def cause(self, role: str, unit: str = "") -> Cause:
        """A member of staff's request."""
        who = Actor(subject=f"{role}-{unit or 1}", role=role, office=OFFICE, unit=unit)
        return Cause(id=uuid.uuid4().hex, kind="request", who=who, correlation="any-order")

    def close(self) -> None:
        """Let go of the broker and the store."""
        self._connection.close()
        for pipeline in self._pipelines.values():
            pipeline.stop()
        for base in self._bases.values():
            base.close()


@contextmanager
def five_houses(
    database: Database[dict[str, Any]], mongo_url: str, amqp_url: str, folder: Path
) -> Iterator[FiveHouses]:
    """Five houses, each with a database of its own."""
    keys = ensure_keys(folder / "keys")
    SimulatedOfficeClock(folder / "clock.json").set(AT)
    (folder / "anchor").mkdir(exist_ok=True)
    clock = AheadClock()
    common: dict[str, Any] = {
        "mongo_url": mongo_url,
        "amqp_url": amqp_url,
        "offices_dir": OFFICES,
        "keys_dir": keys.folder,
        "anchor_dir": folder / "anchor",
        "environment": "local",
        "office_clock": folder / "clock.json",
        "token_jwks": str(keys.tokens_public),
    }
    names = {service: f"{database.name}_{service}" for service in SERVICES}
    bases = {
        service: replace(
            lay(service, "worker", _settings(service, names[service], common)), machine_clock=clock
        )
        for service in SERVICES
    }
    houses = FiveHouses(bases, amqp_url, clock)
    try:
        yield houses
    finally:
        houses.close()
        for name in names.values():
            database.client.drop_database(name)


def _settings(service: Service, name: str, common: dict[str, Any]) -> BaseSettings:
    given = {**common, "mongo_database": name}
    if service == "supervision":
        return SupervisionSettings(**given)
    if service == "notify":
        nowhere: dict[str, Any] = {"smtp_host": "127.0.0.1", "smtp_sender": "a@huiyin.example"}
        return NotifySettings(**given, **nowhere, sms_url="http://127.0.0.1:9", sms_secret="unused")
    return IntakeSettings(**given) if service == "intake" else BaseSettings(**given)
