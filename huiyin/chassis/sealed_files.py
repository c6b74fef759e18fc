"""Files sealed before they reach the store: GridFS holds nothing that can be read.

An envelope: each file has a key of its own (AES-256-GCM, a piece at a time, so that a file is never
whole in memory), and the office's data key of the month seals that key. A piece's number and whether
it is the last one are authenticated with it: pieces can be neither swapped nor cut off unseen. When
the month's data key is destroyed, the files are gone with it.

The bytes come first, the document that holds them after: what no document came to hold is swept.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bson import Binary, ObjectId
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from gridfs import GridFSBucket, GridOut
from pymongo import ASCENDING
from pymongo.database import Database

from huiyin.chassis.mongo import Doc
from huiyin.chassis.sealing import Sealer

PIECE_BYTES: Final = 512 * 1024
_TAG_BYTES: Final = 16
_SEALED_BYTES: Final = PIECE_BYTES + _TAG_BYTES
#: After so long nobody is still sending the file, nor saving the document that is to hold it.
_SETTLED: Final = timedelta(hours=1)
_SWEPT_AT_ONCE: Final = 200


class FileDamaged(Exception):
    """The stored bytes are not what was sealed."""


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """Where a file lies and what is known of it; `key` is sealed, `sha256` is of the file itself."""

    id: str
    size: int
    sha256: str
    key: Binary


class SealedFiles:
    """The sealed files of one service; `intents` names those that no document may have come to hold."""

    def __init__(
        self,
        database: Database[Doc],
        sealer: Sealer,
        machine_now: Callable[[], datetime],
        bucket: str = "files",
    ) -> None:
        self._bucket = GridFSBucket(database, bucket, chunk_size_bytes=_SEALED_BYTES)
        self._rows = database[f"{bucket}.files"]
        self._chunks = database[f"{bucket}.chunks"]
        self._intents = database[f"{bucket}.intents"]
        self._sealer = sealer
        self._machine_now = machine_now

    def prepare(self) -> None:
        """Create the indexes; safe to repeat."""
        self._intents.create_index([("at", ASCENDING)])

    def put(self, office: str, month: str, owner: str, pieces: Iterable[bytes]) -> StoredFile:
        """Seal and keep a file piece by piece; `owner` is the key of the document that is to hold it."""
        stored, key = ObjectId(), AESGCM.generate_key(256)
        sealed_key = self._sealer.seal(office, month, {"key": key})
        self._intents.insert_one({"_id": stored, "owner": owner, "at": self._machine_now()})
        digest, size = hashlib.sha256(), 0
        with self._bucket.open_upload_stream_with_id(stored, str(stored)) as target:
            for n, (piece, last) in enumerate(_marked_last(_evenly(pieces))):
                digest.update(piece)
                size += len(piece)
                target.write(AESGCM(key).encrypt(_nonce(n), piece, _bound(stored, last=last)))
        return StoredFile(id=str(stored), size=size, sha256=digest.hexdigest(), key=sealed_key)

    def open(self, file: StoredFile) -> Iterator[bytes]:
        """The file's pieces; KeyDestroyed at once, FileDamaged when a piece is not what was sealed."""
        key = AESGCM(self._sealer.open(file.key)["key"])
        stored = ObjectId(file.id)
        return self._pieces(self._bucket.open_download_stream(stored), key, stored)

    def let_go(self, stored: str, owner: str) -> None:
        """No document holds the file any more: the next sweeps take it."""
        row = {"owner": owner, "at": self._machine_now()}
        self._intents.update_one({"_id": ObjectId(stored)}, {"$set": row}, upsert=True)

    def sweep(self, holds: Callable[[str, str], bool]) -> int:
        """Delete what nobody came to hold; `holds` says whether the owner's document holds a file."""
        settled = self._machine_now() - _SETTLED
        rows = self._intents.find({"at": {"$lt": settled}}).limit(_SWEPT_AT_ONCE)
        swept = 0
        for row in rows:
            if not holds(row["owner"], str(row["_id"])):
                self._delete(row["_id"])
                swept += 1
            self._intents.delete_one({"_id": row["_id"]})
        return swept

    def _delete(self, stored: ObjectId) -> None:
        """The pieces, too, of a file that a crash left without its row."""
        self._rows.delete_one({"_id": stored})
        self._chunks.delete_many({"files_id": stored})

    def _pieces(self, source: GridOut, key: AESGCM, stored: ObjectId) -> Iterator[bytes]:
        at, n = 0, 0
        while at < source.length:
            sealed = source.read(_SEALED_BYTES)
            at += len(sealed)
            try:
                yield key.decrypt(_nonce(n), sealed, _bound(stored, last=at == source.length))
            except InvalidTag as wrong:
                raise FileDamaged(f"the file {stored} is not what was sealed") from wrong
            n += 1


def _evenly(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one size; the last may be shorter, or empty."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > PIECE_BYTES:
            yield bytes(held[:PIECE_BYTES])
            del held[:PIECE_BYTES]
    yield bytes(held)


def _marked_last(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    held = next(pieces)
    for following in pieces:
        yield held, False
        held = following
    yield held, True


def _nonce(n: int) -> bytes:
    """The piece's number: a key seals one file, so no number comes twice under it."""
    return n.to_bytes(12, "big")


def _bound(stored: ObjectId, *, last: bool) -> bytes:
    return stored.binary + bytes([last])
