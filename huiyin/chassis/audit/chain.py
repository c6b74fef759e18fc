"""Lists a service's rows in batches, each bound to the one before by the key outside the database.

A batch names its rows, so it does not matter in which order several processes' rows come: what no
batch lists yet goes into the next. Several workers may look at a time: a batch is inserted under
the number that follows the newest one seen before, so only one of them takes it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from pymongo import DESCENDING
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from huiyin.chassis.audit.key import AuditKey
from huiyin.chassis.mongo import Doc

#: A batch stays far below the 16 MB that a document may have.
_MOST_ROWS: Final = 1_000
_NEWEST: Final = [("_id", DESCENDING)]


class Chain:
    """The batches of one service's audit, numbered from 1."""

    def __init__(
        self,
        rows: Collection[Doc],
        batches: Collection[Doc],
        key: AuditKey,
        machine_now: Callable[[], datetime],
    ) -> None:
        self._rows, self._batches, self._key, self._now = rows, batches, key, machine_now

    def newest(self) -> Doc | None:
        """The newest batch, without its rows."""
        return self._batches.find_one({}, {"rows": 0}, sort=_NEWEST)

    def grow(self) -> int:
        """Seal all rows that no batch lists; returns how many were sealed."""
        sealed = 0
        while count := self._seal_batch():
            sealed += count
        return sealed

    def note_kept(self, n: int) -> None:
        """Remember that another service holds this batch's head."""
        self._batches.update_one({"_id": n}, {"$set": {"kept": True}})

    def _seal_batch(self) -> int:
        # First the newest batch, then the rows: who was overtaken in between finds its number taken.
        last = self.newest()
        rows = self._unlisted()
        if last is not None and rows:
            rows = self._without_listed(last["_id"], rows)
        if not rows:
            return 0
        try:
            return self._insert(last, rows)
        except DuplicateKeyError:
            return 0  # another worker was quicker

    def _unlisted(self) -> list[Doc]:
        return list(self._rows.find({"batch": None}, {"mac": 1}).sort("_id", 1).limit(_MOST_ROWS))

    def _without_listed(self, n: int, rows: list[Doc]) -> list[Doc]:
        """The rows that the newest batch does not list; those it does, a crash left unmarked."""
        listed = {row["_id"] for row in self._batches.find_one({"_id": n}, {"rows": 1})["rows"]}  # type: ignore[index]
        if unmarked := [row for row in rows if row["_id"] in listed]:
            self._mark(n, unmarked)
        return [row for row in rows if row["_id"] not in listed]

    def _insert(self, last: Doc | None, rows: list[Doc]) -> int:
        batch: Doc = {
            "_id": last["_id"] + 1 if last else 1,
            "at": self._now(),
            "rows": [{"_id": row["_id"], "mac": row.get("mac")} for row in rows],
            "previous": last["head"] if last else b"",
        }
        self._batches.insert_one({**batch, "head": self._key.head(batch)})
        self._mark(batch["_id"], rows)
        return len(rows)

    def _mark(self, n: int, rows: Sequence[Doc]) -> None:
        self._rows.update_many({"_id": {"$in": [row["_id"] for row in rows]}}, {"$set": {"batch": n}})
