"""Exchanges, queues and bindings, all derived from contracts; what 3.10 and 4.x both know.

Each service says on `<service>.events` (topic, durable, as nameko's own dispatchers do) and
hears on one quorum queue `<service>.inbox`. What its consumer was killed over too often lands
in `<service>.dead`, at least once, from where the service itself moves it into `waiting`.
"""

from typing import Any, Final, Protocol

from huiyin.contracts.hearers import heard_by, hearers_of
from huiyin.contracts.services import Service
from huiyin.contracts.tides import TIDE, hears_tide_of

UNSENT: Final = "unsent"  # the routing key that wakes a service's relay; no event bears it
DELIVERY_LIMIT: Final = 20  # RabbitMQ 4's default, set so that 3.10 behaves the same
_DEAD_DELIVERY_LIMIT: Final = 1_000_000  # the last net must not have a hole of its own


class Declarer(Protocol):
    """What both pika's and py-amqp's channels can do."""

    def exchange(self, name: str) -> None:
        """Declare a durable topic exchange."""

    def queue(self, name: str, arguments: dict[str, Any]) -> None:
        """Declare a durable queue."""

    def bind(self, queue: str, exchange: str, routing_key: str) -> None:
        """Bind a queue to an exchange."""


def exchange_of(sayer: str) -> str:
    """The exchange a service says its events on."""
    return f"{sayer}.events"


def inbox_of(hearer: str) -> str:
    """The queue a service hears on."""
    return f"{hearer}.inbox"


def dead_of(hearer: str) -> str:
    """The queue of what was delivered too often."""
    return f"{hearer}.dead"


def declare_inbox(declare: Declarer, hearer: Service) -> None:
    """Declare all a hearer needs: both queues, the exchanges it hears, the bindings."""
    declare.queue(dead_of(hearer), _dead_arguments())
    declare.queue(inbox_of(hearer), _inbox_arguments(hearer))
    for sayer, types in heard_by(hearer).items():
        declare.exchange(exchange_of(sayer))
        for event_type in types:
            declare.bind(inbox_of(hearer), exchange_of(sayer), event_type)
        if hears_tide_of(hearer, sayer):
            declare.bind(inbox_of(hearer), exchange_of(sayer), TIDE)


def declare_hearers(declare: Declarer, sayer: Service) -> None:
    """Declare the sayer's exchange and every queue that must take its events."""
    declare.exchange(exchange_of(sayer))
    for hearer in hearers_of(sayer):
        declare_inbox(declare, hearer)


def _inbox_arguments(hearer: str) -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": dead_of(hearer),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def _dead_arguments() -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": _DEAD_DELIVERY_LIMIT,
        "x-overflow": "reject-publish",
    }
