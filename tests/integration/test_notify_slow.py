"""A provider that does not answer holds up its own messages, and nobody else's."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from services.notify.providers import Outgoing, Provider, Receipt
from services.notify.use_cases import sending
from tests.integration.notify_stand import NUMBER, Stand, registered, requested, standing

LATER = "SZ20260605W00099"


@dataclass
class Hanging:
    """A provider that takes a message only when it is let go."""

    provider: Provider
    holds: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    repeatable: bool = True

    def send(self, outgoing: Outgoing) -> Receipt:
        self.holds.set()
        assert self.released.wait(20)
        return self.provider.send(outgoing)

    def ask(self, reference: str) -> Receipt | None:
        return self.provider.ask(reference)


@pytest.fixture
def stand(tmp_path: Path, database: Database[dict[str, Any]], mongo_url: str) -> Iterator[Stand]:
    with standing(tmp_path, (mongo_url, database.name)) as stand:
        yield stand


def wanted(stand: Stand, number: str, medium: str) -> None:
    stand.hear(registered(stand.house.base, (medium,)), number=number)  # type: ignore[arg-type]
    stand.hear(requested(), number=number)


def _comes(condition: Callable[[], bool], within_s: float = 10) -> bool:
    end = time.monotonic() + within_s
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_what_falls_due_while_a_provider_hangs_is_sent_meanwhile(stand: Stand) -> None:
    hanging = Hanging(stand.house.providers["mail"])
    providers: Any = {**stand.house.providers, "mail": hanging}
    wanted(stand, NUMBER, "mail")
    look = threading.Thread(target=sending.send_due, args=(replace(stand.house, providers=providers),))
    look.start()
    assert hanging.holds.wait(10)
    wanted(stand, LATER, "sms")
    sent = _comes(lambda: stand.gateway.posts == 1)
    hanging.released.set()
    look.join(20)
    assert sent, "it waited for the mail server"
    assert (stand.message(number=LATER).state, stand.message().state) == ("sent", "delivered")
