"""Feedback on a real store and broker, the four other services stopped."""

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from kombu import Connection, Consumer, Exchange, Producer, Queue
from pymongo.database import Database
from werkzeug.test import TestResponse

from deploy.local.keys import Keys, ensure_keys
from huiyin.chassis.askers import read_askers, seal_for
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.digest import Delivery
from huiyin.chassis.ear import Batch
from huiyin.chassis.foundation import lay
from huiyin.chassis.settings import BaseSettings
from huiyin.chassis.tokens import Tokens, issue
from huiyin.chassis.web import create_app
from huiyin.contracts import events as e
from huiyin.contracts.envelope import Envelope, dump
from services.feedback.use_cases import House, house
from services.feedback.web import blueprint

OFFICES = Path(__file__).parents[2] / "deploy" / "offices"
OFFICE = "mayors-line"
NUMBER = "SZ20260605D00001"
AT = datetime(2026, 6, 5, 2, 0, tzinfo=UTC)
WANG = {"name": "王秀英", "phone": "19900001234", "address": "", "email": ""}
WORDS = "路修好了，谢谢"


@dataclass
class Stand:
    """Feedback's house, its web and its clock."""

    house: House
    client: FlaskClient
    clock: SimulatedOfficeClock
    keys: Keys
    amqp_url: str

    def hear(self, *events: e.Event) -> None:
        """The worker hears these, all of one case."""
        self.house.ear.hear(Batch(events=[Delivery(wire(event), {}) for event in events]))

    def post(self, path: str, body: dict[str, Any] | None = None, key: str = "", **who: str) -> TestResponse:
        headers = {**self.bearer(**who), "Idempotency-Key": key or uuid.uuid4().hex}
        return self.client.post(f"/echoes/{NUMBER}/{path}", json=body, headers=headers)

    def get(self, path: str, **who: str) -> TestResponse:
        return self.client.get(path, headers=self.bearer(**who))

    def bearer(self, role: str = "callback", office: str = OFFICE) -> dict[str, str]:
        token = issue(
            self.keys.tokens_private,
            subject=f"{role}-1",
            role=role,
            office=office,
            unit="urban_management" if role == "unit" else "",
            ttl=timedelta(hours=1),
            issuer="huiyin",
            audience="huiyin",
        )
        return {"Authorization": f"Bearer {token}"}

    def said(self) -> list[str]:
        """The types of all that the echo said, in order."""
        steps = self.house.echoes.history(NUMBER)
        return [event["type"] for step in steps for event in step["events"]]


def wire(event: e.Event) -> bytes:
    return Envelope(
        id=uuid.uuid4().hex,
        source="intake",
        type=event.type,
        subject=NUMBER,
        time=AT,
        office=OFFICE,
        sequence=1,
        correlationid="c",
        causationid="c",
        data=dump(event),
    ).to_bytes()


@pytest.fixture
def stand(
    tmp_path: Path, database: Database[dict[str, Any]], mongo_url: str, amqp_url: str
) -> Iterator[Stand]:
    keys = ensure_keys(tmp_path / "keys")
    clock = SimulatedOfficeClock(tmp_path / "clock.json")
    clock.set(AT)
    settings = BaseSettings(
        mongo_url=mongo_url,
        mongo_database=database.name,
        amqp_url=amqp_url,
        offices_dir=OFFICES,
        keys_dir=keys.folder,
        environment="local",
        office_clock=tmp_path / "clock.json",
        token_jwks=str(keys.tokens_public),
    )
    base = lay("feedback", "worker", settings)
    wired = house(base)
    app = create_app(
        "feedback",
        [blueprint(wired)],
        tokens=Tokens(settings.token_jwks, "huiyin", "huiyin", base.machine_clock),
        metrics=base.metrics,
        checks=base.checks(),
        settings=settings,
        record=lambda *_: None,
    )
    yield Stand(wired, app.test_client(), clock, keys, amqp_url)
    base.close()


def registered(stand: Stand) -> e.CaseRegistered:
    return e.CaseRegistered(
        rulebook=stand.house.base.rulebooks.office(OFFICE).rulebook.hash,
        channel="call",
        language="zh",
        difficulty="ordinary",
        priority="normal",
        received_at=AT,
        accepted_at=AT,
        disposal="dispatch",
        matters=(e.Matter(id="m1", kind="complaint", category="municipal/road", area="990101"),),
        parties=(e.PartyRef(id="p1", role="complainant", anonymous=False, media=("call", "sms")),),
    )


COMPLETED = e.HandlingCompleted(round=1, replies=("m1-1:1",), completed_at=AT)
SATISFIED = {"matter": "m1", "reached": True, "solved": True, "satisfied": True}


def sealed_contact(stand: Stand) -> dict[str, Any]:
    """What intake answers to CONTACT."""
    return {"result": seal_for(read_askers(stand.keys.folder), "feedback", WANG), "error": None}


def refused(why: str) -> dict[str, Any]:
    """What an answering service sends that refuses."""
    return {"result": None, "error": {"exc_type": why, "exc_path": why, "exc_args": [], "value": ""}}


@contextmanager
def intake_answers(stand: Stand, answer: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """Intake's answer to every question, on nameko's wire; yields what it was asked."""
    asked: list[dict[str, Any]] = []
    stop = threading.Event()
    exchange = Exchange("nameko-rpc", type="topic", durable=True)
    queue = Queue("rpc-intake", exchange, routing_key="intake.*", durable=True)

    def reply(body: dict[str, Any], message: Any) -> None:
        asked.append(body["kwargs"])
        to = message.properties
        Producer(message.channel, exchange).publish(
            answer, routing_key=to["reply_to"], correlation_id=to["correlation_id"], serializer="json"
        )
        message.ack()

    def serve() -> None:
        with (
            Connection(stand.amqp_url) as connection,
            Consumer(connection.default_channel, queue, callbacks=[reply], accept=["json"]),
        ):
            ready.set()
            while not stop.is_set():
                with suppress(TimeoutError):
                    connection.drain_events(timeout=0.1)

    ready = threading.Event()
    thread = threading.Thread(target=serve)
    thread.start()
    assert ready.wait(10)
    yield asked
    stop.set()
    thread.join()


def test_with_all_others_stopped_an_attempt_and_an_evaluation_are_recorded(
    stand: Stand, database: Database[dict[str, Any]]
) -> None:
    stand.hear(registered(stand), COMPLETED)
    attempt = stand.post("attempts", {"medium": "call", "reached": True})
    assert (attempt.status_code, attempt.json["attempts"][0]["reached"]) == (201, True)  # type: ignore[index]
    assert stand.post("told", {"medium": "call"}).status_code == 200
    done = stand.post("evaluations", {**SATISFIED, "words": WORDS})
    assert (done.status_code, done.json["outcome"]) == (201, "satisfied")  # type: ignore[index]
    assert stand.said() == [
        "echo.opened",
        "message.requested",
        "contact.attempted",
        "result.told",
        "evaluation.recorded",
        "echo.completed",
    ]
    assert WORDS not in str(database.echoes.find_one({"_id": NUMBER}))


def test_the_complainants_words_are_read_by_those_who_need_them_and_recorded(
    stand: Stand, database: Database[dict[str, Any]]
) -> None:
    stand.hear(registered(stand), COMPLETED)
    stand.post("told", {"medium": "call"})
    stand.post("evaluations", {**SATISFIED, "words": WORDS})
    address = f"/echoes/{NUMBER}/evaluations/m1/words"
    with intake_answers(stand, {"result": True, "error": None}) as asked:
        assert stand.get(address, role="supervisor").json == {"words": WORDS}
    who = {"subject": "supervisor-1", "role": "supervisor", "unit": ""}
    assert asked == [{"number": NUMBER, "matter": "m1", **who}]
    row = database.audit.find_one({"what": "words.read"})
    assert row is not None
    assert (row["who"]["subject"], row["case"]) == ("supervisor-1", NUMBER)
    assert stand.get(address, role="leader").status_code == 403
    assert stand.get(f"/echoes/{NUMBER}/evaluations/m9/words").status_code == 404


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (refused("ViewRestricted"), "view-restricted"),
        (refused("NotFound"), "unavailable"),
        ({"result": False, "error": None}, "not-found"),
    ],
    ids=["the complainant had them shut", "intake has no such case", "behind a wall"],
)
def test_the_complainants_words_are_not_read_without_intakes_leave(
    stand: Stand, database: Database[dict[str, Any]], answer: dict[str, Any], code: str
) -> None:
    stand.hear(registered(stand), COMPLETED)
    stand.post("told", {"medium": "call"})
    stand.post("evaluations", {**SATISFIED, "words": WORDS})
    with intake_answers(stand, answer):
        shut = stand.get(f"/echoes/{NUMBER}/evaluations/m1/words", role="supervisor")
    assert shut.json["code"] == code  # type: ignore[index]
    assert database.audit.find_one({"what": "words.read"}) is None


def test_messages_in_the_wrong_order_wait_until_their_case_is_there(stand: Stand) -> None:
    stand.hear(COMPLETED)
    assert stand.get(f"/echoes/{NUMBER}").status_code == 404
    stand.hear(registered(stand))
    deadline = time.monotonic() + 20
    while stand.house.base.waiting.counts()["waiting"] and time.monotonic() < deadline:
        stand.house.ear.digest.retry()
        time.sleep(0.05)
    assert stand.get(f"/echoes/{NUMBER}").json["state"] == "open"  # type: ignore[index]


def test_the_desk_lists_the_offices_own_call_backs_by_state(stand: Stand) -> None:
    stand.hear(registered(stand), COMPLETED)
    listed = stand.get("/echoes?state=open").json
    assert [echo["number"] for echo in listed["echoes"]] == [NUMBER]  # type: ignore[index]
    assert stand.get("/echoes?state=told").json == {"echoes": []}
    assert stand.get("/echoes?state=open", office="community-centre").json == {"echoes": []}
    assert stand.get(f"/echoes/{NUMBER}", office="community-centre").status_code == 404
    assert stand.get("/echoes?state=asleep").status_code == 422


@pytest.mark.parametrize("role", ["unit", "operator", "dispatcher", "supervisor", "leader"])
def test_only_the_callback_desk_records_an_evaluation_e111(stand: Stand, role: str) -> None:
    stand.hear(registered(stand), COMPLETED)
    stand.post("told", {"medium": "call"})
    assert stand.post("evaluations", SATISFIED, role=role).status_code == 403


def test_attempts_too_close_are_refused_with_the_earliest_time_e31(stand: Stand) -> None:
    stand.hear(registered(stand), COMPLETED)
    missed = {"medium": "call", "reached": False}
    assert stand.post("attempts", missed).status_code == 201
    stand.clock.advance(timedelta(hours=3, minutes=59))
    early = stand.post("attempts", missed)
    assert (early.status_code, early.json["code"]) == (409, "too-soon")  # type: ignore[index]
    assert "2026-06-05 14:00" in early.json["detail"]  # type: ignore[index]
    stand.clock.advance(timedelta(minutes=1))
    assert stand.post("attempts", missed).status_code == 201


def test_a_repeated_request_takes_effect_once(stand: Stand) -> None:
    stand.hear(registered(stand), COMPLETED)
    missed = {"medium": "call", "reached": False}
    first, second = (stand.post("attempts", missed, key="same-key-1") for _ in range(2))
    assert first.json == second.json
    assert stand.said().count("contact.attempted") == 1
    assert stand.post("attempts", {**missed, "reached": True}, key="same-key-1").status_code == 422


def test_one_contact_is_opened_with_intakes_answer_and_recorded_first(
    stand: Stand, database: Database[dict[str, Any]]
) -> None:
    stand.hear(registered(stand), COMPLETED)
    with intake_answers(stand, sealed_contact(stand)) as asked:
        opened = stand.post("contact", {"purpose": "callback"})
    assert (opened.status_code, opened.json) == (200, WANG)
    row = database.audit.find_one({"what": "contact.opened"})
    assert row is not None
    assert asked == [
        {
            "number": NUMBER,
            "party": "p1",
            "purpose": "callback",
            "request": row["detail"]["request"],
            "asker": "feedback",
            "who": {
                "subject": "callback-1",
                "role": "callback",
                "office": OFFICE,
                "unit": row["who"]["unit"],
            },
        }
    ]
    assert WANG["phone"] not in str(list(database.audit.find())) + str(list(database.echoes.find()))


def test_no_contact_is_opened_while_intake_is_away_nor_without_a_result(
    stand: Stand, database: Database[dict[str, Any]]
) -> None:
    stand.hear(registered(stand))
    early = stand.post("contact", {"purpose": "callback"})
    assert (early.status_code, early.json["code"]) == (409, "not-handled")  # type: ignore[index]
    stand.hear(COMPLETED)
    assert stand.post("contact", {"purpose": "callback"}).status_code == 503
    assert database.audit.find_one({"what": "contact.opened"}) is None


def test_who_will_not_evaluate_is_recorded_so(stand: Stand) -> None:
    stand.hear(registered(stand), COMPLETED)
    stand.post("told", {"medium": "call"})
    assert stand.post("declined").json["outcome"] == "unevaluated"  # type: ignore[index]
