"""The server by itself, without an ingress before it, in the hands of clients that mean it ill."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from huiyin.chassis.tokens import issue
from tests.chassis.test_web_in_gunicorn import Served, _ready, start_demo
from tests.unit.chassis.conftest import make_key, write_jwks

#: Far less than the slow would make one wait, and enough on a busy machine.
AT_ONCE = 5.0
HEAD, SILENT, BODY, CLINGING = 120, 30, 30, 40
ANSWERED = b"GET /healthz HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"
_JSON = b"Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
DRIPPING = b"POST /hooks/a HTTP/1.1\r\nHost: d\r\n" + _JSON
BODY_OF_A_CASE = json.dumps({"text": "路灯坏了"}).encode()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("slow")
    key = make_key(folder, "first")
    write_jwks(folder / "jwks.json", key)
    sides = {"issuer": "huiyin", "audience": "huiyin"}
    who = {"subject": "s-1", "role": "operator", "office": "12345"}
    token = issue(key.path, ttl=timedelta(hours=1), **who, **sides)  # type: ignore[arg-type]
    process, port = start_demo(folder, DEMO_HASTE="1")
    try:
        yield _ready(Served(port, token))
    finally:
        process.terminate()
        process.wait(20)


def _open(served: Served, said: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", served.port), timeout=10)
    client.sendall(said)
    return client


def _registered_in(served: Served) -> float:
    began = time.monotonic()
    assert served.post_measured(BODY_OF_A_CASE)[0] == 201
    return time.monotonic() - began


def _ends(client: socket.socket) -> bool:
    """Whether the server hung up; what it said before is read."""
    try:
        while client.recv(65536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def test_slow_and_clinging_clients_stop_nobody_and_are_cut_off(served: Served) -> None:
    with ExitStack() as held:
        slow = [held.enter_context(_open(served, b"GET /progress HTTP/1.1\r\nX-A: ")) for _ in range(HEAD)]
        for _ in range(SILENT):
            held.enter_context(_open(served, b""))
        dripping = [held.enter_context(_open(served, DRIPPING)) for _ in range(BODY)]
        for _ in range(CLINGING):  # are answered, and do not hang up
            held.enter_context(_open(served, ANSWERED))
        for _ in range(6):
            assert _registered_in(served) < AT_ONCE
            for client in (*slow, *dripping):
                try:
                    client.sendall(b"x")  # a byte now and then keeps no connection alive
                except ConnectionError:
                    continue
            time.sleep(0.5)
        for client in (*slow, *dripping):
            client.settimeout(8)
            assert _ends(client)
    assert _registered_in(served) < AT_ONCE


def _upload(served: Served, pieces: int) -> bytes:
    """What is answered to a file that comes 4 kB at a time, twice a second."""
    head = (
        "POST /files HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Type: image/png\r\n"
        f"Content-Length: {4_000 * pieces}\r\nAuthorization: Bearer {served.token}\r\n"
        "Idempotency-Key: a-slow-line\r\n\r\n"
    )
    with _open(served, head.encode()) as client:
        for _ in range(pieces):
            time.sleep(0.5)
            client.sendall(b"x" * 4_000)
        return b"".join(iter(lambda: client.recv(65536), b""))


def test_a_large_file_on_a_slow_line_is_taken_and_given_although_it_takes_longer(served: Served) -> None:
    """Six seconds each, where whoever is silent is cut off after four."""
    assert b" 201 " in _upload(served, pieces=12).partition(b"\r\n")[0]
    with _open(served, b"GET /slowly HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n") as client:
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.count(b"x") >= 48_000


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET /progress?phone=13812345678 HTTP/9.9\r\n\r\n", 400),
        (b"GARBAGE 13812345678\r\n\r\n", 400),
        (b"GET /" + b"13812345678" * 600 + b" HTTP/1.1\r\nHost: d\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: d\r\n" + b"X-A: 13812345678\r\n" * 70 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: d\r\nX-A: " + b"13812345678" * 900 + b"\r\n\r\n", 431),
        (b"POST /hooks/a HTTP/1.1\r\nHost: d\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
        (b"POST /hooks/a HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\nz13812345678\r\n", 400),
        (b"TRACE / HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n", 404),
        (b"TRACE /progress HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n", 405),
        (b"OPTIONS /cases HTTP/1.1\r\nHost: d\r\nOrigin: https://x\r\nConnection: close\r\n\r\n", 405),
    ],
)
def test_what_cannot_be_read_is_answered_as_a_problem_that_repeats_nothing(
    served: Served, said: bytes, status: int
) -> None:
    with _open(served, said) as client:
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status, answer
    assert b"application/problem+json" in head
    assert b"nosniff" in head
    assert b"Server:" not in head
    assert b"gunicorn" not in answer
    assert b"Access-Control" not in head
    assert b"13812345678" not in answer
    assert json.loads(body)["status"] == status


def test_head_is_answered_as_get_without_a_body(served: Served) -> None:
    with _open(served, b"HEAD /progress HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n") as client:
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\n")
