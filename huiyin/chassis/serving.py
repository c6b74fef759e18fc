"""gunicorn's threaded worker, patient with slow clients up to a point, and saying nothing of itself.

gunicorn reads a request in the thread that will answer it, without any time limit: eight connections that
send a byte now and then would stop a server of eight threads. Here a request's head must be there within
seconds, and all of it, its answer too, within half a minute, or the connection is cut: unless bytes come or
go at a fair rate, as of a large file on a slow line. And there are more threads than one client can hold. An
ingress that buffers requests still belongs in front.
"""

import json
import logging
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

_log = logging.getLogger(__name__)

THREADS: Final = 400
_HEAD_S: Final = 10.0
_REST_S: Final = 30.0
#: Who sends or takes so much a second is not slow: half a megabit.
_FAIR_BYTES_S: Final = 64_000


class PatientWorker(ThreadWorker):
    """Cuts off who takes too long, and answers what is no HTTP without repeating it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._due: dict[Any, float] = {}

    def init_process(self) -> None:
        """Run until told to stop."""
        wsgi.Response = _Nameless
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """One request, in a thread."""
        self._due[conn] = time.monotonic() + _HEAD_S
        try:
            kept = super().handle(conn)
        finally:
            del self._due[conn]
        if kept is False:
            # Here and not in the main loop, which a client that does not hang up would hold for 2 s.
            util.close_graceful(conn.sock)
        return kept

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The head is there; now its body, the work and the answer."""
        self._due[conn] = time.monotonic() + _REST_S
        req.earn = partial(self._earn, conn)
        source = req.unreader  # one for all requests of a connection
        source.chunk = _paced(partial(type(source).chunk, source), req.earn)
        return super().handle_request(req, conn)

    def _earn(self, conn: Any, size: int) -> None:
        """What was sent or taken gives time for the rest, never more than there was at the beginning."""
        self._due[conn] = min(self._due[conn] + size / _FAIR_BYTES_S, time.monotonic() + _REST_S)

    def murder_pending(self) -> None:
        """Called by the main loop at least every second."""
        super().murder_pending()
        now = time.monotonic()
        for conn, due in list(self._due.items()):
            if due < now:
                _cut(conn.sock)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what could not be read; nothing of it is repeated, here or in the log."""
        status = _status(exc)
        _log.log(
            logging.ERROR if status >= HTTPStatus.INTERNAL_SERVER_ERROR else logging.INFO,
            "a request could not be read: %s",
            type(exc).__name__,
        )
        with suppress(OSError):
            util.write_nonblock(client, _problem(status))


class _Nameless(wsgi.Response):
    """An answer without the header Server."""

    def default_headers(self) -> list[str]:
        return [line for line in super().default_headers() if not line.startswith("Server:")]

    def write(self, arg: bytes) -> None:
        """Send a piece."""
        super().write(arg)
        self.req.earn(len(arg))


def _paced(read: Callable[..., bytes], earn: Callable[[int], None]) -> Callable[..., bytes]:
    """The same reading from the socket; what came earns time."""

    def paced(size_hint: int | None = None) -> bytes:
        piece = read(size_hint)
        earn(len(piece))
        return piece

    return paced


def _cut(sock: socket.socket) -> None:
    """End both directions: the thread that reads or writes gets an end at once, under TLS too."""
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _status(exc: BaseException) -> HTTPStatus:
    if isinstance(exc, LimitRequestLine):
        return HTTPStatus.REQUEST_URI_TOO_LONG
    if isinstance(exc, LimitRequestHeaders):
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    return HTTPStatus.BAD_REQUEST if isinstance(exc, ParseException | OSError) else _FAILED


_FAILED: Final = HTTPStatus.INTERNAL_SERVER_ERROR


def _problem(status: HTTPStatus) -> bytes:
    code = "internal" if status is _FAILED else "malformed"
    told = {"type": f"urn:huiyin:problem:{code}", "title": "请求无法读取", "status": status, "code": code}
    body = json.dumps(told, ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "Content-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
