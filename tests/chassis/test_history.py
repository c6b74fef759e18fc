"""History said again: from the first word, without a version changed, and never lost to a mark."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from huiyin.chassis.audit import Audit
from huiyin.chassis.digest import Delivery
from huiyin.chassis.history import History, Which
from huiyin.chassis.mongo import Doc
from huiyin.chassis.mongo import database as open_database
from huiyin.chassis.observe import Metrics
from huiyin.chassis.pipeline import Pipeline
from huiyin.chassis.settings import BaseSettings
from huiyin.chassis.tokens import Tokens
from huiyin.chassis.topology import inbox_of
from huiyin.chassis.web import create_app, history_desk
from tests.chassis.running import Bus
from tests.chassis.test_relay import Interrupted, events, marks
from tests.chassis.toy import AT, AUDIT_KEY, Toy, add_reply, machine_now, open_tally, relay_of, toy
from tests.unit.chassis.conftest import (  # noqa: F401  fixtures of tokens, shared with the unit tests
    SignedToken,
    clock,
    jwks,
    key,
    settings,
    signed,
    tokens,
)


@pytest.fixture
def history(house: Toy) -> History:
    return History(house.documents.collection, house.documents.key_field, machine_now)


@pytest.fixture
def told(house: Toy, pipeline: Pipeline, bus: Bus) -> Toy:
    """Two cases, all said and taken from the inboxes."""
    for case in ("A", "B"):
        open_tally(house.documents, case)
        add_reply(house.documents, case, 1)
    relay_of(house.documents, pipeline).sweep()
    assert len(events(bus)) == 4
    return house


def sequences(bus: Bus) -> list[tuple[str, int]]:
    return sorted((e["subject"], e["sequence"]) for e in events(bus))


def test_all_is_said_again_in_order_and_with_the_old_ids(
    told: Toy, history: History, pipeline: Pipeline, bus: Bus
) -> None:
    before = kept(told)
    assert history.resend(Which()) == 2
    assert relay_of(told.documents, pipeline).sweep() == 4
    heard = events(bus)
    assert [e["sequence"] for e in heard if e["subject"] == "A"] == [1, 2]
    assert {e["id"] for e in heard} == {
        e["id"] for d in before.values() for s in d["steps"] for e in s["events"]
    }
    assert kept(told) == before


def kept(told: Toy) -> dict[str, Any]:
    """All documents, but for when the relay sent what they say."""
    return {doc["_id"]: doc for doc in told.documents.collection.find({}, {"sent_at": 0})}


def test_a_saver_is_not_disturbed(told: Toy, history: History) -> None:
    draft = told.documents.resume(told.documents.get("A"))
    history.resend(Which())
    told.documents.save(draft)  # raises Stale when the resending looked like a save


def test_a_resend_between_publish_and_mark_is_not_lost(
    told: Toy, history: History, pipeline: Pipeline, bus: Bus
) -> None:
    add_reply(told.documents, "A", 2)
    interrupted = Interrupted(pipeline, lambda: history.resend(Which(case="A")))
    relay_of(told.documents, interrupted).sweep()  # type: ignore[arg-type]
    assert marks(told, "A") == (3, 0, True), "the mark of what was published hid the resending"
    relay_of(told.documents, pipeline).sweep()
    assert sequences(bus) == [("A", 1), ("A", 2), ("A", 3), ("A", 3)]


def test_only_what_is_meant_is_said_again(told: Toy, history: History, pipeline: Pipeline, bus: Bus) -> None:
    assert history.resend(Which(case="B")) == 1
    assert history.resend(Which(office="elsewhere")) == 0
    assert history.resend(Which(since=AT + timedelta(seconds=1))) == 0
    relay_of(told.documents, pipeline).sweep()
    assert sequences(bus) == [("B", 1), ("B", 2)]
    assert history.resend(Which(office="toy", since=AT)) == 2


def test_many_documents_are_done_batch_by_batch(
    told: Toy, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huiyin.chassis.history._AT_ONCE", 1)
    assert history.resend(Which()) == 2
    assert told.documents.collection.count_documents({"sent": 0}) == 2


def test_what_said_nothing_is_left_alone(house: Toy, history: History) -> None:
    house.documents.collection.insert_one({"_id": "silent", "said": 0, "sent": 0, "steps": []})
    assert history.resend(Which()) == 0


def test_a_hearer_does_nothing_twice_and_gets_again_what_it_lost(
    told: Toy, history: History, pipeline: Pipeline, bus: Bus, own: Database[Doc]
) -> None:
    hearer = toy(open_database(own.client, f"{own.name}_hearer"))
    try:
        _say_again_to(hearer, history, told, pipeline, bus)
        assert (hearer.replies("A"), hearer.replies("B")) == ((1,), (1,))
        kept = list(hearer.documents.collection.find().sort("_id"))
        _say_again_to(hearer, history, told, pipeline, bus)
        assert list(hearer.documents.collection.find().sort("_id")) == kept, "a step was taken twice"
        hearer.documents.collection.delete_one({"_id": "A"})
        _say_again_to(hearer, history, told, pipeline, bus)
        assert (hearer.replies("A"), hearer.replies("B")) == ((1,), (1,))
    finally:
        own.client.drop_database(f"{own.name}_hearer")


def _say_again_to(hearer: Toy, history: History, told: Toy, pipeline: Pipeline, bus: Bus) -> None:
    history.resend(Which())
    relay_of(told.documents, pipeline).sweep()
    hearer.digest.digest([Delivery(raw, {}) for raw in _raw(bus)])


def _raw(bus: Bus) -> list[bytes]:
    return [
        json.dumps(event).encode() for event in bus.take(inbox_of("supervision")) if "specversion" in event
    ]


# -- by HTTP ------------------------------------------------------------------------------------


@pytest.fixture
def call(
    own: Database[Doc],
    house: Toy,
    history: History,
    settings: BaseSettings,  # noqa: F811
    tokens: Tokens,  # noqa: F811
    signed: SignedToken,  # noqa: F811
) -> Callable[..., Any]:
    app = create_app(
        "demo",
        [history_desk(house.documents, [history], Audit(own["audit"], AUDIT_KEY), lambda: AT)],
        tokens=tokens,
        metrics=Metrics("demo"),
        checks={},
        settings=settings,
        record=lambda *_: None,
    )

    def send(body: Any, role: str = "admin") -> Any:
        headers = {"Authorization": f"Bearer {signed(role=role)}", "Idempotency-Key": "key-00000001"}
        return app.test_client().post("/history/resend", headers=headers, json=body)

    return send


def test_an_administrator_resends_and_it_is_recorded(
    told: Toy, call: Callable[..., Any], own: Database[Doc]
) -> None:
    assert call({"case": "A"}).get_json() == {"documents": 1}
    (row,) = own["audit"].find()
    assert (row["what"], row["case"], row["detail"]) == ("history.resent", "A", {"case": "A"})
    assert call({}).get_json() == {"documents": 2}
    assert call({"since": "2024-09-30T00:00:00+08:00"}).get_json() == {"documents": 0}


def test_nobody_else_may_and_nothing_unknown_is_taken(told: Toy, call: Callable[..., Any]) -> None:
    assert call({}, role="auditor").status_code == 403
    assert call({"everything": True}).status_code == 422
    assert call({"since": "2024-09-30"}).status_code == 422
    assert marks(told, "A") == (2, 2, False)
