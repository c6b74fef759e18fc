"""Stops guessing: after some wrong tries a key is locked, for a growing time.

A try is counted before it is judged, in one write, so that many tries at once are not many chances;
who was right takes the try back. A key is told alike whether or not there is such a thing as it names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from huiyin.chassis.mongo import Doc

_MS: Final = 1000


@dataclass(frozen=True)
class Patience:
    """How many wrong tries are borne, how long the first lock lasts and the longest, when all is forgotten.

    Each further wrong try doubles the lock. `forget` counts from the end of the last lock or try.
    """

    tries: int
    first: timedelta
    longest: timedelta
    forget: timedelta


class Locked(Exception):
    """The key is locked for so many more seconds."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"locked for {wait_s} s")
        self.wait_s = wait_s


class Lockout:
    """Counts wrong tries in a collection; `key` is a hash, so that the rows name nobody."""

    def __init__(self, rows: Collection[Doc], now: Callable[[], datetime]) -> None:
        self._rows = rows
        self._now = now

    def prepare(self) -> None:
        """Create the index that lets rows expire; safe to repeat."""
        self._rows.create_index("forget_at", expireAfterSeconds=0)

    def begin(self, key: str, patience: Patience) -> bool:
        """Count a try; Locked while the key is locked. Whether this try, if it is wrong, locks it."""
        now = self._now()
        row = self._count(key, patience, now) or self._count(key, patience, now)
        if row is None:
            raise Locked(self._left(key, now))
        return bool(row["until"] > now)

    def _count(self, key: str, patience: Patience, now: datetime) -> Doc | None:
        """None when the key is locked, or when another made its row at this moment: look again then."""
        open_ = {"_id": key, "until": {"$lte": now}}
        after = ReturnDocument.AFTER
        try:
            return self._rows.find_one_and_update(
                open_, _counted(patience, now), upsert=True, return_document=after
            )
        except DuplicateKeyError:
            return None

    def take_back(self, key: str) -> None:
        """The try that was just counted was right: it counts as none, and locks nothing."""
        self._rows.update_one({"_id": key}, [{"$set": {"tries": _less_one(), "until": self._now()}}])

    def _left(self, key: str, now: datetime) -> int:
        row = self._rows.find_one({"_id": key}) or {"until": now}
        return max(1, int((row["until"] - now).total_seconds()) + 1)


def _less_one() -> Doc:
    return {"$max": [0, {"$subtract": ["$tries", 1]}]}


def _counted(patience: Patience, now: datetime) -> list[Doc]:
    """The update that counts one more try and says until when the key is locked by it."""
    fresh: Doc = {"$lt": [{"$ifNull": ["$forget_at", now]}, now]}  # the store's own sweep is a minute late
    tries: Doc = {"$cond": [fresh, 1, {"$add": [{"$ifNull": ["$tries", 0]}, 1]}]}
    over: Doc = {"$min": [{"$subtract": ["$tries", patience.tries]}, 30]}
    lock: Doc = {"$min": [_ms(patience.longest), {"$multiply": [_ms(patience.first), {"$pow": [2, over]}]}]}
    until: Doc = {"$cond": [{"$lt": ["$tries", patience.tries]}, now, {"$add": [now, lock]}]}
    return [
        {"$set": {"tries": tries}},
        {"$set": {"until": until}},
        {"$set": {"forget_at": {"$add": ["$until", _ms(patience.forget)]}}},
    ]


def _ms(span: timedelta) -> Any:
    return int(span.total_seconds() * _MS)
