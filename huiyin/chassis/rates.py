"""Rate limits that hold across all processes of a service: moving windows, a row a key, in its store."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from huiyin.chassis.errors import TooMany
from huiyin.chassis.mongo import Doc

#: A count that is lost with a member of the store costs nothing, so nobody waits for the others.
_QUICK: Final = WriteConcern(w=1, j=False)
_OWN: Final = ReadConcern("local")


@dataclass(frozen=True)
class Rate:
    """So many within any such span."""

    most: int
    span: timedelta


class Rates:
    """Counts what is asked, by key, in a collection whose rows expire with their window."""

    def __init__(self, rows: Collection[Doc], now: Callable[[], datetime]) -> None:
        self._rows = rows.with_options(write_concern=_QUICK, read_concern=_OWN)
        self._now = now

    def prepare(self) -> None:
        """Create the index that lets rows expire; safe to repeat."""
        self._rows.create_index("until", expireAfterSeconds=0)

    def take(self, rate: Rate, what: str, key: str) -> None:
        """Count one of `what` for this key, or TooMany with the seconds to wait; one write.

        What is refused is not counted. A key that names a person, such as a telephone, is its HMAC
        (`sealing.Lookup`), never the value.
        """
        now, row = self._now(), f"{what}:{key}"
        if not (self._taken(rate, row, now) or self._taken(rate, row, now)):
            raise self._too_many(row, rate, now)

    def _taken(self, rate: Rate, row: str, now: datetime) -> bool:
        """False when the row is full, or when another made it at this moment: then the next look tells."""
        room = {f"at.{rate.most - 1}": {"$not": {"$gt": now - rate.span}}}
        push = {"$push": {"at": {"$each": [now], "$position": 0, "$slice": rate.most}}}
        until = {"$set": {"until": now + rate.span}}
        try:
            self._rows.update_one({"_id": row, **room}, {**push, **until}, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    def _too_many(self, row: str, rate: Rate, now: datetime) -> TooMany:
        taken = (self._rows.find_one({"_id": row}) or {}).get("at") or [now]
        wait = max(1, math.ceil((taken[-1] + rate.span - now).total_seconds()))
        return TooMany(f"请求过于频繁，请在 {wait} 秒后再试。", wait)
