"""`/healthz`, `/readyz` and `/metrics`: what they answer, and a small server for worker and relay."""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CONTENT_TYPE_LATEST
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from huiyin.chassis.clocks import MachineClock
from huiyin.chassis.observe.metrics import Metrics

Check = Callable[[], str | None]
Answer = tuple[int, str, bytes]

_MOST_LAG_SECONDS: Final = 2.0
_JSON: Final = "application/json; charset=utf-8"
_PHRASES: Final = {200: "200 OK", 404: "404 Not Found", 503: "503 Service Unavailable"}


class Probes:
    """Answers the three probes from named checks and the process's metrics."""

    def __init__(self, checks: Mapping[str, Check], metrics: Metrics) -> None:
        self._checks, self._metrics = dict(checks), metrics

    def healthz(self) -> Answer:
        """200 as long as the process lives."""
        return 200, _JSON, _json({"status": "ok"})

    def readyz(self) -> Answer:
        """200, or 503 when any check names a problem; each check by its name."""
        found = {name: _problem(check) for name, check in self._checks.items()}
        ready = not any(found.values())
        body = {"status": "ready" if ready else "not ready", "checks": found}
        return 200 if ready else 503, _JSON, _json(body)

    def metrics(self) -> Answer:
        """The numbers for Prometheus."""
        return 200, CONTENT_TYPE_LATEST, self._metrics.page()

    def at(self, path: str) -> Answer:
        """The answer at a path."""
        known = {"/healthz": self.healthz, "/readyz": self.readyz, "/metrics": self.metrics}
        return known[path]() if path in known else (404, _JSON, _json({"status": "unknown path"}))


class ProbeServer:
    """Serves the probes of a process that has no web of its own; also under eventlet."""

    def __init__(
        self, port: int, checks: Mapping[str, Check], metrics: Metrics, host: str = "127.0.0.1"
    ) -> None:
        self._address = (host, port)
        self._probes = Probes(checks, metrics)
        self._server: WSGIServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that is listened on, once started; 0 chose a free one."""
        assert self._server is not None
        return int(self._server.server_port)

    def start(self) -> None:
        """Listen, in a thread of its own."""
        host, port = self._address
        self._server = make_server(host, port, self._serve, _ThreadedServer, _QuietHandler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and release the port."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = self._thread = None

    def _serve(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        status, content_type, body = self._probes.at(environ.get("PATH_INFO", ""))
        start_response(_PHRASES[status], [("Content-Type", content_type), ("Content-Length", str(len(body)))])
        return [body]


class _ThreadedServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    timeout = 10  # a client that says nothing must not hold a thread for ever

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's word
        """Probes come every few seconds and are not worth a line."""


def clock_skew_check(
    client: MongoClient[dict[str, Any]], clock: MachineClock, metrics: Metrics | None = None
) -> Check:
    """A check that this process's time is within 2 s of the database's."""

    def check() -> str | None:
        asked = clock.now()
        try:
            theirs = client.admin.command("hello")["localTime"]
        except PyMongoError as wrong:
            return f"the database does not tell its time ({type(wrong).__name__})"
        lag = _lag(theirs, asked, clock.now())
        if metrics is not None:
            metrics.clock_lag.set(lag)
        return None if abs(lag) <= _MOST_LAG_SECONDS else f"{lag:+.1f} s from the database's time"

    return check


def _lag(theirs: datetime, asked: datetime, answered: datetime) -> float:
    # The database read its clock somewhere between question and answer; only what lies
    # outside counts, so that a slow answer is not taken for a wrong clock.
    at = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    if at < asked:
        return (at - asked).total_seconds()
    return max(0.0, (at - answered).total_seconds())


def _problem(check: Check) -> str | None:
    try:
        return check()
    except Exception as wrong:  # noqa: BLE001  a check that breaks is a problem, not a crash
        return f"the check failed ({type(wrong).__name__})"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
