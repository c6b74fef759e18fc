"""Every collection of every database through the driver, and MongoDB's own files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import OperationFailure
from pymongo.write_concern import WriteConcern

from deploy.local.leaks.controls import TEXTUAL, WRAPPINGS, Controls
from deploy.local.leaks.places.place import Mark, Piece, marks

_CHUNK: Final = 8 * 1024 * 1024
_OURS: Final = "huiyin_"
_OPLOG: Final = "local.oplog.rs"
_CONTROL: Final = "leaks-control"
_ON_DISK: Final = WriteConcern(w="majority", j=True)


Raw = RawBSONDocument


class Collections:
    """Through the driver: each document's bytes, as they came."""

    name = "MongoDB，经驱动 (collections, by driver)"

    def __init__(self, client: MongoClient[dict[str, Any]]) -> None:
        self._client = client

    def plant(self, controls: Controls) -> set[Mark]:
        """A document in each collection of ours; all of them stand in the oplog, too."""
        document = {"office": "leaks", **{way: controls.wrapped(way) for way in WRAPPINGS}}
        ours = [c for c in self._collections() if c.database.name.startswith(_OURS)]
        for collection in ours:
            durable = collection.with_options(write_concern=_ON_DISK)
            durable.replace_one({"_id": _CONTROL}, document, upsert=True)
        return marks([*(c.full_name for c in ours), _OPLOG], WRAPPINGS)

    def pieces(self) -> Iterator[Piece]:
        """Some megabytes of documents at a time."""
        for collection in self._collections():
            for chunk in _chunks(bytes(doc.raw) for doc in collection.find()):
                yield Piece(collection.full_name, chunk)

    def _collections(self) -> list[Collection[Any]]:
        """All that can be read; views of the server's own tell nothing more."""
        options: Any = {"codec_options": self._client.codec_options.with_options(document_class=Raw)}
        return [
            self._client[database].get_collection(name, **options)
            for database in self._client.list_database_names()
            for name in self._client[database].list_collection_names()
            if _may_read(self._client[database][name])
        ]


class StoreFiles:
    """The journal as it is written, then, after a checkpoint, every other file of the store's folder."""

    name = "MongoDB 文件 (files: data, indexes, journal, log)"

    def __init__(self, client: MongoClient[dict[str, Any]], folder: Path) -> None:
        self._client, self._folder = client, folder

    def plant(self, controls: Controls) -> set[Mark]:
        """A document in a collection and an index of its own, on disk when this returns; a log's line."""
        scratch = self._client["leaks"].get_collection("scratch", write_concern=_ON_DISK)
        scratch.create_index("plain")
        scratch.insert_one({way: controls.wrapped(way) for way in WRAPPINGS})
        with (self._folder / "mongod.log").open("a", encoding="utf-8") as log:
            log.write(f"{controls.textual()}\n")
        return marks(["journal", "collection"], WRAPPINGS) | marks(["log"], TEXTUAL) | {("index", "plain")}

    def pieces(self) -> Iterator[Piece]:
        """Each file without the empty room at its end."""
        yield from self._files(journal=True)
        self._client.admin.command("fsync")
        yield from self._files(journal=False)

    def _files(self, *, journal: bool) -> Iterator[Piece]:
        for file in sorted(path for path in self._folder.rglob("*") if path.is_file()):
            if (file.parent.name == "journal") == journal:
                yield Piece(_kind(file), file.read_bytes().rstrip(b"\0"))


def _kind(file: Path) -> str:
    """Journal, log, or what WiredTiger calls its files: collection, index, and its own."""
    if file.parent.name == "journal":
        return "journal"
    return "log" if file.suffix == ".log" else file.stem.partition("-")[0]


def _may_read(collection: Collection[dict[str, Any]]) -> bool:
    """The server reads some of its own to nobody; they lie in its files."""
    try:
        collection.find_one()
    except OperationFailure:
        return False
    return True


def _chunks(raws: Iterator[bytes]) -> Iterator[bytes]:
    kept, size = [], 0
    for raw in raws:
        kept.append(raw)
        size += len(raw)
        if size > _CHUNK:
            yield b"".join(kept)
            kept, size = [], 0
    if kept:
        yield b"".join(kept)
