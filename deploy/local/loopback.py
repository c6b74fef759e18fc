"""HTTP between processes of one machine: who answers on loopback, and how it is asked."""

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Simulator(ThreadingHTTPServer, Generic[T]):
    """Answers for a system outside the platform; `behind` is what its handler acts on. Port 0: any."""

    daemon_threads = True

    def __init__(self, name: str, port: int, handler: type["Answering"], behind: T) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self.behind = behind
        self._thread = threading.Thread(target=self.serve_forever, name=name, daemon=True)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering."""
        self.shutdown()
        self.server_close()


class Answering(BaseHTTPRequestHandler):
    """Answers one request."""

    def body(self) -> bytes:
        """What was sent."""
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self, status: int, said: Mapping[str, Any]) -> None:
        """Answer with JSON."""
        self.send(status, "application/json", json.dumps(said).encode())

    def send(self, status: int, media: str, raw: bytes) -> None:
        """Answer with bytes of a media type."""
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as http.server names it
        """Phone numbers stay out of the terminal."""
