"""The files of a backup: compressed BSON, in folders that appear whole or not at all."""

import gzip
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from huiyin.chassis.anchor import sync_folder
from huiyin.snapshot.errors import SnapshotRefused
from huiyin.snapshot.manifest import Kind

RAW: Final = CodecOptions(document_class=RawBSONDocument)
_LEVEL: Final = 1  # sealed values do not shrink, so a higher level only costs time
_BATCH: Final = 1000
_BATCH_BYTES: Final = 8 * 1024 * 1024


class Written:
    """A file being written: whole BSON documents go in, their number and the file's hash come out."""

    def __init__(self, path: Path) -> None:
        self.documents = 0
        self._digest = hashlib.sha256()
        self._file = path.open("wb")
        self._packed = gzip.GzipFile("", "wb", _LEVEL, self, mtime=0)

    @property
    def sha256(self) -> str:
        """Of the file as it lies on disk."""
        return self._digest.hexdigest()

    def add(self, batch: bytes) -> int:
        """Append whole documents; returns how many."""
        self._packed.write(batch)
        count = sum(1 for _ in _lengths(batch))
        self.documents += count
        return count

    def write(self, packed: bytes) -> int:
        """What gzip hands on."""
        self._digest.update(packed)
        return self._file.write(packed)

    def flush(self) -> None:
        """Nothing waits before the end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._packed.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


def _lengths(batch: bytes) -> Iterator[int]:
    """The length of each document, with which it begins."""
    at = 0
    while at < len(batch):
        length = int.from_bytes(batch[at : at + 4], "little")
        yield length
        at += length


def batches(path: Path) -> Iterator[list[RawBSONDocument]]:
    """The documents of a file, in batches that one insert can take."""
    batch: list[RawBSONDocument] = []
    size = 0
    with gzip.open(path) as file:
        for document in bson.decode_file_iter(cast(BinaryIO, file), RAW):
            batch.append(document)
            size += len(document.raw)
            if len(batch) >= _BATCH or size >= _BATCH_BYTES:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch


def refuse_folders(data: Path, keys: Path) -> None:
    """Two new folders, neither inside the other: whoever gets the data must not find the keys in it."""
    inner, outer = keys.absolute().resolve(), data.absolute().resolve()
    if inner.is_relative_to(outer) or outer.is_relative_to(inner):
        raise SnapshotRefused(
            f"密钥须与数据分开保管：{keys} 与 {data} 不能互相包含"
            " (keys are kept apart: neither folder may lie inside the other)"
        )
    for folder in (data, keys):
        if folder.exists():
            raise SnapshotRefused(f"{folder} 已存在，请给一个新目录 (already there; name a new folder)")


@contextmanager
def drafts(final: Mapping[Kind, Path]) -> Iterator[dict[Kind, Path]]:
    """Folders to write in; moved to their places at the end, the last named first, or removed."""
    made = {kind: path.with_name(f".{path.name}.tmp") for kind, path in final.items()}
    try:
        for draft in made.values():
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o700, parents=True)
        yield made
        for kind in reversed(list(final)):
            made[kind].rename(final[kind])
            sync_folder(final[kind].parent)
    finally:
        for draft in made.values():
            shutil.rmtree(draft, ignore_errors=True)
