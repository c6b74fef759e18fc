"""What a backup's folder holds: one file a collection, and a manifest that can tell each is whole."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, Self

from bson import json_util

from huiyin.chassis.sealing import KEY_VAULT
from huiyin.contracts.services import SERVICES, Service
from huiyin.snapshot.errors import Damaged
from huiyin.snapshot.progress import Progress

Kind = Literal["data", "keys"]

MANIFEST: Final = "manifest.json"
PREFIX: Final = "huiyin"
_FORMAT: Final = 1
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Part:
    """One collection of one service: its file, what is in it, and its indexes as they were."""

    service: Service
    collection: str
    documents: int
    sha256: str
    indexes: Sequence[Mapping[str, Any]]

    @property
    def file(self) -> str:
        """Where it lies in the folder."""
        return f"{self.service}/{self.collection}.bson.gz"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A backup, or its data keys: both bear the same id.

    `at` is the machine's time of the snapshot, `cluster_time` the database's own (t, i).
    """

    id: str
    kind: Kind
    at: datetime
    cluster_time: tuple[int, int]
    huiyin: str
    mongodb: str
    offices: Sequence[str]
    parts: Sequence[Part]

    @property
    def documents(self) -> int:
        """How many documents there are in all."""
        return sum(part.documents for part in self.parts)

    def write(self, folder: Path) -> None:
        """Write it beside the files; the indexes as MongoDB's extended JSON."""
        text = json_util.dumps({"format": _FORMAT, **asdict(self), "at": self.at.isoformat()}, indent=1)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, kind: Kind) -> Self:
        """The manifest of a folder, or a Damaged that says what is wrong with it."""
        file = folder / MANIFEST
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
            if said.pop("format") != _FORMAT or said["kind"] != kind:
                raise Damaged(f"{file}: 不是本版本的{_KINDS[kind]} (no {kind} backup of this version)")
            parts = [
                Part(**{**part, "indexes": json_util.loads(json.dumps(part["indexes"]))})
                for part in said.pop("parts")
            ]
            at, time = datetime.fromisoformat(said.pop("at")), tuple(said.pop("cluster_time"))
            return cls(**said, parts=parts, at=at, cluster_time=time)
        except (OSError, ValueError, KeyError, TypeError) as wrong:
            raise Damaged(f"{file}: 备份清单无法读取 (the manifest cannot be read): {wrong}") from wrong


_KINDS: Final[Mapping[Kind, str]] = {"data": "数据备份", "keys": "密钥备份"}


def databases(prefix: str) -> dict[Service, str]:
    """The database of each service."""
    return {service: f"{prefix}_{service}" for service in SERVICES}


def kind_of(collection: str) -> Kind:
    """Which of the two folders a collection goes to."""
    return "keys" if collection == KEY_VAULT else "data"


def verify(manifest: Manifest, folder: Path, progress: Progress) -> None:
    """Damaged, naming every file that is missing or is not what was written."""
    progress.begin("核对 verify", len(manifest.parts))
    wrong = list(_wrong_files(manifest, folder, progress))
    if wrong:
        raise Damaged(
            f"{folder}: 备份已损坏，未作任何改动 (damaged, nothing was changed): {', '.join(wrong)}"
        )


def _wrong_files(manifest: Manifest, folder: Path, progress: Progress) -> Iterator[str]:
    for part in manifest.parts:
        file = folder / part.file
        if not file.is_file() or _sha256(file) != part.sha256:
            yield part.file
        progress.advance(1)


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
