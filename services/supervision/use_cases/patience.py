"""How long a due moment has been held for dispatch's tide; in memory, by the machine clock."""

from collections.abc import Callable, Collection
from datetime import datetime

Held = tuple[str, datetime]
"""A case number and the moment that has come."""


class Patience:
    """Remembers since when each moment is held; after `seconds` it is held no longer."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self.seconds = seconds
        self._monotonic = monotonic
        self._since: dict[Held, float] = {}

    def is_over(self, held: Held) -> bool:
        """Whether the moment was held long enough; the first question starts the count."""
        since = self._since.setdefault(held, self._monotonic())
        return self._monotonic() - since >= self.seconds

    def forget_but(self, numbers: Collection[str]) -> None:
        """Let go of cases in which nothing is due any more."""
        for gone in [held for held in self._since if held[0] not in numbers]:
            del self._since[gone]
