"""A look-alike of a KMIP server on loopback, over TLS that asks who calls: Register, Activate and Get.

It speaks the part of OASIS KMIP 1.0 that libmongocrypt does when a row's master key names no key of
the server's own: it registers 96 random bytes as secret data, activates them, and gets them back to
wrap and unwrap a data key itself. A message is TTLV: tag (3 bytes), type (1), length (4), value padded
to 8. Numbers are those of the specification's section 9.1.3 (tags, enumerations); which of them a
message holds is told in libmongocrypt's kms-message/src/kms_kmip_request.c and kms_kmip_response.c.
"""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any

from tests.chassis.kms import make_certificate


class Tag(IntEnum):
    """What a field is, as far as libmongocrypt writes or reads it."""

    BATCH_COUNT = 0x42000D
    BATCH_ITEM = 0x42000F
    KEY_BLOCK = 0x420040
    KEY_FORMAT_TYPE = 0x420042
    KEY_MATERIAL = 0x420043
    KEY_VALUE = 0x420045
    OBJECT_TYPE = 0x420057
    OPERATION = 0x42005C
    PROTOCOL_VERSION = 0x420069
    PROTOCOL_VERSION_MAJOR = 0x42006A
    PROTOCOL_VERSION_MINOR = 0x42006B
    REQUEST_MESSAGE = 0x420078
    REQUEST_PAYLOAD = 0x420079
    RESPONSE_HEADER = 0x42007A
    RESPONSE_MESSAGE = 0x42007B
    RESPONSE_PAYLOAD = 0x42007C
    RESULT_REASON = 0x42007E
    RESULT_STATUS = 0x42007F
    SECRET_DATA = 0x420085
    SECRET_DATA_TYPE = 0x420086
    UNIQUE_IDENTIFIER = 0x420094


class Type(IntEnum):
    """How a field's value is written."""

    STRUCTURE = 1
    INTEGER = 2
    ENUMERATION = 5
    TEXT = 7
    BYTES = 8


REGISTER, GET, ACTIVATE = 0x03, 0x0A, 0x12
SECRET_DATA_OBJECT, SEED, OPAQUE = 0x07, 0x02, 0x02
SUCCESS, FAILED, NOT_FOUND = 0, 1, 1
#: All other numbers that are written here are enumerations.
_INTEGERS = (Tag.BATCH_COUNT, Tag.PROTOCOL_VERSION_MAJOR, Tag.PROTOCOL_VERSION_MINOR)
_HEADER = [
    (Tag.PROTOCOL_VERSION, [(Tag.PROTOCOL_VERSION_MAJOR, 1), (Tag.PROTOCOL_VERSION_MINOR, 0)]),
    (Tag.BATCH_COUNT, 1),
]

Fields = list[tuple[Tag, Any]]


@dataclass
class Kmip:
    """What it holds: secrets by their identifiers, which are active; and the operations asked of it."""

    endpoint: str
    ca_file: Path
    secrets: dict[str, bytes] = field(default_factory=dict)
    active: set[str] = field(default_factory=set)
    asked: list[int] = field(default_factory=list)

    def answer(self, request: dict[int, Any]) -> bytes:
        """One message of one operation, as the specification answers it."""
        item = request[Tag.REQUEST_MESSAGE][Tag.BATCH_ITEM]
        operation = item[Tag.OPERATION]
        self.asked.append(operation)
        told: Fields
        try:
            done = self._do(operation, item[Tag.REQUEST_PAYLOAD])
            told = [(Tag.RESULT_STATUS, SUCCESS), (Tag.RESPONSE_PAYLOAD, done)]
        except LookupError:
            told = [(Tag.RESULT_STATUS, FAILED), (Tag.RESULT_REASON, NOT_FOUND)]
        batch = [(Tag.OPERATION, operation), *told]
        return _write(Tag.RESPONSE_MESSAGE, [(Tag.RESPONSE_HEADER, _HEADER), (Tag.BATCH_ITEM, batch)])

    def _do(self, operation: int, payload: dict[int, Any]) -> Fields:
        """The operation's payload; LookupError when there is no such secret."""
        if operation == REGISTER:
            name = f"secret-{len(self.secrets) + 1}"
            self.secrets[name] = payload[Tag.SECRET_DATA][Tag.KEY_BLOCK][Tag.KEY_VALUE][Tag.KEY_MATERIAL]
            return [(Tag.UNIQUE_IDENTIFIER, name)]
        name = payload[Tag.UNIQUE_IDENTIFIER].decode()
        material = self.secrets[name]
        if operation == ACTIVATE:
            self.active.add(name)
            return [(Tag.UNIQUE_IDENTIFIER, name)]
        assert operation == GET, operation
        block = [(Tag.KEY_FORMAT_TYPE, OPAQUE), (Tag.KEY_VALUE, [(Tag.KEY_MATERIAL, material)])]
        return [
            (Tag.OBJECT_TYPE, SECRET_DATA_OBJECT),
            (Tag.UNIQUE_IDENTIFIER, name),
            (Tag.SECRET_DATA, [(Tag.SECRET_DATA_TYPE, SEED), (Tag.KEY_BLOCK, block)]),
        ]


@contextmanager
def serving(folder: Path, client: Path, host: str = "127.0.0.1") -> Iterator[Kmip]:
    """The look-alike on a free port of loopback: its certificate names the host, it knows one client's."""
    certificate, key = make_certificate(folder, host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(client)
    context.verify_mode = ssl.CERT_REQUIRED
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.kmip = Kmip(f"127.0.0.1:{server.server_address[1]}", certificate)  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.kmip  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        """Messages one after another, until the caller hangs up."""
        while head := self.rfile.read(8):
            message = _read(head + self.rfile.read(int.from_bytes(head[4:])))
            self.wfile.write(self.server.kmip.answer(message))  # type: ignore[attr-defined]


def _read(data: bytes) -> dict[int, Any]:
    """The fields by their tags; what a message repeats does not matter here."""
    fields = dict[int, Any]()
    while data:
        tag, kind, length = int.from_bytes(data[:3]), data[3], int.from_bytes(data[4:8])
        value, data = data[8 : 8 + length], data[8 + length + -length % 8 :]
        if kind == Type.STRUCTURE:
            fields[tag] = _read(value)
        else:
            fields[tag] = int.from_bytes(value) if kind in (Type.INTEGER, Type.ENUMERATION) else value
    return fields


def _write(tag: Tag, value: Fields | str | bytes | int) -> bytes:
    match value:
        case list():
            kind, written = Type.STRUCTURE, b"".join(_write(*one) for one in value)
        case str():
            kind, written = Type.TEXT, value.encode()
        case bytes():
            kind, written = Type.BYTES, value
        case int():
            kind, written = Type.INTEGER if tag in _INTEGERS else Type.ENUMERATION, value.to_bytes(4)
    return tag.to_bytes(3) + kind.to_bytes(1) + len(written).to_bytes(4) + written + bytes(-len(written) % 8)
