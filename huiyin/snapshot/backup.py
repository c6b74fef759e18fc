"""Takes all five stores as they stood at one cluster time, while everything runs.

One snapshot session reads every collection, so that what one service heard another has said. The
data keys go to a folder of their own; the master key is in neither.
"""

import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

from bson.timestamp import Timestamp
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from huiyin import __version__
from huiyin.chassis.mongo import Doc
from huiyin.chassis.restoration import COLLECTION as RESTORATION
from huiyin.contracts.services import Service
from huiyin.snapshot.errors import SnapshotRefused
from huiyin.snapshot.files import Written, drafts, refuse_folders
from huiyin.snapshot.manifest import PREFIX, Kind, Manifest, Part, databases, kind_of
from huiyin.snapshot.progress import Progress, Silent

_TOO_OLD: Final = 239
_CHANGED: Final = 246
_TRIES: Final = 3

#: What is not taken: rights that hold for seconds, and the tale of the last restore.
_LEFT_OUT: Final = frozenset({"leases", RESTORATION})


def back_up(
    client: MongoClient[Doc], to: Path, keys: Path, *, prefix: str = PREFIX, progress: Progress | None = None
) -> Manifest:
    """Write the data to one new folder and the data keys to another; both appear whole or not at all."""
    refuse_folders(to, keys)
    _refuse_parted(client, prefix)
    for left in reversed(range(_TRIES)):
        try:
            with drafts({"data": to, "keys": keys}) as folders:
                return _take(client, folders, prefix, progress or Silent())
        except OperationFailure as refused:
            if refused.code == _TOO_OLD:
                raise SnapshotRefused(_told_too_old(client)) from refused
            # A collection or an index made meanwhile cannot be read as of before it was: once more.
            if refused.code != _CHANGED or not left:
                raise
    raise AssertionError("the last try returns or raises")


def _take(
    client: MongoClient[Doc], folders: Mapping[Kind, Path], prefix: str, progress: Progress
) -> Manifest:
    names = databases(prefix)
    with client.start_session(snapshot=True) as session:
        moment = _fix(client, names, session)
        common: dict[str, Any] = {
            "id": uuid.uuid4().hex,
            "at": datetime.now(UTC),
            "cluster_time": (moment.time, moment.inc),
            "huiyin": __version__,
            "mongodb": client.server_info()["version"],
            "offices": sorted(client[names["intake"]]["cases"].distinct("office", session=session)),
        }
        parts = list(_copy_all(client, folders, names, session, progress))
    for kind, folder in folders.items():
        own = [part for part in parts if kind_of(part.collection) == kind]
        manifest = Manifest(kind=kind, parts=own, **common)
        manifest.write(folder)
    return Manifest(kind="data", parts=parts, **common)


def _fix(client: MongoClient[Doc], names: Mapping[Service, str], session: ClientSession) -> Timestamp:
    """The session's first read fixes the moment that all its other reads show."""
    answer = client[names["intake"]].command("find", "cases", limit=1, session=session)
    moment: Timestamp = answer["cursor"]["atClusterTime"]
    return moment


def _copy_all(
    client: MongoClient[Doc],
    folders: Mapping[Kind, Path],
    names: Mapping[Service, str],
    session: ClientSession,
    progress: Progress,
) -> Iterator[Part]:
    # Listed after the moment was fixed: a collection that is younger refuses to be read, while one
    # made between an earlier list and the moment would be missing without a word.
    sources = [(service, c) for service, name in names.items() for c in _collections(client, name)]
    progress.begin("备份 back up", sum(c.estimated_document_count() for _, c in sources))
    for service, collection in sources:
        yield _copy(service, collection, folders[kind_of(collection.name)], session, progress)


def _collections(client: MongoClient[Doc], name: str) -> list[Collection[Doc]]:
    own = client[name]
    found = own.list_collection_names(filter={"type": "collection"})
    return [own[c] for c in sorted(found) if c not in _LEFT_OUT and not c.startswith("system.")]


def _copy(
    service: Service, collection: Collection[Doc], folder: Path, session: ClientSession, progress: Progress
) -> Part:
    indexes = [dict(index) for index in collection.list_indexes()]
    (folder / service).mkdir(exist_ok=True)
    with Written(folder / service / f"{collection.name}.bson.gz") as file:
        for batch in collection.find_raw_batches(session=session):
            progress.advance(file.add(cast(bytes, batch)))  # pymongo's stubs know documents only
    return Part(
        service=service,
        collection=collection.name,
        documents=file.documents,
        sha256=file.sha256,
        indexes=indexes,
    )


def _refuse_parted(client: MongoClient[Doc], prefix: str) -> None:
    """One moment is one cluster's: what lies elsewhere has no part in it."""
    there = set(client.list_database_names())
    missing = [name for name in databases(prefix).values() if name not in there]
    if missing:
        raise SnapshotRefused(
            f"该集群没有 {'、'.join(missing)}：五个库须在同一集群，才能取得同一时刻的备份"
            " (these databases are not in this cluster; a snapshot of one moment needs all five in one:"
            " back up clusters of their own by their own means, all services stopped)"
        )


def _told_too_old(client: MongoClient[Doc]) -> str:
    knob = "minSnapshotHistoryWindowInSeconds"
    seconds = client.admin.command({"getParameter": 1, knob: 1})[knob]
    return (
        f"备份超过了数据库保留历史的 {seconds} 秒，已放弃，没有留下文件。请加大该时限后重试"
        f" (the backup took longer than the {seconds} s of history that MongoDB keeps; nothing was left."
        f" Raise it and try again: db.adminCommand({{setParameter: 1, {knob}: {seconds * 6}}}))"
    )
