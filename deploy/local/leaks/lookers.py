"""Several processes look for people at a time: what lies in the files takes a core a minute."""

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain
from types import TracebackType
from typing import Final, Self

from deploy.local.leaks.needles import Hit, Needles
from deploy.local.leaks.people import people
from deploy.local.leaks.places.place import Piece

#: So much is looked through at a time.
_HANDFUL_BYTES: Final = 512 * 1024


@dataclass(frozen=True)
class Looked:
    """A piece without its content, its size in bytes, and who was in it."""

    piece: Piece
    size: int
    hits: set[Hit]


class Lookers:
    """As many as there are cores; each makes the same people of the seed."""

    def __init__(self, amount: int, seed: int) -> None:
        self._look = partial(_looked, amount, seed)
        spawned = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(os.cpu_count(), spawned)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def look(self, pieces: Iterable[Piece]) -> Iterator[Looked]:
        """Each piece with everybody who is in it."""
        return chain.from_iterable(self._pool.map(self._look, _handfuls(pieces)))


def _looked(amount: int, seed: int, pieces: Sequence[Piece]) -> list[Looked]:
    needles = _needles(amount, seed)
    return [
        Looked(replace(piece, content=b""), len(piece.content), needles.look(piece.content))
        for piece in pieces
    ]


@cache
def _needles(amount: int, seed: int) -> Needles:
    return Needles(people(amount, seed))


def _handfuls(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    held, size = list[Piece](), 0
    for piece in pieces:
        held.append(piece)
        size += len(piece.content)
        if size > _HANDFUL_BYTES:
            yield held
            held, size = [], 0
    yield held
