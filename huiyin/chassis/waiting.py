"""What could not be handled yet, kept in the store until it can.

A message that fails is saved here with its raw bytes and then acknowledged. `failed` rows are
retried with growing, jittered delays and parked after the last try; `early` rows (they speak
of what has not come) wait without end and are tried again when their case is saved;
malformed ones are `parked` at once, for a person to look at and send again.
"""

import hashlib
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import bson
from bson.errors import BSONError
from pymongo import ASCENDING, IndexModel, ReturnDocument, UpdateOne
from pymongo.collection import Collection

from huiyin.chassis.mongo import Doc

Reason = Literal["early", "failed", "malformed", "dead"]
State = Literal["waiting", "parked", "dropped"]

_TRIES: Final = 10
_CEILING_S: Final = 300.0
_EARLY_CEILING_S: Final = 30.0
_LEASE_S: Final = 30.0
_EARLY: Final = {"reason": "early", "state": "waiting"}
_DOUBLINGS: Final = 20  # far past both ceilings


@dataclass(frozen=True)
class Trouble:
    """One message that could not be handled: what it was, and why not."""

    raw: bytes
    headers: dict[str, Any]
    reason: Reason
    error: str
    event_id: str = ""
    case: str = ""

    @property
    def row_id(self) -> str:
        """The event's id, or a hash of the bytes of what has none."""
        return self.event_id or hashlib.sha256(self.raw).hexdigest()


class Waiting:
    """The service's own `waiting` collection."""

    def __init__(self, collection: Collection[Doc], machine_now: Callable[[], datetime]) -> None:
        self.collection = collection
        self._now = machine_now
        self._some_early = True

    def prepare(self) -> None:
        """Create the indexes; safe to repeat."""
        self.collection.create_indexes(
            [
                IndexModel([("state", ASCENDING), ("not_before", ASCENDING)]),
                IndexModel([("case", ASCENDING), ("reason", ASCENDING)]),
            ]
        )

    def keep(self, troubles: Iterable[Trouble]) -> None:
        """Save the messages; one that waits already counts one more attempt."""
        writes = [self._row(trouble) for trouble in troubles]
        if writes:
            self._some_early = True
            self.collection.bulk_write(writes, ordered=False)

    def _row(self, trouble: Trouble) -> UpdateOne:
        parked = trouble.reason == "malformed"
        delay = 0.0 if trouble.reason == "dead" else _delay(trouble.reason, 1)
        return UpdateOne(
            {"_id": trouble.row_id},
            {
                "$set": {
                    "reason": trouble.reason,
                    "error": trouble.error,
                    "state": "parked" if parked else "waiting",
                    "not_before": self._now() + timedelta(seconds=delay),
                },
                "$setOnInsert": {
                    "raw": trouble.raw,
                    "headers": _storable(trouble.headers),
                    "case": trouble.case,
                    "since": self._now(),
                },
                "$inc": {"attempts": 1},
            },
            upsert=True,
        )

    def due(self) -> Doc | None:
        """Lease the next row whose time has come; another worker will not get it meanwhile."""
        return self.collection.find_one_and_update(
            {"state": "waiting", "not_before": {"$lte": self._now()}},
            {"$set": {"not_before": self._now() + timedelta(seconds=_LEASE_S)}},
            sort=[("not_before", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )

    def done(self, row_id: str) -> None:
        """The message was handled at last."""
        self.collection.delete_one({"_id": row_id})

    def again(self, row: Doc, reason: Reason, error: str) -> None:
        """It failed once more: later, or parked after the last try (early ones never are)."""
        attempts = row["attempts"] + 1
        last = reason == "malformed" or (reason != "early" and attempts >= _TRIES)
        self.collection.update_one(
            {"_id": row["_id"], "state": "waiting"},  # a person may have parked it meanwhile
            {
                "$set": {
                    "attempts": attempts,
                    "reason": reason,
                    "error": error,
                    "state": "parked" if last else "waiting",
                    "not_before": self._now() + timedelta(seconds=_delay(reason, attempts)),
                }
            },
        )

    def wake(self, cases: Iterable[str]) -> bool:
        """These cases were saved: what waited for them may be tried again now; whether anything did."""
        if not self._some_early:
            return False  # nearly always; a write that changes nothing would still wait for the journal
        woken = self.collection.update_many(
            {"case": {"$in": list(cases)}, **_EARLY}, {"$set": {"not_before": self._now()}}
        )
        return woken.matched_count > 0

    def notice(self) -> None:
        """Look whether anything early waits at all, laid by here or by another worker of the service.

        Asked for every second: what is younger than that is tried again about as soon without being woken.
        """
        self._some_early = self.collection.find_one(_EARLY, {"_id": 1}) is not None

    def retry(self, row_id: str) -> bool:
        """A person has a waiting message tried now; False when it does not wait."""
        return self._act(row_id, "waiting", {"not_before": self._now()})

    def park(self, row_id: str, why: str) -> bool:
        """A person takes a waiting message aside, with the reason; False when it does not wait."""
        return self._act(row_id, "waiting", {"state": "parked", "parked": why})

    def resend(self, row_id: str) -> bool:
        """A person sends a parked message again; False when there is none."""
        return self._act(row_id, "parked", {"state": "waiting", "attempts": 0, "not_before": self._now()})

    def drop(self, row_id: str, why: str) -> bool:
        """A person gives a parked message up; its row is kept with the reason."""
        return self._act(row_id, "parked", {"state": "dropped", "dropped": why})

    def _act(self, row_id: str, state: State, changes: Doc) -> bool:
        result = self.collection.update_one({"_id": row_id, "state": state}, {"$set": changes})
        return result.matched_count == 1

    def get(self, row_id: str) -> Doc | None:
        """One row as it is kept."""
        return self.collection.find_one({"_id": row_id})

    def listed(self, state: State, skip: int, limit: int, without: Sequence[str] = ()) -> list[Doc]:
        """Rows in a state without their bytes, oldest first; those of some cases left out."""
        found = self.collection.find({"state": state, **_but(without)}, {"raw": 0, "headers": 0})
        return list(found.sort([("since", ASCENDING), ("_id", ASCENDING)]).skip(skip).limit(limit))

    def of_cases(self, cases: Doc, limit: int = 0) -> list[Doc]:
        """Rows of a range of case numbers without their bytes, by case, in whatever state."""
        found = self.collection.find({"case": cases}, {"raw": 0, "headers": 0})
        return list(found.sort([("case", ASCENDING), ("reason", ASCENDING)]).limit(limit))

    def held(self, cases: Iterable[str]) -> frozenset[str]:
        """Those of the cases of which anything still waits to be handled."""
        query = {"case": {"$in": list(cases)}, "state": "waiting"}
        return frozenset(row["case"] for row in self.collection.find(query, {"case": 1}))

    def counts(self, without: Sequence[str] = ()) -> dict[str, int]:
        """How many rows wait and are parked, and how many were dropped, if any; but those of some cases."""
        groups = self.collection.aggregate(
            [{"$match": _but(without)}, {"$group": {"_id": "$state", "n": {"$sum": 1}}}]
        )
        return {"waiting": 0, "parked": 0, **{group["_id"]: group["n"] for group in groups}}


def _but(without: Sequence[str]) -> Doc:
    return {"case": {"$nin": list(without)}} if without else {}


def _storable(headers: dict[str, Any]) -> dict[str, Any]:
    """The headers, or their look where BSON does not know them: they only help a person to see."""
    try:
        bson.encode(headers)
    except (BSONError, ValueError, OverflowError):
        return {ascii(name): ascii(value) for name, value in headers.items()}
    return headers


def _delay(reason: Reason, attempts: int) -> float:
    ceiling = _EARLY_CEILING_S if reason == "early" else _CEILING_S
    jitter = random.uniform(0.5, 1.0)  # noqa: S311 - no secret
    return jitter * min(ceiling, 0.5 * 2.0 ** min(attempts, _DOUBLINGS))
