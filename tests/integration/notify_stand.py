"""Notify on a real store, a real mail server and a real SMS gateway, with intake's answers played."""

import json
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from kombu import Connection, Consumer, Exchange, Producer, Queue
from werkzeug.test import TestResponse

from deploy.local.keys import Keys, ensure_keys
from deploy.local.mailbox import Mailbox
from deploy.local.sms_gateway import SmsGateway
from huiyin.chassis.askers import read_askers, seal_for
from huiyin.chassis.asking import Refused
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.digest import Delivery
from huiyin.chassis.ear import Batch
from huiyin.chassis.errors import Unavailable
from huiyin.chassis.foundation import Foundation, lay
from huiyin.chassis.tokens import Tokens, issue
from huiyin.chassis.web import create_app
from huiyin.contracts import events as e
from huiyin.contracts.envelope import Envelope, dump
from huiyin.contracts.questions import Question
from services.notify.settings import NotifySettings
from services.notify.use_cases import sending
from services.notify.use_cases.house import House, house
from services.notify.web import blueprint

OFFICES = Path(__file__).parents[2] / "deploy" / "offices"
OFFICE = "mayors-line"
NUMBER = "SZ20260605W00001"
NOON = datetime(2026, 6, 5, 4, 0, tzinfo=UTC)
SECRET = "the secret shared with the gateway"
WANG = {
    "name": "王秀英",
    "phone": "19900001234",
    "address": "回音市晨钟路1号",
    "email": "wang@huiyin.example",
}
REPLY = "路面已于六月四日修复。"


class MachineHands:
    """A machine clock that tests move; it runs by itself no further than the test's own time."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        """The time, ahead as far as it was moved."""
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        """Seconds that only grow; they are not moved."""
        return time.monotonic()


class Answers:
    """Plays intake's and dispatch's answers; `away` says who does not answer, `refusing` why who refuses."""

    def __init__(self, keys: Keys) -> None:
        self.keys = read_askers(keys.folder)
        self.identity = dict(WANG)
        self.away: set[str] = set()
        self.refusing: dict[str, str] = {}
        self.asked: list[dict[str, Any]] = []

    def ask(self, question: Question, **arguments: Any) -> Any:
        """The answer, as the asker would bring it."""
        if question.answerer in self.refusing:
            raise Refused(self.refusing[question.answerer], "…")
        if question.answerer in self.away:
            raise Unavailable(f"{question.answerer} 服务暂时没有应答，请稍后再试。")
        self.asked.append(arguments)
        return REPLY if question.method == "reply_text" else seal_for(self.keys, "notify", self.identity)


@dataclass
class Stand:
    """Notify's house and web, its two servers, its clocks, and those who answer."""

    house: House
    client: FlaskClient
    gateway: SmsGateway
    mailbox: Mailbox
    answers: Answers
    office: SimulatedOfficeClock
    machine: MachineHands
    keys: Keys
    sequence: int = field(default=0)

    def hear(
        self, *events: e.Event, source: str = "intake", number: str = NUMBER, at: datetime = NOON
    ) -> None:
        """The worker hears these, all of one case."""
        self.house.ear.hear(Batch(events=[Delivery(self.wire(v, source, number, at), {}) for v in events]))

    def wire(
        self, event: e.Event, source: str = "intake", number: str = NUMBER, at: datetime = NOON
    ) -> bytes:
        self.sequence += 1
        return Envelope(
            id=uuid.uuid4().hex,
            source=source,
            type=event.type,
            subject=number,
            time=at,
            office=OFFICE,
            sequence=self.sequence,
            correlationid="c",
            causationid="c",
            data=dump(event),
        ).to_bytes()

    def send_all(self) -> None:
        """The sender's timer ticks until nothing is due any more."""
        for _ in range(20):
            if not sending.send_due(self.house):
                return
        raise AssertionError("the sender finds no end")

    def pass_time(self, seconds: float) -> None:
        """The machine's time passes; then the sender works."""
        self.machine.ahead += timedelta(seconds=seconds)
        self.send_all()

    def message(self, word: str = "a", source: str = "intake", number: str = NUMBER) -> Any:
        return self.house.correspondences.get(number).state.message(f"{source}:{word}")

    def said(self, number: str = NUMBER) -> list[str]:
        """The types of all that was said, in order."""
        steps = self.house.correspondences.history(number)
        return [event["type"] for step in steps for event in step["events"]]

    def get(self, path: str, role: str = "operator", office: str = OFFICE) -> TestResponse:
        return self.client.get(path, headers=self.bearer(role, office))

    def post(self, path: str, body: dict[str, Any], role: str = "operator", key: str = "") -> TestResponse:
        headers = {**self.bearer(role), "Idempotency-Key": key or uuid.uuid4().hex}
        return self.client.post(path, json=body, headers=headers)

    def receipt(self, reference: str, state: str, *, receipt: str = "", secret: str = "") -> TestResponse:
        """The gateway's signed notice."""
        told = {"receipt": receipt or uuid.uuid4().hex, "reference": reference, "state": state}
        body = json.dumps(told).encode()
        signed = SmsGateway.signature(secret or SECRET, body)
        headers = {"X-Huiyin-Signature": signed, "Content-Type": "application/json"}
        return self.client.post("/receipts/sms", data=body, headers=headers)

    def bearer(self, role: str, office: str = OFFICE) -> dict[str, str]:
        token = issue(
            self.keys.tokens_private,
            subject=f"{role}-1",
            role=role,
            office=office,
            ttl=timedelta(hours=1),
            issuer="huiyin",
            audience="huiyin",
        )
        return {"Authorization": f"Bearer {token}"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def settings_of(
    folder: Path,
    keys: Keys,
    *,
    mongo: tuple[str, str],
    amqp_url: str,
    smtp_port: int,
    sms_url: str,
    feeds_url: str = "",
) -> NotifySettings:
    return NotifySettings(
        mongo_url=mongo[0],
        mongo_database=mongo[1],
        amqp_url=amqp_url,
        offices_dir=OFFICES,
        keys_dir=keys.folder,
        environment="local",
        office_clock=folder / "clock.json",
        token_jwks=str(keys.tokens_public),
        smtp_host="127.0.0.1",
        smtp_port=smtp_port,
        smtp_sender="noreply@huiyin.example",
        smtp_security="none",
        sms_url=sms_url,
        sms_secret=SECRET,
        provider_timeout_s=1.0,
        feeds_url=feeds_url,
    )


@contextmanager
def servers_of_messages() -> Iterator[tuple[SmsGateway, Mailbox]]:
    """The SMS gateway and the mail server, started."""
    gateway, mailbox = SmsGateway(SECRET), Mailbox(free_port())
    gateway.start()
    mailbox.start()
    try:
        yield gateway, mailbox
    finally:
        mailbox.stop()
        gateway.stop()


@contextmanager
def standing(
    folder: Path, mongo: tuple[str, str], amqp_url: str = "amqp://127.0.0.1:9/", feeds_url: str = ""
) -> Iterator[Stand]:
    """A stand; without a broker's address nothing but the store and the two servers is there."""
    keys = ensure_keys(folder / "keys")
    clock = SimulatedOfficeClock(folder / "clock.json")
    clock.set(NOON)
    with servers_of_messages() as (gateway, mailbox):
        settings = settings_of(
            folder,
            keys,
            mongo=mongo,
            amqp_url=amqp_url,
            smtp_port=mailbox.port,
            sms_url=gateway.url,
            feeds_url=feeds_url,
        )
        answers, machine = Answers(keys), MachineHands()
        laid = lay("notify", "worker", settings)
        base = replace(laid, asker=answers, machine_clock=machine)  # type: ignore[arg-type]
        wired = house(base)
        yield Stand(wired, _client(wired, laid), gateway, mailbox, answers, clock, machine, keys)
        if wired.feed_broker:
            wired.feed_broker.close()
        laid.close()


def _client(wired: House, base: Foundation) -> FlaskClient:
    settings = wired.settings
    app = create_app(
        "notify",
        [blueprint(wired)],
        tokens=Tokens(settings.token_jwks, "huiyin", "huiyin", base.machine_clock),
        metrics=base.metrics,
        checks=base.checks(),
        settings=settings,
        record=lambda *_: None,
    )
    return app.test_client()


def registered(
    base: Foundation, media: tuple[e.Medium, ...] = ("sms", "call"), channel: str = "web"
) -> e.CaseRegistered:
    return e.CaseRegistered(
        rulebook=base.rulebooks.office(OFFICE).rulebook.hash,
        channel=channel,
        language="zh",
        difficulty="ordinary",
        priority="normal",
        received_at=NOON,
        accepted_at=NOON,
        disposal="dispatch",
        matters=(e.Matter(id="m1", kind="complaint", category="municipal/road", area="990101"),),
        parties=(e.PartyRef(id="p1", role="complainant", anonymous=False, media=media),),
    )


def requested(word: str = "a", **more: Any) -> e.MessageRequested:
    """By default a notice to the party; `result` with its texts."""
    return e.MessageRequested(
        **{
            "message": word,
            "template": "case_registered",
            "addressee_kind": "party",
            "addressee": "p1",
            **more,
        }
    )


RESULT: dict[str, Any] = {
    "template": "result_ready",
    "params": {"category": "道路"},
    "text_of": "reply:m1-1:1;reply:m1-2:3",
}
CONCLUDED = e.CaseConcluded(outcome="echoed", round=1, concluded_at=NOON)


@contextmanager
def intake_answers(amqp_url: str, keys: Keys) -> Iterator[list[dict[str, Any]]]:
    """Intake's answer to CONTACT on nameko's wire; yields what it was asked."""
    asked: list[dict[str, Any]] = []
    stop, ready = threading.Event(), threading.Event()
    askers = read_askers(keys.folder)
    exchange = Exchange("nameko-rpc", type="topic", durable=True)
    queue = Queue("rpc-intake", exchange, routing_key="intake.*", durable=True)

    def reply(body: dict[str, Any], message: Any) -> None:
        asked.append(body["kwargs"])
        to = message.properties
        Producer(message.channel, exchange).publish(
            {"result": seal_for(askers, "notify", WANG), "error": None},
            routing_key=to["reply_to"],
            correlation_id=to["correlation_id"],
            serializer="json",
        )
        message.ack()

    def serve() -> None:
        with (
            Connection(amqp_url) as connection,
            Consumer(connection.default_channel, queue, callbacks=[reply], accept=["json"]),
        ):
            ready.set()
            while not stop.is_set():
                with suppress(TimeoutError):
                    connection.drain_events(timeout=0.1)

    thread = threading.Thread(target=serve)
    thread.start()
    assert ready.wait(10)
    yield asked
    stop.set()
    thread.join()
