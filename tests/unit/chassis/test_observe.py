"""What an operator sees, and what must never be seen."""

import io
import json
import logging
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.keyfile import read_key
from huiyin.chassis.observe import Metrics, Probes, ProbeServer, bind, bound, clock_skew_check, masked
from huiyin.chassis.observe.logs import JsonLines
from tests.unit.chassis.conftest import FixedClock

ID_CARD = "370402199001011234"


class Log:
    """A logger whose lines a test reads back."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        handler = logging.StreamHandler(self._stream)
        handler.setFormatter(JsonLines("intake", "web"))
        self.logger = logging.Logger("demo")
        self.logger.addHandler(handler)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    with bound():
        yield Log()


def test_a_line_says_who_wrote_it_and_what_it_is_about(log: Log) -> None:
    with bound(case="20261122-000017", correlation="c-1"):
        bind(event="e-1")
        log.logger.info("saved %s", "order", extra={"duration_ms": 12})
    log.logger.info("later")
    saved, later = log.lines()
    assert saved["msg"] == "saved order"
    assert (saved["service"], saved["process"], saved["level"]) == ("intake", "web", "INFO")
    assert (saved["case"], saved["correlation"], saved["event"]) == ("20261122-000017", "c-1", "e-1")
    assert saved["duration_ms"] == 12
    assert "case" not in later


@pytest.mark.parametrize(
    "text",
    [
        "电话13812345678请回",
        "phone=138-1234-5678",
        "+86 138 1234 5678",
        "tel13812345678",
        "１３８１２３４５６７８",
        f"身份证{ID_CARD}",
        "37040219900101123X",
    ],
)
def test_numbers_of_people_are_masked(log: Log, text: str) -> None:
    log.logger.warning("%s", text, extra={"odd": [text], "number": 13812345678, "deep": {"x": text}})
    with bound(other=text):
        log.logger.warning("x")
    written = json.dumps(log.lines(), ensure_ascii=False)
    assert "5678" not in written
    assert "５６７８" not in written
    assert "19900101" not in written


def test_ids_and_times_are_not_masked() -> None:
    for text in ("20261122000117", "a13812345678b0f", "1763784000000", "2026-11-22T04:00:00", "1,381,234"):
        assert masked(text) == text


def test_identity_is_dropped_by_its_key_however_deep(log: Log) -> None:
    with bound(address="某街 1 号", party={"name": "张三", "kind": "person"}):
        log.logger.info("x", extra={"phone": "1", "Text": "路灯坏了", "rows": [{"姓名": "张三", "n": 1}]})
    written = json.dumps(log.lines(), ensure_ascii=False)
    assert "张三" not in written
    assert "某街" not in written
    assert "路灯" not in written
    assert log.lines()[0]["party"] == {"kind": "person"}


def test_an_error_shows_its_place_but_not_its_values(log: Log) -> None:
    try:
        dict[str, str]()["张三"]
    except KeyError:
        log.logger.exception("failed")
    line = log.lines()[0]
    assert line["error"]["type"] == "KeyError"
    assert "test_observe.py:" in line["error"]["at"]
    assert "张三" not in json.dumps(line, ensure_ascii=False)


def test_a_wrong_setting_says_what_is_wrong(log: Log) -> None:
    try:
        read_key(Path("none"), 96)
    except WrongSetting:
        log.logger.exception("no start")
    assert log.lines()[0]["error"]["says"].startswith("none: the key cannot be read")


def test_objects_are_written_as_their_type_only(log: Log) -> None:
    log.logger.info("x", extra={"thing": ValueError("张三")})
    assert log.lines()[0]["thing"] == "<ValueError>"


def test_two_metrics_do_not_share_numbers() -> None:
    one, two = Metrics("intake"), Metrics("intake")
    one.events_handled.labels("case.registered").inc()
    assert b'huiyin_events_handled_total{type="case.registered"} 1.0' in one.page()
    assert b"case.registered" not in two.page()


def _ask(port: int, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()


def test_the_probe_server_tells_each_check_and_stops() -> None:
    problems: dict[str, str | None] = {"store": None, "broker": "not connected"}
    checks = {name: (lambda name=name: problems[name]) for name in problems}
    server = ProbeServer(0, checks, Metrics("intake"))
    server.start()
    try:
        assert _ask(server.port, "/healthz")[0] == 200
        status, body = _ask(server.port, "/readyz")
        assert status == 503
        assert json.loads(body)["checks"] == problems
        problems["broker"] = None
        assert _ask(server.port, "/readyz")[0] == 200
        assert b"huiyin_relay_unsent" in _ask(server.port, "/metrics")[1]
        assert _ask(server.port, "/other")[0] == 404
        port = server.port
    finally:
        server.stop()
    with pytest.raises(urllib.error.URLError):
        _ask(port, "/healthz")


def test_a_check_that_breaks_is_a_problem() -> None:
    def broken() -> str | None:
        raise ValueError("张三")

    status, _, body = Probes({"x": broken}, Metrics("intake")).readyz()
    assert status == 503
    assert json.loads(body)["checks"] == {"x": "the check failed (ValueError)"}


class Database:
    """A database whose clock a test sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    @property
    def admin(self) -> "Database":
        return self

    def command(self, word: str) -> dict[str, datetime]:
        assert word == "hello"
        return {"localTime": self.at}


@pytest.mark.parametrize(
    ("off", "ready"), [(0, True), (1.9, True), (-1.9, True), (2.5, False), (-2.5, False), (3600, False)]
)
def test_a_process_two_seconds_from_the_databases_time_is_not_ready(
    clock: FixedClock, off: float, ready: bool
) -> None:
    metrics = Metrics("intake")
    database = Database((clock.now() + timedelta(seconds=off)).astimezone(UTC))
    assert (clock_skew_check(cast(Any, database), clock, metrics)() is None) is ready
    assert f"huiyin_clock_lag_seconds {float(off)}".encode() in metrics.page()


UNDER_EVENTLET = """
import eventlet
eventlet.monkey_patch()
import urllib.request
from huiyin.chassis.observe import Metrics, ProbeServer
asked = []
def slow():
    asked.append(1)
    eventlet.sleep(0.5)
server = ProbeServer(0, {"slow": slow}, Metrics("demo"))
server.start()
def ask(path):
    return urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=5).status
with eventlet.Timeout(4):
    slow_one = eventlet.spawn(ask, "/readyz")
    while not asked:
        eventlet.sleep(0.01)
    assert ask("/healthz") == 200
    assert slow_one.wait() == 200
    server.stop()
print("stopped")
"""


def test_the_probe_server_serves_green_threads_side_by_side() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", UNDER_EVENTLET],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stdout == "stopped\n", done.stderr
