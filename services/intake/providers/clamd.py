"""clamd's INSTREAM: the file goes over a socket in chunks, one answer comes back (E-49).

`zINSTREAM\\0`, then chunks of a four-byte length (network order) and their bytes, an empty chunk at the
end; the answer is `stream: OK`, `stream: <name> FOUND`, or `… ERROR`, closed by a zero byte.
"""

import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from services.intake.domain.files import Scan
from services.intake.errors import ScannerAway

_COMMAND: Final = b"zINSTREAM\0"
_ANSWER_BYTES: Final = 4096


class Clamd:
    """One scanner under its address."""

    def __init__(self, host: str, port: int, timeout_s: float) -> None:
        self._address = (host, port)
        self._timeout_s = timeout_s

    def scan(self, pieces: Iterable[bytes]) -> Scan:
        """What the scanner found; ScannerAway when it gave no clear answer."""
        try:
            with socket.create_connection(self._address, self._timeout_s) as line:
                with suppress(BrokenPipeError, ConnectionResetError):  # over its limit it hangs up: see why
                    _send(line, pieces)
                return _read(line)
        except OSError as away:
            raise ScannerAway(f"the scanner does not answer: {type(away).__name__}") from away


def _send(line: socket.socket, pieces: Iterable[bytes]) -> None:
    line.sendall(_COMMAND)
    for piece in filter(None, pieces):
        line.sendall(struct.pack("!L", len(piece)))
        line.sendall(piece)
    line.sendall(struct.pack("!L", 0))


def _read(line: socket.socket) -> Scan:
    said = b""
    while not said.endswith(b"\0") and len(said) < _ANSWER_BYTES:
        more = line.recv(_ANSWER_BYTES)
        if not more:
            break
        said += more
    words = said.rstrip(b"\0\n").decode("utf-8", "replace").strip()
    if words.endswith(": OK"):
        return Scan(state="clean")
    if words.endswith(" FOUND"):
        return Scan(state="infected", signature=words.removesuffix(" FOUND").rpartition(": ")[2][:100])
    raise ScannerAway("the scanner gave no clear answer")
