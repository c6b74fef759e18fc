"""Puts all five stores back as they stood, and makes them fit to serve in a world that went on.

Numbers given since are skipped, destroyed keys stay destroyed and restricted views restricted; the
queues begin empty and all history is said again. Until the last of this is done no process starts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pymongo import IndexModel, MongoClient
from pymongo.database import Database

from huiyin.chassis import restoration
from huiyin.chassis.anchor import Line, read_anchor
from huiyin.chassis.history import History, Which
from huiyin.chassis.mongo import Doc, database
from huiyin.chassis.restoration import Restoration
from huiyin.chassis.sealing import KEY_VAULT
from huiyin.contracts.services import Service
from huiyin.snapshot import lost
from huiyin.snapshot.errors import Damaged, NotEmpty
from huiyin.snapshot.files import RAW, batches
from huiyin.snapshot.living import drop_queues, refuse_living
from huiyin.snapshot.manifest import PREFIX, Manifest, Part, databases, verify
from huiyin.snapshot.progress import Progress, Silent
from services.intake.use_cases.restoring import restrict_again

#: Answers given out for minutes only, sealed to their askers: nobody needs an old one.
_FORGOTTEN = frozenset({("intake", "contacts")})
_UNSENT = "unsent"  # the index of a collection whose documents say events


@dataclass(frozen=True)
class Backup:
    """A backup that was read and found whole."""

    data: Manifest
    keys: Manifest
    folders: Mapping[str, Path]


@dataclass(frozen=True)
class Target:
    """Where to: the cluster, the broker, and the lines that outlived the database."""

    client: MongoClient[Doc]
    amqp_url: str
    anchor: Path
    prefix: str = PREFIX

    def database(self, service: Service) -> Database[Doc]:
        """A service's own database, with the guarantees every step stands on."""
        return database(self.client, databases(self.prefix)[service])


@dataclass(frozen=True)
class Restored:
    """What was done, and what people must be told."""

    documents: int
    said_again: int
    keys_kept_destroyed: tuple[str, ...]
    restricted: tuple[str, ...]
    restricted_lost: tuple[str, ...]
    gaps: tuple[lost.Gap, ...]


def open_backup(folder: Path, keys: Path, progress: Progress | None = None) -> Backup:
    """Read both manifests and check every file; Damaged names what is not as it was written."""
    data, vault = Manifest.read(folder, "data"), Manifest.read(keys, "keys")
    if data.id != vault.id:
        raise Damaged(f"{keys} 不是这份备份的密钥 (the keys of another backup: {vault.at:%Y-%m-%d %H:%M})")
    for manifest, place in ((data, folder), (vault, keys)):
        verify(manifest, place, progress or Silent())
    return Backup(data, vault, {"data": folder, "keys": keys})


def refuse_unready(target: Target, *, replace: bool) -> None:
    """Refuse while anything is at work, and over data that nobody said may go."""
    refuse_living(target.client, target.amqp_url, target.prefix)
    there = set(target.client.list_database_names())
    held = [name for name in databases(target.prefix).values() if name in there]
    if held and not replace:
        raise NotEmpty(
            f"{'、'.join(held)} 里有数据；确要以备份替换，请加 --replace"
            " (these hold data; --replace puts the backup in their place)"
        )


def put_back(backup: Backup, target: Target, progress: Progress | None = None) -> Restored:
    """Replace the stores by the backup, and bring them up to what the anchor knows."""
    lines = read_anchor(target.anchor)
    services = databases(target.prefix)
    for service in services:
        restoration.begin(target.database(service), backup.data.id)
    for service in services:
        _empty(target.database(service))
    gone = lost.destroyed(lines)
    _load(backup, target, gone, progress or Silent())
    drop_queues(target.amqp_url)
    known_until = _known_until(target, backup)
    restored = _catch_up(backup, target, lines, gone)
    for service in services:
        done = Restoration(backup.data.id, _now(), known_until)
        restoration.end(target.database(service), done)
    return restored


def _empty(own: Database[Doc]) -> None:
    """All but the row that keeps the service from starting."""
    for name in own.list_collection_names():
        if name != restoration.COLLECTION:
            own.drop_collection(name)


def _load(backup: Backup, target: Target, gone: set[str], progress: Progress) -> None:
    progress.begin("恢复 restore", backup.data.documents + backup.keys.documents)
    for manifest in (backup.data, backup.keys):
        for part in manifest.parts:
            if (part.service, part.collection) not in _FORGOTTEN:
                _load_part(part, backup.folders[manifest.kind], target, gone, progress)


def _load_part(part: Part, folder: Path, target: Target, gone: set[str], progress: Progress) -> None:
    collection = target.database(part.service).create_collection(part.collection)
    for batch in batches(folder / part.file):
        kept = [
            row for row in batch if part.collection != KEY_VAULT or not gone.intersection(row["keyAltNames"])
        ]
        if kept:
            collection.with_options(RAW).insert_many(kept, ordered=False)
        progress.advance(len(batch))
    own = [_index(spec) for spec in part.indexes if spec["name"] != "_id_"]
    if own:
        collection.create_indexes(own)


def _index(spec: Mapping[str, object]) -> IndexModel:
    options = {name: value for name, value in spec.items() if name not in ("key", "v", "ns")}
    return IndexModel(list(spec["key"].items()), **options)  # type: ignore[attr-defined]


def _sayers(backup: Backup) -> list[Part]:
    return [part for part in backup.data.parts if any(i["name"] == _UNSENT for i in part.indexes)]


def _known_until(target: Target, backup: Backup) -> datetime | None:
    """The office time of the last step that the snapshot holds."""
    last = {"$group": {"_id": None, "at": {"$max": {"$max": "$steps.when"}}}}
    rows = [
        row["at"]
        for part in _sayers(backup)
        for row in target.database(part.service)[part.collection].aggregate([last])
    ]
    return max(filter(None, rows), default=None)


def _catch_up(backup: Backup, target: Target, lines: Sequence[Line], gone: set[str]) -> Restored:
    """What happened since and must hold: numbers, erasures; then all is said again."""
    intake = target.database("intake")
    lost.advance_numbers(intake, lines)
    wanted = lost.restrictions(lines)
    there = {facts["number"] for facts in wanted if restrict_again(intake, facts)}
    histories = (target.database(part.service)[part.collection] for part in _sayers(backup))
    said = sum(History(sayer, "_id", _now).resend(Which()) for sayer in histories)
    return Restored(
        documents=backup.data.documents,
        said_again=said,
        keys_kept_destroyed=tuple(sorted(gone)),
        restricted=tuple(sorted(there)),
        restricted_lost=tuple(sorted({facts["number"] for facts in wanted} - there)),
        gaps=tuple(lost.gaps(intake, lines, lost.last_days(lines, backup.data.at))),
    )


def _now() -> datetime:
    return datetime.now(UTC)
