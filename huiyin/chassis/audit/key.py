"""The key outside the database: who has only the database can forge neither a row nor a batch."""

import hashlib
import hmac
from pathlib import Path
from typing import Any, Final, Self

import bson
from bson import ObjectId

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.keyfile import read_key
from huiyin.chassis.mongo import Doc
from huiyin.contracts.services import Service

KEY_BYTES: Final = 32
#: What is written into a row after it was authenticated: by what, and into which batch it was sealed.
_LATER: Final = frozenset({"mac", "batch"})
#: What a batch's head binds: its number, when, its rows in their order, and the head before it.
_BOUND: Final = ("_id", "at", "rows", "previous")


class AuditKey:
    """HMAC-SHA256 (RFC 2104) over BSON, the bytes that the store itself keeps; apart for each service."""

    def __init__(self, key: bytes, service: Service) -> None:
        if len(key) < KEY_BYTES:
            raise WrongSetting(f"the audit key must be at least {KEY_BYTES} bytes, not {len(key)}")
        self._key, self._service = key, service

    @classmethod
    def from_file(cls, path: Path, service: Service) -> Self:
        """A service's key, from the file that all services share."""
        return cls(read_key(path, KEY_BYTES), service)

    def mac(self, row: Doc) -> bytes:
        """What authenticates a row, with its id and every field in its order."""
        return self._sign("row", {name: value for name, value in row.items() if name not in _LATER})

    def head(self, batch: Doc) -> bytes:
        """What authenticates a batch and, through the head before it, all batches before it."""
        return self._sign("batch", {name: batch.get(name) for name in _BOUND})

    def fits_row(self, row: Doc) -> bool:
        """Whether the row is as the service wrote it."""
        return _same(self.mac(row), row.get("mac"))

    def fits_batch(self, batch: Doc) -> bool:
        """Whether the batch is as the service sealed it."""
        return _same(self.head(batch), batch.get("head"))

    def _sign(self, kind: str, content: Doc) -> bytes:
        said = f"huiyin/audit/{self._service}/{kind}\x1f".encode() + bson.encode(content)
        return hmac.new(self._key, said, hashlib.sha256).digest()


def made_at(row: ObjectId) -> str:
    """The second, by the machine's clock, in which a row was written."""
    return row.generation_time.isoformat()


def _same(right: bytes, found: Any) -> bool:
    return isinstance(found, bytes) and hmac.compare_digest(right, found)
