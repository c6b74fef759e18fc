"""Supervision on a real store, the four other services and the broker away."""

import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from pymongo.database import Database
from typer.testing import CliRunner
from werkzeug.test import TestResponse

from deploy.local.keys import Keys, ensure_keys
from huiyin.chassis.calendar import calendar_of
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.digest import Delivery
from huiyin.chassis.ear import Batch
from huiyin.chassis.foundation import lay
from huiyin.chassis.tokens import Tokens, issue
from huiyin.chassis.waiting import Trouble
from huiyin.chassis.web import create_app
from huiyin.cli.main import app as huiyin
from huiyin.contracts import events as e
from huiyin.contracts.envelope import Envelope, dump
from huiyin.contracts.tides import dump_tide
from services.supervision.domain import falling_due as rule
from services.supervision.domain.dates import mark_of
from services.supervision.settings import SupervisionSettings
from services.supervision.use_cases import falling_due
from services.supervision.use_cases.house import House, house
from services.supervision.use_cases.patience import Patience
from services.supervision.web import blueprint

OFFICES = Path(__file__).parents[2] / "deploy" / "offices"
OFFICE = "mayors-line"
NUMBER = "SZ20240927D00001"
CRITERIA = (
    "serious",
    "to_requirements",
    "facts",
    "characterisation",
    "policy",
    "formalities",
    "met",
    "persuasion",
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


@dataclass
class Stand:
    """Supervision's houses (one a worker process), its web and its clock."""

    make: Callable[[], House]
    house: House
    client: FlaskClient
    clock: SimulatedOfficeClock
    keys: Keys
    sequence: int = 0
    heard: dict[str, Envelope] = field(default_factory=dict)

    def hear(self, *events: e.Event, source: str = "dispatch") -> None:
        self.house.ear.hear(Batch(events=[Delivery(self._wire(one, source), {}) for one in events]))

    def tide(self, until: datetime, by: House | None = None) -> None:
        (by or self.house).ear.hear(Batch(tides=[dump_tide("dispatch", until)]))

    def come(self, now: str) -> int:
        """Office time comes to `now`, and this worker looks once."""
        self.clock.set(at(now))
        return falling_due.fall_due(self.house)

    def said(self, event_type: str = "") -> list[dict[str, Any]]:
        steps = self.house.supervisions.history(NUMBER)
        events = [event for step in steps for event in step["events"]]
        return [event["data"] for event in events if event_type in ("", event["type"])]

    def post(self, path: str, body: dict[str, Any], key: str = "", **who: str) -> TestResponse:
        headers = {**self._bearer(**who), "Idempotency-Key": key or uuid.uuid4().hex}
        return self.client.post(f"/supervisions/{NUMBER}/{path}", json=body, headers=headers)

    def get(self, path: str, **who: str) -> TestResponse:
        return self.client.get(path, headers=self._bearer(**who))

    def _bearer(
        self, role: str = "supervisor", unit: str = "duty_room", office: str = OFFICE
    ) -> dict[str, str]:
        token = issue(
            self.keys.tokens_private,
            subject=f"{role}-1",
            role=role,
            office=office,
            unit=unit,
            ttl=timedelta(hours=1),
            issuer="huiyin",
            audience="huiyin",
        )
        return {"Authorization": f"Bearer {token}"}

    def _wire(self, event: e.Event, source: str) -> bytes:
        self.sequence += 1
        return Envelope(
            id=uuid.uuid4().hex,
            source=source,
            type=event.type,
            subject=NUMBER,
            time=self.clock.now(),
            office=OFFICE,
            sequence=self.sequence,
            correlationid="c",
            causationid="c",
            data=dump(event),
        ).to_bytes()


@pytest.fixture
def stand(database: Database[dict[str, Any]], mongo_url: str, tmp_path: Path) -> Iterator[Stand]:
    keys = ensure_keys(tmp_path / "keys")
    clock = SimulatedOfficeClock(tmp_path / "clock.json")
    clock.set(at("2024-09-27 10:00"))
    settings = SupervisionSettings(
        mongo_url=mongo_url,
        mongo_database=database.name,
        amqp_url="amqp://nobody@127.0.0.1:1/",
        offices_dir=OFFICES,
        keys_dir=keys.folder,
        environment="local",
        office_clock=tmp_path / "clock.json",
        token_jwks=str(keys.tokens_public),
        hold_seconds=60,
    )
    houses: list[House] = []

    def make() -> House:
        houses.append(house(lay("supervision", "worker", settings)))
        return houses[-1]

    first = make()
    app = create_app(
        "supervision",
        [blueprint(first)],
        tokens=Tokens(settings.token_jwks, "huiyin", "huiyin", first.base.machine_clock),
        metrics=first.base.metrics,
        checks={},
        settings=settings,
        record=lambda *_: None,
    )
    yield Stand(make, first, app.test_client(), clock, keys)
    for one in houses:
        one.base.close()


@pytest.fixture
def running(stand: Stand) -> Stand:
    """A case with one order that must be finished by Saturday, 12 October, a working day."""
    stand.hear(_registered(stand), source="intake")
    stand.hear(
        _order(), e.OrderAccepted(order="m1-1", unit="water_affairs", accepted_at=at("2024-09-27 11:00"))
    )
    return stand


def _registered(stand: Stand) -> e.CaseRegistered:
    return e.CaseRegistered(
        rulebook=stand.house.base.rulebooks.office(OFFICE).rulebook.hash,
        channel="call",
        language="zh",
        difficulty="ordinary",
        priority="normal",
        received_at=at("2024-09-27 10:00"),
        accepted_at=at("2024-09-27 10:00"),
        disposal="dispatch",
        matters=(e.Matter(id="m1", kind="complaint", category="municipal/road", area="990101001"),),
        parties=(e.PartyRef(id="p1", role="complainant", anonymous=False, media=("sms",)),),
    )


def _order() -> e.OrderDispatched:
    return e.OrderDispatched(
        order="m1-1",
        matter="m1",
        unit="water_affairs",
        role="lead",
        round=1,
        ground="by_subject",
        entry="x",
        dispatched_at=at("2024-09-27 10:00"),
    )


def _reply(submitted: str, n: int = 1) -> e.ReplySubmitted:
    return e.ReplySubmitted(
        order="m1-1",
        unit="water_affairs",
        reply=n,
        round=1,
        final=True,
        digest="d",
        submitted_at=at(submitted),
    )


def _results(failed: str = "") -> list[dict[str, str]]:
    return [{"criterion": c, "result": "fail" if c == failed else "pass"} for c in CRITERIA]


# -- the timer ---------------------------------------------------------------------------


@pytest.mark.clause("S4-42", "S4-43")
def test_a_moment_that_the_tide_has_passed_is_acted_on_once(running: Stand) -> None:
    running.tide(at("2024-10-13 00:00"))
    assert running.come("2024-10-13 00:00:05") == 1
    assert running.come("2024-10-13 00:00:06") == 0
    (slip,) = running.said("supervision.issued")
    assert (slip["slip"], slip["due_on"]) == ("supervision-1", "2024-10-16")


def test_two_workers_on_one_clock_act_once(running: Stand) -> None:
    workers = [running.house, running.make(), running.make()]
    running.clock.set(at("2024-10-13 00:00:05"))
    for worker in workers:
        running.tide(at("2024-10-13 00:00"), worker)
    start = threading.Barrier(len(workers))

    def look(worker: House) -> None:
        start.wait()
        for _ in range(3):
            falling_due.fall_due(worker)

    threads = [threading.Thread(target=look, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(running.said("supervision.issued")) == 1
    assert [d["reason"] for d in running.said("deadline.set")] == ["started", "supervised"]


def test_an_act_that_fails_does_not_stop_what_is_due_on_the_case_s_other_orders(
    running: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    assisting = replace(_order(), order="m1-2", unit="ecology", role="assisting")
    running.hear(assisting, e.OrderAccepted(order="m1-2", unit="ecology", accepted_at=at("2024-09-27 11:00")))
    done = rule.fall_due

    def broken(supervision: Any, act: Any, *by: Any) -> Any:
        if act.order == "m1-1":
            raise RuntimeError("a bug")
        return done(supervision, act, *by)

    monkeypatch.setattr(rule, "fall_due", broken)
    running.tide(at("2024-10-13 00:00"))
    assert running.come("2024-10-13 00:00:05") == 1
    assert [slip["order"] for slip in running.said("supervision.issued")] == ["m1-2"]


def test_before_the_tide_nothing_is_acted_on(running: Stand) -> None:
    assert running.come("2024-10-13 00:00:05") == 0
    running.tide(at("2024-10-12 23:59:59"))
    assert running.come("2024-10-13 00:00:06") == 0
    assert running.said("supervision.issued") == []


def test_a_tide_that_stays_out_is_not_waited_for_without_end(running: Stand) -> None:
    machine = [100.0]
    held = replace(running.house, patience=Patience(60, lambda: machine[0]))
    running.clock.set(at("2024-10-13 00:00:05"))
    assert falling_due.fall_due(held) == 0
    machine[0] += 59.9
    assert falling_due.fall_due(held) == 0
    machine[0] += 0.1
    assert falling_due.fall_due(held) == 1


def test_patience_begins_anew_for_every_moment() -> None:
    machine = [0.0]
    patience = Patience(60, lambda: machine[0])
    first, second = ("N", at("2024-10-13 00:00")), ("N", at("2024-10-17 00:00"))
    assert not patience.is_over(first)
    machine[0] = 60
    assert patience.is_over(first)
    assert not patience.is_over(second)
    patience.forget_but([])
    assert not patience.is_over(first)


def test_what_still_waits_of_the_case_holds_its_clocks(running: Stand) -> None:
    waiting = running.house.base.waiting
    waiting.keep([Trouble(b"{}", {}, "failed", "boom", "event-1", NUMBER)])
    running.tide(at("2024-10-14 00:00"))
    assert running.come("2024-10-13 00:00:05") == 0
    waiting.done("event-1")
    assert running.come("2024-10-13 00:00:06") == 1


def test_a_case_that_fails_does_not_stop_the_others(running: Stand) -> None:
    documents = running.house.supervisions.collection
    broken = documents.find_one({"_id": NUMBER})
    assert broken is not None
    broken.update(_id="SZ-BROKEN", next_at=at("2024-10-01 00:00"))
    broken["state"]["rulebook"] = "unknown"
    documents.insert_one(broken)
    running.tide(at("2024-10-14 00:00"))
    assert running.come("2024-10-13 00:00:05") == 1
    assert len(running.said("supervision.issued")) == 1


def test_a_reply_heard_late_withdraws_the_slip(running: Stand) -> None:
    running.tide(at("2024-10-13 00:00"))
    running.come("2024-10-13 00:00:05")
    running.hear(_reply("2024-10-12 23:59"))
    (withdrawn,) = running.said("slip.withdrawn")
    assert (withdrawn["slip"], withdrawn["notice"]) == ("supervision-1", "withdrawal-1")
    (clock,) = running.get(f"/supervisions/{NUMBER}").json["clocks"]  # type: ignore[index]
    assert (clock["state"], clock["replies"][0]["on_time"]) == ("replied", True)
    assert running.come("2024-12-01 00:00") == 0


def test_early_messages_wait_and_are_heard_when_their_case_comes(stand: Stand) -> None:
    stand.hear(_reply("2024-09-29 10:00"))
    stand.hear(_order())
    stand.hear(_registered(stand), source="intake")
    until = time.monotonic() + 10
    while stand.house.base.waiting.held([NUMBER]) and time.monotonic() < until:
        stand.house.ear.digest.retry()
        time.sleep(0.05)
    assert [r["order"] for r in stand.get("/reviews").json["reviews"]] == ["m1-1"]  # type: ignore[index]


def test_a_mended_calendar_moves_open_dates_once(running: Stand) -> None:
    mended = calendar_of({2024: {"workdays": [datetime(2024, 9, 28).date()]}})  # noqa: DTZ001 - a date
    after = replace(running.house, calendar=mended, calendar_mark=mark_of(mended))
    assert falling_due.recompute(after) == 1
    assert falling_due.recompute(after) == 0
    first, second = running.said("deadline.set")
    assert (first["due_on"], second["due_on"], second["reason"]) == ("2024-10-12", "2024-10-07", "recomputed")


def test_an_imported_year_makes_a_provisional_date_certain_and_keeps_the_old_one(
    stand: Stand, tmp_path: Path
) -> None:
    stand.hear(_registered(stand), source="intake")
    stand.hear(replace(_order(), dispatched_at=at("2026-12-25 10:00")))
    (provisional,) = stand.get(f"/supervisions/{NUMBER}").json["clocks"][0]["limits"]  # type: ignore[index]
    assert (provisional["due_on"], provisional["provisional"]) == ("2027-01-05", True)

    offices = Path(shutil.copytree(OFFICES, tmp_path / "offices"))
    published = tmp_path / "2027.csv"
    published.write_text("date,kind,name\n2027-01-01,holiday,元旦\n", encoding="utf-8")
    imported = CliRunner().invoke(huiyin, ["calendar", "import", str(published), "--offices", str(offices)])
    assert imported.exit_code == 0, imported.stderr
    assert "重启 supervision" in imported.stdout, "the running process goes on with its old calendar"
    assert falling_due.recompute(stand.house) == 0

    base = stand.house.base
    restarted = house(replace(base, settings=replace(base.settings, offices_dir=offices)))
    assert falling_due.recompute(restarted) == 1
    (certain,) = stand.get(f"/supervisions/{NUMBER}").json["clocks"][0]["limits"]  # type: ignore[index]
    assert (certain["due_on"], certain["provisional"]) == ("2027-01-06", False)
    first, second = stand.said("deadline.set")
    assert (first["due_on"], first["provisional"], first["reason"]) == ("2027-01-05", True, "started")
    assert (second["due_on"], second["provisional"], second["reason"]) == ("2027-01-06", False, "recomputed")


# -- by HTTP -----------------------------------------------------------------------------


@pytest.mark.clause("S4-36", "E-17")
def test_a_unit_asks_for_time_and_the_duty_room_consents(running: Stand) -> None:
    body = {"until": "2024-10-30", "reason": "管网改造需停水配合"}
    unit = {"role": "unit", "unit": "water_affairs"}
    done = running.post("orders/m1-1/extensions", body, key="same-key-1", **unit)
    assert done.status_code == 201
    assert running.post("orders/m1-1/extensions", body, key="same-key-1", **unit).json == done.json
    (listed,) = running.get("/extensions").json["extensions"]  # type: ignore[index]
    assert (listed["id"], listed["reason"], listed["until"]) == ("extension-1", body["reason"], "2024-10-30")
    assert running.post("extensions/extension-1/decision", {"granted": True}).status_code == 200
    assert running.said("deadline.set")[-1]["due_on"] == "2024-10-30"
    assert running.get("/extensions").json == {"extensions": []}


def test_a_refusal_needs_words_and_the_right_role(running: Stand) -> None:
    running.post(
        "orders/m1-1/extensions",
        {"until": "2024-10-30", "reason": "需要时间"},
        role="unit",
        unit="water_affairs",
    )
    path = "extensions/extension-1/decision"
    assert running.post(path, {"granted": False}).status_code == 422
    assert running.post(path, {"granted": False, "reason": "  "}).status_code == 422
    assert running.post(path, {"granted": True}, role="leader").status_code == 403
    assert running.post(path, {"granted": False, "reason": "理由不足"}).status_code == 200
    assert running.post(path, {"granted": True}).status_code == 409


@pytest.mark.clause("S4-44", "S4-45", "E-77")
def test_a_supervisor_returns_a_reply_and_the_unit_reads_why(running: Stand) -> None:
    running.hear(_reply("2024-09-29 10:00"))
    body = {"reply": 1, "results": _results("facts"), "demands": "请补充现场照片", "limit_wd": 2}
    assert running.post("orders/m1-1/reviews", body, unit="water_affairs").status_code == 403
    assert running.post("orders/m1-1/reviews", {**body, "demands": None}).status_code == 422
    done = running.post("orders/m1-1/reviews", body)
    assert done.status_code == 201
    path = f"/supervisions/{NUMBER}/orders/m1-1/demands"
    words = running.get(path, role="unit", unit="water_affairs").json
    assert (words["demands"], words["failed"]) == ("请补充现场照片", ["facts"])  # type: ignore[index]
    assert running.get(path, role="unit", unit="gas_company").status_code == 404
    assert running.post("orders/m1-1/reviews", body).status_code == 409


@pytest.mark.clause("E-110")
def test_a_dissatisfaction_is_listed_and_handled_again(running: Stand) -> None:
    running.hear(_reply("2024-09-29 10:00"))
    running.post("orders/m1-1/reviews", {"reply": 1, "results": _results()})
    running.hear(
        e.EvaluationRecorded(
            round=1,
            matter="m1",
            reached=True,
            solved=False,
            satisfied=False,
            evaluated_at=at("2024-09-30 10:00"),
        ),
        e.EvaluationDissatisfied(round=1, matters=("m1",)),
        source="feedback",
    )
    (listed,) = running.get("/dissatisfactions").json["dissatisfactions"]  # type: ignore[index]
    assert (listed["matters"], listed["evaluations"][0]["solved"]) == (["m1"], False)
    body = {"decision": "rehandle", "explanation": "请当面回访并复查"}
    assert running.post("dissatisfaction", body).status_code == 200
    assert running.said("round.raised")[0]["orders"] == ["m1-1"]
    assert running.post("dissatisfaction", body).status_code == 409


def test_lists_are_paged_by_their_rows_not_by_cases(running: Stand) -> None:
    running.hear(*(replace(_order(), order=f"m1-{n}", unit=f"u{n}") for n in (2, 3)))
    running.hear(*(replace(_reply("2024-09-29 10:00"), order=f"m1-{n}") for n in (1, 2, 3)))
    first = running.get("/reviews?limit=2").json["reviews"]  # type: ignore[index]
    rest = running.get("/reviews?limit=2&skip=2").json["reviews"]  # type: ignore[index]
    assert [r["order"] for r in (*first, *rest)] == ["m1-1", "m1-2", "m1-3"]


def test_words_are_sealed_in_the_store(running: Stand) -> None:
    running.hear(_reply("2024-09-29 10:00"))
    running.post(
        "orders/m1-1/reviews", {"reply": 1, "results": _results("facts"), "demands": "请补充现场照片"}
    )
    assert "请补充现场照片" not in str(running.house.supervisions.collection.find_one({"_id": NUMBER}))


@pytest.mark.clause("E-84")
def test_a_unit_sees_its_own_orders_and_another_office_nothing(running: Stand) -> None:
    path = f"/supervisions/{NUMBER}"
    own = running.get(path, role="unit", unit="water_affairs").json
    assert [c["order"] for c in own["clocks"]] == ["m1-1"]  # type: ignore[index]
    assert running.get(path, role="unit", unit="gas_company").status_code == 404
    assert running.get(path, office="community-centre").status_code == 404
    assert running.get("/reviews", role="unit", unit="water_affairs").status_code == 403
