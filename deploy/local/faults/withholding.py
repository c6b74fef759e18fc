"""A TCP way to MongoDB that can keep back the answer to one write, so that its writer dies before it."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit, urlunsplit

#: How an insert into the collection `cases` begins on the wire: a BSON string under the key `insert`.
_INSERT: Final = b"\x02insert\x00\x06\x00\x00\x00cases\x00"
_CHUNK: Final = 65536
_MONGODB: Final = 27017


class Withholding:
    """Passes everything on, until it is armed: then the next insert of a case gets no answer."""

    def __init__(self, mongo_url: str) -> None:
        self._parts = urlsplit(mongo_url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._armed = threading.Event()
        self.caught = threading.Event()
        self._open: list[socket.socket] = [self._listener]

    @property
    def mongo_url(self) -> str:
        """The same database by this way; without the set's own idea of its address."""
        port = self._listener.getsockname()[1]
        netloc = f"{self._parts.netloc.rpartition('@')[0]}@127.0.0.1:{port}"
        options = [o for o in self._parts.query.split("&") if o and not o.startswith("replicaSet=")]
        query = "&".join([*options, "directConnection=true"])
        return urlunsplit(self._parts._replace(netloc=netloc, query=query))

    def arm(self) -> None:
        """Keep back the answer to the next insert; `caught` is set when it has gone to the store."""
        self._armed.set()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, name="withholding", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._open:
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            self._pass_on(client)

    def _pass_on(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection((str(self._parts.hostname), self._parts.port or _MONGODB))
        except OSError:  # the store is away, and so is this way to it
            client.close()
            return
        self._open += [client, server]
        mute = threading.Event()
        threading.Thread(target=self._ask, args=(client, server, mute), daemon=True).start()
        threading.Thread(target=self._answer, args=(server, client, mute), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, mute: threading.Event) -> None:
        with suppress(OSError):
            while data := client.recv(_CHUNK):
                if self._armed.is_set() and _INSERT in data:
                    self._armed.clear()
                    mute.set()
                server.sendall(data)
                if mute.is_set():
                    self.caught.set()
        server.close()

    def _answer(self, server: socket.socket, client: socket.socket, mute: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(_CHUNK):
                if not mute.is_set():
                    client.sendall(data)
        client.close()
