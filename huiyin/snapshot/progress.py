"""How a backup or a restore tells how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Told in stages, each of so many units."""

    def begin(self, what: str, total: int) -> None:
        """A stage begins."""

    def advance(self, units: int) -> None:
        """So much more is done."""


class Silent:
    """Tells nobody."""

    def begin(self, what: str, total: int) -> None:
        """Nothing to tell."""

    def advance(self, units: int) -> None:
        """Nothing to tell."""
