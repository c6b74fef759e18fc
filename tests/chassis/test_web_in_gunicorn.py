"""What only a real server shows: raw bytes, chunked bodies, threads."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from huiyin.chassis.tokens import issue
from tests.chassis.running import free_port
from tests.unit.chassis.conftest import make_key, write_jwks

LIMIT = 100_000


class Served:
    """A demo service in gunicorn, spoken to in raw bytes."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.token = token

    def send(self, *lines: str, body: bytes = b"") -> tuple[int, dict[str, str], Any]:
        head = "\r\n".join([*lines, "Host: demo", "Connection: close"]) + "\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as raw:
            raw.sendall(head.encode() + body)
            return _parsed(b"".join(iter(lambda: raw.recv(65536), b"")))

    def post(self, body: bytes, *headers: str) -> tuple[int, dict[str, str], Any]:
        own = ("Idempotency-Key: key-00000001", "Content-Type: application/json", *headers)
        return self.send("POST /cases HTTP/1.1", f"Authorization: Bearer {self.token}", *own, body=body)

    def post_measured(self, body: bytes) -> tuple[int, dict[str, str], Any]:
        return self.post(body, f"Content-Length: {len(body)}")

    def post_file(self, body: bytes, *headers: str) -> tuple[int, dict[str, str], Any]:
        own = (f"Authorization: Bearer {self.token}", "Content-Type: image/png", *headers)
        return self.send("POST /files HTTP/1.1", *own, body=body)

    def post_chunked(self, body: bytes, size: int = 10_000) -> tuple[int, dict[str, str], Any]:
        pieces = [body[i : i + size] for i in range(0, len(body), size)]
        framed = b"".join(f"{len(p):x}\r\n".encode() + p + b"\r\n" for p in pieces) + b"0\r\n\r\n"
        return self.post(framed, "Transfer-Encoding: chunked")


def _parsed(answer: bytes) -> tuple[int, dict[str, str], Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *headers = head.decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in headers)
    return int(status.split()[1]), {k.lower(): v for k, v in pairs}, json.loads(body)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("gunicorn")
    key = make_key(folder, "first")
    write_jwks(folder / "jwks.json", key)
    token = issue(
        key.path,
        subject="s-1",
        role="operator",
        office="12345",
        ttl=timedelta(hours=1),
        issuer="huiyin",
        audience="huiyin",
    )
    process, port = start_demo(folder)
    try:
        yield _ready(Served(port, token))
    finally:
        process.terminate()
        process.wait(20)


def start_demo(folder: Path, **env: str) -> tuple[subprocess.Popen[bytes], int]:
    """The demo service as production serves it, and its port."""
    port = free_port()
    own = {
        "HUIYIN_HTTP_PORT": str(port),
        "HUIYIN_OFFICES_DIR": str(folder),
        "HUIYIN_KEYS_DIR": str(folder),
        "HUIYIN_TOKEN_JWKS": str(folder / "jwks.json"),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.chassis.demo_service"], env={**os.environ, **own, **env}
    ), port


def _ready(served: Served) -> Served:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if served.send("GET /healthz HTTP/1.1")[0] == 200:
                return served
        except OSError:
            time.sleep(0.1)
    raise AssertionError("gunicorn does not answer")


def _case(length: int) -> bytes:
    return json.dumps({"text": "x", "surprise": "x" * length}).encode()


def test_a_good_body_is_taken_measured_or_chunked(served: Served) -> None:
    body = '{"text": "路灯坏了"}'.encode()
    for send in (served.post_measured, served.post_chunked):
        status, _, answer = send(body)
        assert status == 201
        assert answer["got"]["text"] == "路灯坏了"


def test_broken_json_and_other_encodings_are_malformed(served: Served) -> None:
    for raw in (b"{", '{"text": "路灯"}'.encode("gb18030"), b'{"text": "\xff"}', b"\x00"):
        for send in (served.post_measured, served.post_chunked):
            status, headers, problem = send(raw)
            assert (status, problem["code"]) == (400, "malformed")
            assert headers["content-type"] == "application/problem+json"


def test_a_body_just_within_the_limit_is_read(served: Served) -> None:
    body = _case(LIMIT - 100)
    assert len(body) < LIMIT
    for send in (served.post_measured, served.post_chunked):
        assert send(body)[0] == 422


@pytest.mark.parametrize("length", [LIMIT + 1, 3_000_000])
def test_an_overlong_body_is_told_so_measured_or_chunked(served: Served, length: int) -> None:
    for send in (served.post_measured, served.post_chunked):
        status, headers, problem = send(_case(length))
        assert (status, problem["code"]) == (413, "too-large")
        assert problem["correlation"] == headers["x-correlation-id"]


def test_a_body_is_never_cut_off_at_the_limit_and_taken_for_whole(served: Served) -> None:
    cut = b'{"text": "x"}' + b" " * (LIMIT - 13)
    assert served.post_chunked(cut)[0] == 201
    assert served.post_chunked(cut + b" ")[0] == 413
    assert served.post_measured(cut)[0] == 201
    assert served.post_measured(cut + b" ")[0] == 413


def test_a_file_must_tell_its_length(served: Served) -> None:
    assert served.post_file(b"png", "Content-Length: 3")[2] == {"bytes": 3}
    status, _, problem = served.post_file(b"3\r\npng\r\n0\r\n\r\n", "Transfer-Encoding: chunked")
    assert (status, problem["code"]) == (411, "length-required")


def test_a_body_that_only_claims_to_be_overlong_is_refused(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as raw:
        head = f"POST /hooks/a HTTP/1.1\r\nHost: demo\r\nContent-Length: {10**12}\r\n"
        raw.sendall(f"{head}Content-Type: application/json\r\n\r\nxx".encode())
        raw.shutdown(socket.SHUT_WR)
        status, _, problem = _parsed(b"".join(iter(lambda: raw.recv(65536), b"")))
    assert (status, problem["code"]) == (413, "too-large")


def test_odd_addresses_are_answered_not_failed(served: Served) -> None:
    for address in ("/%ff%fe", "/cases/%00", "/progress?page=%ff", "/%ed%a0%80", "//", "/progress?%ff=1"):
        status, _, problem = served.send(f"GET {address} HTTP/1.1")
        assert 400 <= status < 500, address
        assert problem["code"]


def test_eight_threads_keep_their_correlations_apart(served: Served) -> None:
    def turn(n: int) -> bool:
        body = b'{"text": "x"}'
        given = f"X-Correlation-Id: {n:032x}"
        _, headers, answer = served.post(body, given, f"Content-Length: {len(body)}")
        return bool(headers["x-correlation-id"] == answer["correlation"] == f"{n:032x}")

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(turn, range(80)))
