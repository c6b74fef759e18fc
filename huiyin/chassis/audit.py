"""The audit of readings, refusals and exports: rows inserted before the answer leaves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from pymongo.collection import Collection
from pymongo.write_concern import WriteConcern

from huiyin.chassis.steps import Actor

_DURABLE: Final = WriteConcern(w="majority", j=True, wtimeout=5000)


class Audit:
    """Writes rows that are on disk on most members when `record` returns."""

    def __init__(self, collection: Collection[dict[str, Any]]) -> None:
        self._rows = collection.with_options(write_concern=_DURABLE)

    def record(
        self, what: str, who: Actor, case: str, when: datetime, detail: Mapping[str, Any] | None = None
    ) -> ObjectId:
        """Insert one row; raises when it could not be kept, so that nothing goes unrecorded."""
        row = {
            "_id": ObjectId(),
            "what": what,
            "who": {"subject": who.subject, "role": who.role, "office": who.office, "unit": who.unit},
            "case": case,
            "when": when,
            "detail": dict(detail or {}),
        }
        self._rows.insert_one(row)
        return row["_id"]  # type: ignore[return-value]
