"""A small clamd: a real TCP server that speaks INSTREAM, and finds a word of the test's choice."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SIGN: Final = b"HUIYIN-TEST-VIRUS"


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        if self.rfile.read(len(b"zINSTREAM\0")) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b"".join(self._chunks())
        found = b"stream: Huiyin.Test FOUND\0" if SIGN in content else b"stream: OK\0"
        self.wfile.write(found)

    def _chunks(self) -> Iterator[bytes]:
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            yield self.rfile.read(size)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def clamd(port: int = 0) -> Iterator[int]:
    """The scanner while it runs; its port on the loopback."""
    with _Server(("127.0.0.1", port), _Line) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()
