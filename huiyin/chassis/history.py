"""Has the relay say again what was said: after a restore, or for a hearer that lost a step.

One update a document sets `sent` back and makes it unsent; `version` is not touched, so no save
is disturbed. A relay that is publishing the document meanwhile marks it only when `sent` is still
what it read, so the resending is never lost. Hearers know the ids: nothing takes effect twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pymongo.collection import Collection

from huiyin.chassis.mongo import Doc

_AT_ONCE: Final = 500


@dataclass(frozen=True, kw_only=True)
class Which:
    """Whose history: of an office, of one case, of what had a step since a moment; or all."""

    office: str | None = None
    case: str | None = None
    since: datetime | None = None

    def query(self, key_field: str) -> Doc:
        """The documents it means, of those that said anything."""
        narrowed = {"office": self.office, key_field: self.case}
        found: Doc = {name: value for name, value in narrowed.items() if value is not None}
        if self.since is not None:
            found["steps.when"] = {"$gte": self.since}
        return {"said": {"$gt": 0}, **found}


class History:
    """What one service's documents said, from the first word."""

    def __init__(
        self, collection: Collection[Doc], key_field: str, machine_now: Callable[[], datetime]
    ) -> None:
        self._collection = collection
        self._key_field = key_field
        self._now = machine_now

    def resend(self, which: Which) -> int:
        """Have all these documents' events said again; answers how many documents."""
        return sum(self._unsend(ids) for ids in self._batches(which.query(self._key_field)))

    def _unsend(self, ids: list[Any]) -> int:
        unsent = {"$set": {"sent": 0}, "$min": {"unsent_since": self._now()}}
        return self._collection.update_many({"_id": {"$in": ids}}, unsent).matched_count

    def _batches(self, query: Doc) -> Iterator[list[Any]]:
        """Ids, a batch at a time; what is written while this runs is said by itself."""
        after: Doc = {}
        while True:
            found = self._collection.find({"$and": [query, after]}, {"_id": 1}).sort("_id").limit(_AT_ONCE)
            ids = [row["_id"] for row in found]
            if not ids:
                return
            yield ids
            after = {"_id": {"$gt": ids[-1]}}
