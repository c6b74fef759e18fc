"""How far the other services have spoken, as far as this process has heard.

Kept in memory on purpose: after a start nothing is known, so clocks rest until a tide comes,
and the tide comes behind all that was queued meanwhile.
"""

import logging
from datetime import datetime

from huiyin.contracts.tides import parse_tide

_log = logging.getLogger(__name__)


class Tides:
    """The highest tide heard of each sayer."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def rise(self, raw: bytes) -> None:
        """Hear a tide; an older one than held is nothing new."""
        try:
            sayer, until = parse_tide(raw)
        except ValueError as malformed:
            _log.warning("a tide was not understood and is let go: %s", malformed)
            return
        if sayer not in self._until or self._until[sayer] < until:
            self._until[sayer] = until

    def of(self, sayer: str) -> datetime | None:
        """The moment until which the sayer has spoken, if it was heard at all."""
        return self._until.get(sayer)
