"""One row for each reading, refusal and export, inserted before the answer leaves."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.write_concern import WriteConcern

from huiyin.chassis.audit.key import AuditKey, made_at
from huiyin.chassis.mongo import Doc
from huiyin.chassis.steps import Actor

_DURABLE: Final = WriteConcern(w="majority", j=True, wtimeout=5000)
_NEWEST_FIRST: Final = ("_id", DESCENDING)
_INDEXES: Final = [
    IndexModel([("batch", ASCENDING), ("_id", ASCENDING)]),  # rows that no batch lists yet have none
    *(IndexModel([(by, ASCENDING), _NEWEST_FIRST]) for by in ("who.office", "who.subject", "case")),
]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which rows of an office are looked for; nothing means all. `since` ≤ office time < `until`."""

    office: str
    who: str | None = None
    what: str | None = None
    case: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: ObjectId | None = None
    #: The cases that stand behind a wall for whoever looks.
    hidden: Sequence[str] = ()

    def query(self) -> Doc:
        """The same for the store; `what` also finds what begins with it and a full stop."""
        found: Doc = {
            "who.subject": self.who,
            "what": self.what and re.compile(rf"^{re.escape(self.what)}(\.|\Z)"),
            "case": _between({"$eq": self.case, "$nin": list(self.hidden) or None}),
            "when": _between({"$gte": self.since, "$lt": self.until}),
            "_id": _between({"$lt": self.before}),
        }
        return {"who.office": self.office, **{name: value for name, value in found.items() if value}}


class Audit:
    """Writes rows that are on disk on most members when `record` returns."""

    def __init__(self, collection: Collection[Doc], key: AuditKey) -> None:
        self._rows = collection.with_options(write_concern=_DURABLE)
        self._key = key

    def prepare(self) -> None:
        """Make the indexes by which rows are sealed and found."""
        self._rows.create_indexes(_INDEXES)

    def record(
        self, what: str, who: Actor, case: str, when: datetime, detail: Mapping[str, Any] | None = None
    ) -> ObjectId:
        """Insert one row; raises when it could not be kept, so that nothing goes unrecorded."""
        row: Doc = {
            "_id": ObjectId(),
            "what": what,
            "who": {"subject": who.subject, "role": who.role, "office": who.office, "unit": who.unit},
            "case": case,
            "when": when,
            "detail": dict(detail or {}),
        }
        self._rows.insert_one({**row, "mac": self._key.mac(row)})
        return row["_id"]  # type: ignore[no-any-return]

    def found(self, wanted: Wanted, limit: int) -> list[Doc]:
        """The newest rows that are wanted, as an auditor sees them."""
        rows: Iterable[Doc] = self._rows.find(wanted.query()).sort(*_NEWEST_FIRST).limit(limit)
        return [_shown(row) for row in rows]


def _between(bounds: Doc) -> Doc:
    return {name: bound for name, bound in bounds.items() if bound is not None}


def _shown(row: Doc) -> Doc:
    return {
        "id": str(row["_id"]),
        "at": made_at(row["_id"]),
        "when": row["when"].isoformat(),
        **{name: row[name] for name in ("what", "who", "case", "detail")},
        "batch": row.get("batch"),
    }
