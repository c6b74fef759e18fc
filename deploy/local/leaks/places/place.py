"""What a place is: a name, controls planted in it, and its pieces."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from deploy.local.leaks.controls import Controls

#: A control that must be found: the piece's `where`, and the wrapping.
Mark = tuple[str, str]


@dataclass(frozen=True)
class Piece:
    """Some bytes and where they are; `about` are the people whom they are for, by number."""

    where: str
    content: bytes
    about: frozenset[int] = frozenset()


class Place(Protocol):
    """Somewhere identity might have gone."""

    name: str

    def plant(self, controls: Controls) -> set[Mark]:
        """Plant controls in this very place; what must be found then."""

    def pieces(self) -> Iterator[Piece]:
        """All that is there."""


def marks(wheres: Iterable[str], ways: Iterable[str]) -> set[Mark]:
    """Each wrapping at each of the places."""
    return {(where, way) for where in wheres for way in list(ways)}
