"""A crash between `sending` and the result: once as far as can be promised, for every medium."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from kombu import Connection, Exchange, Producer
from pymongo.database import Database

from deploy.local.processes import wait_until
from huiyin.chassis.trust import NO_CA
from huiyin.contracts.events import Medium
from services.notify.providers import Outgoing, Provider, Receipt
from services.notify.use_cases import sending
from tests.integration.notify_stand import (
    NUMBER,
    SECRET,
    WANG,
    Stand,
    free_port,
    intake_answers,
    registered,
    requested,
    standing,
)

ROOT = Path(__file__).parents[2]
STATES = {"sms": "sent", "mail": "delivered", "letter": "listed", "call": "listed"}


class Crash(BaseException):
    """The process ends here."""


class Crashing:
    """A provider whose process ends just before or just after it hands a message over."""

    def __init__(self, provider: Provider, taken: bool) -> None:
        self.provider, self.taken, self.repeatable = provider, taken, provider.repeatable

    def send(self, outgoing: Outgoing) -> Receipt:
        if self.taken:
            self.provider.send(outgoing)
        raise Crash

    def ask(self, reference: str) -> Receipt | None:
        return self.provider.ask(reference)


@pytest.fixture
def stand(tmp_path: Path, database: Database[dict[str, Any]], mongo_url: str) -> Iterator[Stand]:
    with standing(tmp_path, (mongo_url, database.name)) as stand:
        yield stand


def crash(stand: Stand, medium: Medium, taken: bool) -> None:
    """The sender's process ends while the message is in the provider's hands."""
    stand.hear(registered(stand.house.base, (medium,)))
    stand.hear(requested())
    broken: Any = {**stand.house.providers, medium: Crashing(stand.house.providers[medium], taken)}
    with pytest.raises(Crash):
        sending.send_due(replace(stand.house, providers=broken))
    assert stand.message().state == "sending"


def copies(stand: Stand, medium: Medium) -> int:
    """How many the addressee sees: mails with one Message-ID are one."""
    if medium == "mail":
        return len({mail["Message-ID"] for mail in stand.mailbox.mails})
    return len(stand.gateway.messages) if medium == "sms" else 1


@pytest.mark.parametrize("medium", ["sms", "mail", "letter", "call"])
@pytest.mark.parametrize("taken", [False, True])
def test_after_a_crash_the_message_is_there_once(stand: Stand, medium: Medium, taken: bool) -> None:
    crash(stand, medium, taken)
    stand.send_all()
    assert stand.message().state == "sending"  # the lease still runs: it may be in somebody's hands
    stand.pass_time(7)
    assert stand.message().state == STATES[medium]
    assert copies(stand, medium) == 1
    assert len(stand.message().attempts) == 1


def test_what_the_gateway_knows_is_not_sent_again(stand: Stand) -> None:
    crash(stand, "sms", taken=True)
    stand.pass_time(7)
    assert stand.gateway.posts == 1


def test_what_the_gateway_delivered_meanwhile_is_known_by_asking(stand: Stand) -> None:
    crash(stand, "sms", taken=True)
    for sms in stand.gateway.messages.values():
        sms.state = "delivered"
    stand.pass_time(7)
    assert stand.said() == ["message.delivered"]


@pytest.mark.parametrize("taken", [False, True])
def test_when_the_gateway_cannot_say_a_person_decides(stand: Stand, taken: bool) -> None:
    stand.gateway.knows = False
    crash(stand, "sms", taken)
    posts = stand.gateway.posts
    stand.pass_time(7)
    assert stand.message().state == "uncertain"
    assert stand.gateway.posts == posts
    assert stand.said() == ["message.uncertain"]


def test_a_gateway_that_is_away_is_asked_again_before_anybody_is_bothered(stand: Stand) -> None:
    crash(stand, "sms", taken=True)
    taken = stand.gateway.messages
    stand.gateway.stop()
    stand.pass_time(7)
    assert stand.message().state == "sending"
    for _ in range(10):
        stand.pass_time(1000)
    assert stand.message().state == "uncertain"
    assert len(taken) == 1


def test_two_senders_at_once_send_once(stand: Stand) -> None:
    stand.hear(registered(stand.house.base))
    stand.hear(requested())
    due = stand.house.correspondences.get(NUMBER)
    for _ in range(2):  # the second still holds what it read before the first one claimed
        sending.advance(stand.house, sending.Case(due), [due.state.message("intake:a")])
    assert (stand.gateway.posts, stand.message().state) == (1, "sent")


# -- the real process ---------------------------------------------------------------------


@pytest.fixture
def worker_env(
    tmp_path: Path, database: Database[dict[str, Any]], mongo_url: str, amqp_url: str
) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "HUIYIN_MONGO_URL": mongo_url,
        "HUIYIN_MONGO_DATABASE": database.name,
        "HUIYIN_AMQP_URL": amqp_url,
        "HUIYIN_OFFICES_DIR": str(ROOT / "deploy" / "offices"),
        "HUIYIN_KEYS_DIR": str(tmp_path / "keys"),
        "HUIYIN_ENVIRONMENT": "local",
        "HUIYIN_OFFICE_CLOCK": str(tmp_path / "clock.json"),
        "HUIYIN_TOKEN_JWKS": str(tmp_path / "keys" / "tokens.public.jwks"),
        "HUIYIN_PROBE_PORT": str(free_port()),
        "HUIYIN_SMTP_HOST": "127.0.0.1",
        "HUIYIN_SMTP_SENDER": "noreply@huiyin.example",
        "HUIYIN_SMTP_SECURITY": "none",
        "HUIYIN_SMS_SECRET": SECRET,
        "HUIYIN_PROVIDER_TIMEOUT_S": "1",
    }


def start(env: dict[str, str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-m", "services.notify", "worker"], cwd=ROOT, env=env)
    wait_until(lambda: ready(env["HUIYIN_PROBE_PORT"]), 60, "the worker")
    return process


def ready(port: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", verify=NO_CA).status_code == 200
    except httpx.TransportError:
        return False


def publish(amqp_url: str, *messages: tuple[str, bytes]) -> None:
    with Connection(amqp_url) as connection:
        producer = Producer(connection.default_channel, Exchange("intake.events", type="topic"))
        for event_type, raw in messages:
            producer.publish(
                raw, routing_key=event_type, content_type="application/json", content_encoding="utf-8"
            )


def test_a_worker_killed_while_it_sends_leaves_one_sms_and_one_mail(
    stand: Stand, worker_env: dict[str, str], amqp_url: str
) -> None:
    worker_env |= {"HUIYIN_SMTP_PORT": str(stand.mailbox.port), "HUIYIN_SMS_URL": stand.gateway.url}
    stand.gateway.mode, stand.gateway.slow_s = "slow", 0.8
    case = registered(stand.house.base)
    order = requested("b", template="order_given", addressee_kind="unit", addressee="ecology")
    with intake_answers(amqp_url, stand.keys) as asked:
        worker = start(worker_env)
        publish(amqp_url, *((v.type, stand.wire(v)) for v in (case, order, requested())))
        wait_until(lambda: stand.gateway.posts == 1, 20, "the SMS on its way")
        wait_until(lambda: stand.message("b").state == "delivered", 0.7, "the mail, which need not wait")
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
        assert stand.message().state == "sending"
        stand.gateway.mode = "taking"
        worker = start(worker_env)
        wait_until(lambda: stand.message().state == "sent", 30, "the SMS taken")
        wait_until(lambda: stand.message("b").state == "delivered", 30, "the mail delivered")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
    (sms,) = stand.gateway.messages.values()
    assert (sms.to, stand.mailbox.counts()) == (WANG["phone"], {"sthj@huiyin.example": 1})
    assert asked[0]["asker"] == "notify"
