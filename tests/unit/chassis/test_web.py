"""The web base, driven through a service in small."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pymongo.errors import AutoReconnect
from werkzeug.test import TestResponse

from huiyin.chassis.observe import Metrics
from huiyin.chassis.settings import BaseSettings
from huiyin.chassis.steps import Actor
from huiyin.chassis.tokens import Tokens
from huiyin.chassis.web import Blueprint, access_list, create_app, public, staff
from tests.chassis.demo_service import FAILURES, build
from tests.unit.chassis.conftest import SignedToken

PROBLEM = {"type", "title", "status", "detail", "instance", "code", "correlation", "errors"}
KEY = {"Idempotency-Key": "key-00000001"}
CALLER = "4bf92f3577b34da6a3ce929d0e0e4736"


@dataclass
class Refusals:
    """The rows that the web records; may be away."""

    rows: list[tuple[str, str, str, Mapping[str, Any]]] = field(default_factory=list)
    away: bool = False

    def record(self, what: str, who: Actor, case: str, detail: Mapping[str, Any]) -> None:
        if self.away:
            raise AutoReconnect("away")
        self.rows.append((what, who.subject, case, detail))


@pytest.fixture
def metrics() -> Metrics:
    return Metrics("demo")


@pytest.fixture
def refusals() -> Refusals:
    return Refusals()


@pytest.fixture
def app(settings: BaseSettings, tokens: Tokens, metrics: Metrics, refusals: Refusals) -> Flask:
    return build(settings, tokens, metrics, refusals.record)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


Call = Callable[..., TestResponse]


@pytest.fixture
def call(client: FlaskClient, signed: SignedToken) -> Call:
    def send(method: str, path: str, role: str = "operator", **given: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {signed(role=role)}", **given.pop("headers", {})}
        return client.open(path, method=method, headers=headers, **given)

    return send


def _post(call: Call, body: Any, **headers: str) -> TestResponse:
    return call("POST", "/cases", json=body, headers=KEY | headers)


def _problem(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.mimetype == "application/problem+json"
    body = response.get_json(force=True)
    assert set(body) == PROBLEM
    assert (body["status"], body["code"]) == (status, code)
    assert body["correlation"] == response.headers["X-Correlation-Id"]
    assert isinstance(body, dict)
    return body


def test_a_good_request_is_answered_with_its_cause(call: Call) -> None:
    response = _post(call, {"text": "路灯坏了"}, **{"X-Correlation-Id": CALLER})
    assert response.status_code == 201
    body = response.get_json()
    assert (body["who"], body["correlation"]) == ("s-1", CALLER)
    assert response.headers["X-Correlation-Id"] == CALLER
    assert body["got"] == {"text": "路灯坏了", "urgent": False}
    assert "路灯坏了" in response.get_data(as_text=True)


def test_the_same_body_written_otherwise_is_the_same_request(call: Call) -> None:
    one = _post(call, {"text": "x", "count": 1}).get_json()
    headers = KEY | {"Content-Type": "application/json"}
    two = call("POST", "/cases", data='{ "count":1,\n"text":"\\u0078"}', headers=headers).get_json()
    other = _post(call, {"text": "y", "count": 1}).get_json()
    assert (one["id"], one["body"]) == (two["id"], two["body"])
    assert one["id"] == other["id"]
    assert one["body"] != other["body"]


def test_a_bodys_hash_differs_by_key_so_that_a_phone_cannot_be_guessed_from_it(call: Call) -> None:
    one = _post(call, {"text": "13812345678"}).get_json()
    two = _post(call, {"text": "13812345678"}, **{"Idempotency-Key": "key-00000002"}).get_json()
    assert one["body"] != two["body"]


@pytest.mark.parametrize("header", [None, "short", "x" * 129, "with space", "键键键键键键键键"])
def test_a_post_without_a_good_key_is_told_how(call: Call, header: str | None) -> None:
    headers = {} if header is None else {"Idempotency-Key": header}
    problem = _problem(call("POST", "/cases", json={"text": "x"}, headers=headers), 400, "malformed")
    assert "8 to 128 printable ASCII" in problem["detail"]


@pytest.mark.parametrize(
    "given",
    ["short", "with space 1", "0931-6380343", "wx_7272zmhcnx", "990101198809169263", "x" * 65, "a;drop"],
)
def test_a_strange_correlation_is_replaced(call: Call, given: str) -> None:
    response = _post(call, {"text": "x"}, **{"X-Correlation-Id": given})
    assert response.headers["X-Correlation-Id"] != given
    assert len(response.headers["X-Correlation-Id"]) == 32


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"text"}),
        ({"text": 5}, {"text"}),
        ({"text": None}, {"text"}),
        ({"text": "x" * 2001}, {"text"}),
        ({"text": "x", "urgent": "true"}, {"urgent"}),
        ({"text": "x", "urgent": 1}, {"urgent"}),
        ({"text": "x", "count": "5"}, {"count"}),
        ({"text": "x", "count": 5.0}, {"count"}),
        ({"text": "x", "count": True}, {"count"}),
        ({"text": "x", "count": 2**63}, {"count"}),
        ({"text": "x", "weight": "1.5"}, {"weight"}),
        ({"text": "x", "tags": [1, "2"]}, {"tags.1"}),
        ({"text": "x", "tags": list(range(201))}, {"tags"}),
        ({"text": "x", "surprise": 1}, {"surprise"}),
        (
            {"text": "x", "parties": [{"kind": "person", "name": "a"}, {"kind": "cat", "name": ""}]},
            {"parties.1.kind", "parties.1.name"},
        ),
        ({"text": "x", "parties": [{"kind": "unit", "name": "a", "x": 1}]}, {"parties.0.x"}),
        ([], {"_schema"}),
        ("x", {"_schema"}),
    ],
)
def test_each_wrong_field_is_named(call: Call, body: Any, fields: set[str]) -> None:
    problem = _problem(_post(call, body), 422, "invalid")
    assert set(problem["errors"]) == fields
    assert all(isinstance(words, list) for words in problem["errors"].values())


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"{'text': 1}",
        b'{"text": "\xff"}',
        '{"text": "路灯"}'.encode("gb18030"),
        b'{"text": "\\ud800"}',
        b'{"text": NaN}',
        b'{"weight": 1e400}',
        b'{"text": "a", "text": "b"}',
        b"[" * 5000,
        b'{"count": ' + b"9" * 5000 + b"}",
        b'\xef\xbb\xbf{"text": "x"}',
    ],
)
def test_what_is_no_json_in_utf8_is_malformed(call: Call, raw: bytes) -> None:
    headers = KEY | {"Content-Type": "application/json"}
    _problem(call("POST", "/cases", data=raw, headers=headers), 400, "malformed")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=gbk"},
        {},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_another_content_type_is_refused(call: Call, headers: dict[str, str]) -> None:
    response = call("POST", "/cases", data=b'{"text": "x"}', headers=KEY | headers)
    _problem(response, 415, "unsupported-media-type")


def test_a_body_over_the_limit_is_refused(call: Call) -> None:
    _problem(_post(call, {"text": "x" * 10_000}), 413, "too-large")


def test_a_view_that_accepts_files_has_types_and_a_limit_of_its_own(call: Call) -> None:
    png = {"Content-Type": "image/png"}
    assert call("POST", "/files", data=b"x" * 40_000, headers=png).get_json() == {"bytes": 40_000}
    _problem(call("POST", "/files", data=b"x" * 60_000, headers=png), 413, "too-large")
    _problem(call("POST", "/files", json={}), 415, "unsupported-media-type")


def test_unknown_addresses_and_methods_are_problems(call: Call) -> None:
    _problem(call("GET", "/nowhere"), 404, "not-found")
    response = call("DELETE", "/cases")
    _problem(response, 405, "method-not-allowed")
    assert response.headers["Allow"] == "POST"
    _problem(call("OPTIONS", "/cases"), 405, "method-not-allowed")
    _problem(call("BREW", "/cases"), 405, "method-not-allowed")


def test_unknown_query_fields_are_refused_and_known_ones_converted(client: FlaskClient) -> None:
    assert client.get("/progress?page=3").get_json() == {"page": 3}
    assert set(_problem(client.get("/progress?pgae=3"), 422, "invalid")["errors"]) == {"pgae"}
    assert set(_problem(client.get("/progress?page=x"), 422, "invalid")["errors"]) == {"page"}


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("conflict", 409, "conflict"),
        ("reused", 422, "idempotency-key-reused"),
        ("fields", 422, "invalid"),
        ("none", 404, "not-found"),
        ("forbidden", 403, "forbidden"),
        ("bug", 500, "internal"),
        ("away", 503, "unavailable"),
        ("slow", 503, "unavailable"),
        ("sealing-away", 503, "unavailable"),
        ("sealing-bug", 500, "internal"),
        ("refused-write", 500, "internal"),
    ],
)
def test_every_failure_is_a_problem_of_its_kind(
    call: Call, caplog: pytest.LogCaptureFixture, how: str, status: int, code: str
) -> None:
    with caplog.at_level(logging.CRITICAL + 1):
        response = call("GET", f"/cases/7/fail/{how}")
    problem = _problem(response, status, code)
    assert ("Retry-After" in response.headers) is (status == 503)
    if status >= 500:
        assert str(FAILURES[how]) not in json.dumps(problem, ensure_ascii=False)
    if how == "fields":
        assert problem["errors"] == {"phone": ["no digits"]}


def test_without_a_good_token_nobody_enters(client: FlaskClient, signed: SignedToken) -> None:
    for header in ("", "Bearer", "Bearer x", "Basic abc", f"Token {signed()}"):
        response = client.get("/cases/7", headers={"Authorization": header} if header else {})
        _problem(response, 401, "unauthenticated")
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_who_is_refused_learns_nothing_of_the_body(client: FlaskClient) -> None:
    response = client.post("/cases", data=b"{", headers={"Content-Type": "application/json"})
    _problem(response, 401, "unauthenticated")


def test_a_refusal_is_recorded_before_it_is_told(call: Call, refusals: Refusals) -> None:
    route = "/cases/<number>"
    _problem(call("GET", "/cases/ML-C-20241122-000017-35", role="auditor"), 403, "forbidden")
    _problem(call("GET", "/cases/8/fail/none"), 404, "not-found")
    assert refusals.rows == [
        ("refused", "s-1", "ML-C-20241122-000017-35", {"method": "GET", "route": route, "status": 403}),
        ("refused", "s-1", "", {"method": "GET", "route": f"{route}/fail/<how>", "status": 404}),
    ]


def test_a_refusal_that_cannot_be_recorded_is_told_as_unavailable(call: Call, refusals: Refusals) -> None:
    refusals.away = True
    _problem(call("GET", "/cases/7", role="auditor"), 503, "unavailable")


def test_of_refusals_only_those_of_right_are_recorded(
    call: Call, client: FlaskClient, refusals: Refusals
) -> None:
    client.get("/cases/7")
    call("GET", "/cases/7/fail/conflict")
    call("GET", "/nowhere")
    assert refusals.rows == []


def test_a_reading_is_recorded_before_it_is_answered_and_without_a_row_there_is_no_answer(
    call: Call, refusals: Refusals
) -> None:
    assert call("GET", "/cases/ML-C-20241122-000017-35/replies/2").get_json() == {"text": "secret"}
    assert refusals.rows == [("reply.read", "s-1", "ML-C-20241122-000017-35", {"n": 2})]
    refusals.away = True
    answer = call("GET", "/cases/7/replies/2")
    _problem(answer, 503, "unavailable")
    assert "secret" not in answer.text


def test_a_list_is_an_export_from_its_second_page_on(call: Call, refusals: Refusals) -> None:
    assert call("GET", "/lists?skip=0&stage=handling").status_code == 200
    assert refusals.rows == []
    call("GET", "/lists?skip=50&stage=handling")
    (row,) = refusals.rows
    assert row == ("list.exported", "s-1", "", {"route": "/lists", "skip": "50", "by": ["stage"]})
    refusals.away = True
    _problem(call("GET", "/lists?skip=50"), 503, "unavailable")


def test_a_list_that_anybody_may_read_is_no_export(client: FlaskClient, refusals: Refusals) -> None:
    assert client.get("/news?skip=5").status_code == 200
    assert refusals.rows == []


def test_head_needs_the_role_of_get(client: FlaskClient, call: Call) -> None:
    assert client.head("/cases/7").status_code == 401
    assert call("HEAD", "/cases/7").status_code == 200


def test_each_method_of_a_class_has_its_own_access(client: FlaskClient, call: Call) -> None:
    assert client.get("/both").status_code == 200
    assert client.head("/both").status_code == 200
    assert client.post("/both").status_code == 401
    assert call("POST", "/both").status_code == 403
    assert call("POST", "/both", role="admin").status_code == 200


def test_a_public_view_brings_its_own_actor_and_key(client: FlaskClient) -> None:
    one, two = (client.post(f"/hooks/{s}", json={"a": 1}).get_json()["id"] for s in ("sms", "mail"))
    assert one != two


def test_a_view_without_a_mark_stops_the_start(
    settings: BaseSettings, tokens: Tokens, metrics: Metrics, refusals: Refusals
) -> None:
    bare = Blueprint("bare", __name__)

    @bare.get("/bare")
    def forgotten() -> str:
        return ""

    with pytest.raises(TypeError, match=r"GET /bare \(bare\.forgotten\)"):
        create_app(
            "demo",
            [bare],
            tokens=tokens,
            metrics=metrics,
            checks={},
            settings=settings,
            record=refusals.record,
        )


def test_a_view_may_not_be_marked_twice_or_with_no_role() -> None:
    with pytest.raises(TypeError, match="twice"):
        public(staff("operator")(lambda: ""))
    with pytest.raises(TypeError):
        staff()


def test_the_architecture_test_can_list_who_may_call_what(app: Flask) -> None:
    listed = {(v.method, v.path): v.roles for v in access_list(app)}
    assert listed["POST", "/cases"] == ("operator", "leader")
    assert listed["GET", "/progress"] == ()
    assert listed["POST", "/both"] == ("admin",)
    assert {path for (_, path), roles in listed.items() if roles == ()} == {
        *("/progress", "/news", "/hooks/{sender}", "/both", "/slowly", "/plenty", "/at-work"),
        *("/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"),
    }


def test_answers_are_not_kept_or_guessed_at(call: Call, client: FlaskClient) -> None:
    for response in (_post(call, {"text": "x"}), client.get("/nowhere"), client.get("/progress")):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_description_tells_roles_keys_and_problems(client: FlaskClient) -> None:
    spec = client.get("/openapi.json").get_json()
    post = spec["paths"]["/cases"]["post"]
    assert post["x-roles"] == ["operator", "leader"]
    assert post["security"] == [{"staff": []}]
    assert "Idempotency-Key" in [p["name"] for p in post["parameters"]]
    assert spec["paths"]["/progress"]["get"]["security"] == []
    new_case = spec["components"]["schemas"]["NewCase"]
    assert new_case["additionalProperties"] is False
    assert new_case["properties"]["text"]["maxLength"] == 2000
    assert "application/problem+json" in spec["components"]["responses"]["DEFAULT_ERROR"]["content"]


def test_the_page_of_documents_needs_no_other_server(client: FlaskClient) -> None:
    response = client.get("/docs")
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "接口说明" in page
    assert "/cases/{number}" in page
    assert "operator、leader" in page
    assert "http://" not in page
    assert "https://" not in page


def test_probes_and_metrics_are_served(client: FlaskClient, call: Call) -> None:
    _post(call, {"text": "x"})
    client.get("/nowhere/13812345678")
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").get_json() == {"status": "ready", "checks": {"store": None}}
    page = client.get("/metrics").get_data(as_text=True)
    assert 'huiyin_http_requests_total{method="POST",route="/cases",status="201"} 1.0' in page
    assert 'huiyin_refusals_total{code="not-found"} 1.0' in page
    assert "13812345678" not in page


def test_the_access_log_tells_the_route_but_no_query(call: Call, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "huiyin.access"):
        call("GET", "/cases/7?phone=13812345678")
    (record,) = [r for r in caplog.records if r.name == "huiyin.access"]
    assert vars(record)["route"] == "/cases/<number>"
    assert vars(record)["status"] == 200
    assert vars(record)["duration_ms"] >= 0
    assert "13812345678" not in str(vars(record))
