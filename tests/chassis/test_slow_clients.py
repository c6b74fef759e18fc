"""The server by itself, without an ingress before it, in the hands of clients that mean it ill."""

import json
import socket
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

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
CHUNKED = b"POST /hooks/a HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n"
#: What each says, what it then drips, and how many seconds docs/door.md says it is borne.
CLIENTS: dict[str, tuple[bytes, bytes, float]] = {
    "head": (b"GET /progress HTTP/1.1\r\nX-A: ", b"x", 10),
    "body": (DRIPPING, b"x", 30),
    "chunked body": (CHUNKED, b"1\r\nx\r\n", 30),
    "work": (b"GET /at-work HTTP/1.1\r\nHost: d\r\n\r\n", b"", 30),
    "idle": (b"GET /healthz HTTP/1.1\r\nHost: d\r\n\r\n", b"", 15),
    "silent": (b"", b"", 20),
}
BODY_OF_A_CASE = json.dumps({"text": "路灯坏了"}).encode()


@contextmanager
def _serving(folder: Path, **env: str) -> Iterator[Served]:
    key = make_key(folder, "first")
    write_jwks(folder / "jwks.json", key)
    sides = {"issuer": "huiyin", "audience": "huiyin"}
    who = {"subject": "s-1", "role": "operator", "office": "12345"}
    token = issue(key.path, ttl=timedelta(hours=1), **who, **sides)  # type: ignore[arg-type]
    process, port = start_demo(folder, **env)
    try:
        yield _ready(Served(port, token))
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with _serving(tmp_path_factory.mktemp("slow"), DEMO_HASTE="1") as hasty:
        yield hasty


@pytest.fixture(scope="module")
def unhurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with _serving(tmp_path_factory.mktemp("unhurried")) as unhurried:
        yield unhurried


@pytest.fixture(scope="module", autouse=True)
def borne(unhurried: Served) -> Iterator[Mapping[str, Future[float]]]:
    """How long a server with production's own times bears each client, found out beside all other tests."""
    with ThreadPoolExecutor(len(CLIENTS)) as pool:
        yield {name: pool.submit(_borne, unhurried, *client) for name, client in CLIENTS.items()}


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


def _borne(served: Served, said: bytes, drip: bytes, limit: float) -> float:
    """How long until the server hangs up on a client that drips twice a second, or keeps still."""
    with _open(served, said) as client:
        began = time.monotonic()
        client.settimeout(0.5)
        while not _ends(client) and time.monotonic() < began + 2 * limit:
            try:
                client.sendall(drip)
            except ConnectionError:
                break
        return time.monotonic() - began


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


def test_of_more_slow_clients_than_there_are_threads_the_next_waits_until_one_is_cut(served: Served) -> None:
    """Two seconds here; 400 threads as in production."""
    with ExitStack() as held:
        began = time.monotonic()
        for _ in range(400):
            held.enter_context(_open(served, b"GET /progress HTTP/1.1\r\nX-A: "))
        _registered_in(served)
        assert 2 <= time.monotonic() - began < 2 + AT_ONCE


def test_of_a_thousand_connections_as_many_are_kept_idle_as_leave_room_for_the_threads(
    unhurried: Served,
) -> None:
    """Whoever comes to more than 600 that are kept is answered, and told that the connection ends."""
    asked, kept = ANSWERED.replace(b"close", b"keep-alive"), 0
    with ExitStack() as held:
        for _ in range(610):
            client = held.enter_context(_open(unhurried, asked))
            kept += b"Connection: keep-alive" in client.recv(65536)
    assert 590 < kept < 605  # counted while they come


def test_who_does_not_take_an_answer_is_cut_off(served: Served) -> None:
    with _open(served, b"GET /plenty HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n") as client:
        time.sleep(6)  # four are borne
        taken = sum(len(piece) for piece in iter(lambda: client.recv(65536), b""))
    assert 0 < taken < 50_000_000


def _head(line: int = 0, header: int = 0, headers: int = 2) -> bytes:
    """A request whose line or header is so long without its end, or which has so many headers."""
    lines = [b"GET /none HTTP/1.1", b"Host: d", b"Connection: close", *[b"X-A: x"] * (headers - 2)]
    lines[0] = lines[0].replace(b"none", b"none".ljust(line - len(lines[0]) + 4, b"x"))
    lines[1:1] = [b"X-B: ".ljust(header, b"x")] if header else []
    return b"\r\n".join([*lines, b"", b""])


@pytest.mark.parametrize(
    ("within", "beyond", "status"),
    [
        (_head(line=4_094), _head(line=4_095), 414),
        (_head(header=8_188), _head(header=8_189), 431),
        (_head(headers=64), _head(headers=65), 431),
    ],
)
def test_a_head_as_large_as_may_be_is_read_and_one_beyond_is_not(
    served: Served, within: bytes, beyond: bytes, status: int
) -> None:
    for said, expected in ((within, 404), (beyond, status)):
        with _open(served, said) as client:
            answer = b"".join(iter(lambda: client.recv(65536), b""))
        assert int(answer.split()[1]) == expected


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


@pytest.mark.parametrize("name", CLIENTS)
def test_production_bears_a_slow_client_as_long_as_the_door_says(
    borne: Mapping[str, Future[float]], name: str
) -> None:
    limit = CLIENTS[name][2]
    assert limit - 0.5 <= borne[name].result(2 * limit) < limit + AT_ONCE
