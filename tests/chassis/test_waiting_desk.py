"""What waits and is parked, as an administrator sees it over HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database
from werkzeug.test import TestResponse

from huiyin.chassis.audit import Audit
from huiyin.chassis.mongo import Doc
from huiyin.chassis.observe import Metrics
from huiyin.chassis.settings import BaseSettings
from huiyin.chassis.tokens import Tokens
from huiyin.chassis.waiting import Reason, Trouble, Waiting
from huiyin.chassis.web import create_app, waiting_desk
from tests.chassis.toy import AUDIT_KEY
from tests.unit.chassis.conftest import (  # noqa: F401  fixtures of tokens, shared with the unit tests
    SignedToken,
    clock,
    jwks,
    key,
    settings,
    signed,
    tokens,
)

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
Call = Callable[..., TestResponse]
#: The cases from which whoever has the role is walled off.
WALLED = {"admin": [], "auditor": ["case-1"]}


@pytest.fixture
def waiting(own: Database[Doc]) -> Waiting:
    kept = Waiting(own["waiting"], lambda: AT)
    kept.prepare()
    return kept


@pytest.fixture
def call(
    own: Database[Doc],
    waiting: Waiting,
    settings: BaseSettings,  # noqa: F811
    tokens: Tokens,  # noqa: F811
    signed: SignedToken,  # noqa: F811
) -> Call:
    app = create_app(
        "demo",
        [waiting_desk(waiting, Audit(own["audit"], AUDIT_KEY), lambda: AT, lambda who: WALLED[who.role])],
        tokens=tokens,
        metrics=Metrics("demo"),
        checks={},
        settings=settings,
        record=lambda *_: None,
    )

    def send(method: str, path: str, body: Any = None, role: str = "admin") -> TestResponse:
        headers = {"Authorization": f"Bearer {signed(role=role)}", "Idempotency-Key": "key-00000001"}
        return app.test_client().open(path, method=method, headers=headers, json=body)

    return send


def keep(waiting: Waiting, message: str, reason: Reason) -> None:
    waiting.keep([Trouble(b'{"id": 1}', {"x": "y"}, reason, "wrong", message, "case-1")])


def audited(own: Database[Doc]) -> list[str]:
    return [row["what"] for row in own["audit"].find()]


def test_what_is_parked_is_listed_with_the_counts(call: Call, waiting: Waiting) -> None:
    keep(waiting, "late", "early")
    keep(waiting, "odd", "malformed")
    answer = call("GET", "/waiting?state=parked").get_json()
    assert answer["counts"] == {"waiting": 1, "parked": 1}
    (row,) = answer["messages"]
    assert (row["id"], row["reason"], row["error"], row["case"]) == ("odd", "malformed", "wrong", "case-1")


def test_reading_a_message_is_recorded_first(call: Call, waiting: Waiting, own: Database[Doc]) -> None:
    keep(waiting, "odd", "malformed")
    assert call("GET", "/waiting/odd").get_json()["raw"] == '{"id": 1}'
    assert audited(own) == ["message.read"]


def test_a_parked_message_is_sent_again_with_its_tries_forgotten(
    call: Call, waiting: Waiting, own: Database[Doc]
) -> None:
    keep(waiting, "odd", "malformed")
    assert call("POST", "/waiting/odd/resend").status_code == 200
    row = waiting.due()
    assert row is not None
    assert (row["_id"], row["attempts"]) == ("odd", 0)
    assert audited(own) == ["message.resent"]


def test_a_dropped_message_is_kept_with_the_reason(call: Call, waiting: Waiting, own: Database[Doc]) -> None:
    keep(waiting, "odd", "malformed")
    assert call("POST", "/waiting/odd/drop", {"why": "sent by a test"}).status_code == 200
    (row,) = call("GET", "/waiting?state=dropped").get_json()["messages"]
    assert (row["id"], row["dropped"]) == ("odd", "sent by a test")
    assert audited(own) == ["message.dropped"]


def test_nothing_is_dropped_without_a_reason(call: Call, waiting: Waiting) -> None:
    keep(waiting, "odd", "malformed")
    assert call("POST", "/waiting/odd/drop", {}).status_code == 422
    assert waiting.counts()["parked"] == 1


def test_a_waiting_message_is_tried_now(call: Call, waiting: Waiting, own: Database[Doc]) -> None:
    keep(waiting, "late", "early")
    assert waiting.due() is None
    assert call("POST", "/waiting/late/retry").status_code == 200
    row = waiting.due()
    assert row is not None
    assert (row["_id"], row["attempts"]) == ("late", 1)
    assert audited(own) == ["message.retried"]


def test_a_waiting_message_is_parked_with_the_reason_and_sent_again_later(
    call: Call, waiting: Waiting, own: Database[Doc]
) -> None:
    keep(waiting, "late", "early")
    assert call("POST", "/waiting/late/park", {}).status_code == 422
    assert call("POST", "/waiting/late/park", {"why": "asked the unit"}).status_code == 200
    (row,) = call("GET", "/waiting?state=parked").get_json()["messages"]
    assert (row["id"], row["parked"]) == ("late", "asked the unit")
    assert call("POST", "/waiting/late/resend").status_code == 200
    assert audited(own) == ["message.parked", "message.resent"]


def test_a_try_in_hand_does_not_take_a_parked_message_back(call: Call, waiting: Waiting) -> None:
    keep(waiting, "late", "dead")
    in_hand = waiting.due()
    assert in_hand is not None
    call("POST", "/waiting/late/park", {"why": "asked the unit"})
    waiting.again(in_hand, "failed", "wrong once more")
    assert waiting.counts() == {"waiting": 0, "parked": 1}


@pytest.mark.parametrize(
    ("reason", "act"),
    [("early", "resend"), ("early", "drop"), ("malformed", "retry"), ("malformed", "park")],
)
def test_an_act_that_does_not_fit_the_state_is_refused_and_not_recorded(
    call: Call, waiting: Waiting, own: Database[Doc], reason: Reason, act: str
) -> None:
    keep(waiting, "odd", reason)
    body = {"why": "so it is"} if act in {"drop", "park"} else None
    assert call("POST", f"/waiting/odd/{act}", body).status_code == 409
    assert audited(own) == []


def test_an_auditor_looks_and_does_nothing(call: Call, waiting: Waiting) -> None:
    keep(waiting, "odd", "malformed")
    assert call("GET", "/waiting", role="auditor").status_code == 200
    assert call("POST", "/waiting/odd/resend", role="auditor").status_code == 403
    assert call("POST", "/waiting/odd/retry", role="auditor").status_code == 403
    assert call("GET", "/waiting", role="operator").status_code == 403


def test_an_unknown_message_is_not_found(call: Call) -> None:
    assert call("GET", "/waiting/none").status_code == 404
    assert call("POST", "/waiting/none/resend").status_code == 404


@pytest.mark.clause("S2-58", "S2-89")
def test_what_waits_of_a_case_behind_a_wall_is_not_there(call: Call, waiting: Waiting) -> None:
    keep(waiting, "odd", "malformed")
    told = call("GET", "/waiting?state=parked", role="auditor").get_json()
    assert told == {"counts": {"waiting": 0, "parked": 0}, "messages": []}
    hidden, missing = (call("GET", f"/waiting/{m}", role="auditor") for m in ("odd", "none"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.get_json()["detail"].replace("odd", "none") == missing.get_json()["detail"]
    assert call("GET", "/waiting/odd").status_code == 200
