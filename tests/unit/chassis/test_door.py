"""The door of every service: whose address counts, what every answer carries, what none repeats."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from huiyin.chassis.observe import Metrics
from huiyin.chassis.settings import BaseSettings
from huiyin.chassis.tokens import Tokens
from huiyin.chassis.web.rates import client_address
from tests.chassis.demo_service import build
from tests.unit.chassis.conftest import SignedToken


def _app(settings: BaseSettings, tokens: Tokens, hops: int) -> Flask:
    app = build(replace(settings, trusted_hops=hops), tokens, Metrics("demo"), lambda *_: None)
    app.before_request(lambda: (client_address(), {"X-Scheme": request.scheme}))
    return app


@pytest.mark.parametrize(
    ("hops", "forwarded", "seen"),
    [
        (0, "198.51.100.7", "10.0.0.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "6.6.6.6, 198.51.100.7", "198.51.100.7"),  # the caller wrote the first himself
        (2, "6.6.6.6, 198.51.100.7, 10.0.0.9", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.1"),  # one of the two did not pass it on
        (1, "", "10.0.0.1"),
        (1, "no address", "no address"),
    ],
)
def test_an_address_is_taken_from_as_many_proxies_as_are_trusted_and_no_more(
    settings: BaseSettings, tokens: Tokens, hops: int, forwarded: str, seen: str
) -> None:
    client = _app(settings, tokens, hops).test_client()
    answer = client.get(
        "/progress",
        headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": ", ".join(["https"] * 3)},
        environ_base={"REMOTE_ADDR": "10.0.0.1"},
    )
    assert answer.get_data(as_text=True) == seen
    assert answer.headers["X-Scheme"] == ("https" if hops else "http")
    assert ("Strict-Transport-Security" in answer.headers) is bool(hops)


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("198.51.100.7", "198.51.100.7"),
    ],
)
def test_a_network_of_ipv6_is_one_caller(
    settings: BaseSettings, tokens: Tokens, given: str, seen: str
) -> None:
    client = _app(settings, tokens, 0).test_client()
    answer = client.get("/progress", environ_base={"REMOTE_ADDR": given})
    assert answer.get_data(as_text=True) == seen


@pytest.fixture
def client(settings: BaseSettings, tokens: Tokens) -> FlaskClient:
    return build(settings, tokens, Metrics("demo"), lambda *_: None).test_client()


EXPECTED: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def test_every_answer_carries_the_headers_that_keep_browsers_in_line(
    client: FlaskClient, signed: SignedToken
) -> None:
    staff = {"Authorization": f"Bearer {signed()}"}
    answers = [
        client.get("/cases/1", headers=staff),
        client.get("/cases/1"),
        client.get("/cases/1/fail/bug", headers=staff),
        client.get("/nowhere"),
        client.get("/docs"),
        client.get("/healthz"),
        client.open("/cases", method="BREW"),
        client.options("/cases", headers={"Origin": "https://elsewhere.example"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 401, 500, 404, 200, 200, 405, 405]
    for answer in answers:
        assert EXPECTED.items() <= dict(answer.headers).items()
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
        assert "Strict-Transport-Security" not in answer.headers


def test_a_problem_repeats_nothing_of_the_address_or_the_failure(
    client: FlaskClient, signed: SignedToken
) -> None:
    headers = {"Authorization": f"Bearer {signed()}"}
    for path in ("/nowhere/13812345678?q=13812345678", "/cases/13812345678/fail/bug"):
        answer = client.get(path, headers=headers)
        problem = answer.get_json(force=True)
        assert "13812345678" not in answer.get_data(as_text=True)
        assert problem["instance"] == f"urn:huiyin:request:{answer.headers['X-Correlation-Id']}"


def test_json_that_is_too_deep_is_malformed(client: FlaskClient, signed: SignedToken) -> None:
    headers = {"Authorization": f"Bearer {signed()}", "Content-Type": "application/json"}
    for deep in ("[" * 4_000, "[" * 1_200 + "]" * 1_200, '{"a":' * 1_500 + "1" + "}" * 1_500):
        answer = client.post("/cases", data=deep, headers=headers)
        assert (answer.status_code, answer.get_json(force=True)["code"]) == (400, "malformed")
