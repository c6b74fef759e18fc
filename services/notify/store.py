"""Where correspondences are kept, one document a case, and which units have a feed."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.collection import Collection

from huiyin.chassis.draft import Record
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.mongo import Doc
from huiyin.chassis.sight import bars_of
from huiyin.chassis.store import Documents
from services.notify.domain.correspondence import Correspondence
from services.notify.domain.feed import units_to_tell
from services.notify.domain.order import driven


def correspondences(foundation: Foundation) -> Documents[Correspondence]:
    """The collection `correspondences`, keyed by case number."""
    return foundation.documents(
        "correspondences",
        Correspondence,
        indexed=_scalars,
        indexes=[
            IndexModel([("due_office", ASCENDING)]),
            IndexModel([("due_machine", ASCENDING)]),
            IndexModel([("references", ASCENDING)]),
            IndexModel([("office", ASCENDING), ("tasks", ASCENDING)]),
            IndexModel([("uncertain", ASCENDING), ("office", ASCENDING)]),
            IndexModel([("feeds", ASCENDING)]),
        ],
        narrow=lambda *_: None,  # messages speak of the case as a whole: all of them are seen, or none
    )


def due(
    documents: Documents[Correspondence], office_now: datetime, machine_now: datetime, limit: int
) -> list[Record[Correspondence]]:
    """The cases in which a message waits no longer, for whichever clock."""
    waited = [{"due_office": {"$lte": office_now}}, {"due_machine": {"$lte": machine_now}}]
    return documents.find({"$or": waited}, limit=limit)


def _scalars(correspondence: Correspondence) -> Doc:
    """The earliest time of each clock, the work lists the case stands on, every reference."""
    waiting = driven(correspondence)
    attempts = [a for message in correspondence.messages for a in message.attempts]
    return {
        "due_office": min((m.due_office for m in waiting if m.due_office), default=None),
        "due_machine": min((m.due_machine for m in waiting if m.due_machine), default=None),
        "references": [attempt.reference for attempt in attempts],
        "tasks": sorted({m.current().medium for m in correspondence.messages if m.state == "listed"}),
        "uncertain": any(message.state == "uncertain" for message in correspondence.messages),
        **bars_of(correspondence),
        "feeds": [feed_key(correspondence.office, unit) for unit in units_to_tell(correspondence)],
    }


def feed_key(office: str, unit: str) -> str:
    """A unit among those of all offices."""
    return f"{office}|{unit}"


def feeds_waiting(documents: Documents[Correspondence], keys: Iterable[str]) -> set[str]:
    """Which of these feeds something waits for."""
    wanted = set(keys)
    found = documents.collection.distinct("feeds", {"feeds": {"$in": sorted(wanted)}})
    return wanted.intersection(found)


class Feeds:
    """The units that have a feed: a row from `add` on; lines are said while it is open."""

    def __init__(self, collection: Collection[Doc]) -> None:
        self._rows = collection

    def add(self, office: str, unit: str, feed: str, at: datetime) -> Doc:
        """The unit's row, made when there is none; from now on its lines are noted."""
        key = feed_key(office, unit)
        new = {"office": office, "unit": unit, "feed": feed, "since": at, "open": False, "marked_on": ""}
        row = self._rows.find_one_and_update(
            {"_id": key}, {"$setOnInsert": new}, upsert=True, return_document=ReturnDocument.AFTER
        )
        assert row is not None, "it was just made"
        return row

    def find(self, office: str, unit: str) -> Doc | None:
        """The unit's row."""
        return self._rows.find_one({"_id": feed_key(office, unit)})

    def set_open(self, key: str, open_: bool) -> None:
        """Begin to say what waits, or stop until somebody mends the stream; a new stream has no marker."""
        self._rows.update_one({"_id": key, "open": not open_}, {"$set": {"open": open_, "marked_on": ""}})

    def mark(self, key: str, day: date) -> None:
        """The day's marker is in the stream."""
        self._rows.update_one({"_id": key}, {"$set": {"marked_on": day.isoformat()}})

    def remove(self, key: str) -> None:
        """The unit has no feed any more; nothing more is noted for it."""
        self._rows.delete_one({"_id": key})

    def of_office(self, office: str) -> list[Doc]:
        """The office's rows, by unit."""
        return list(self._rows.find({"office": office}).sort("unit", ASCENDING))

    def open(self) -> list[Doc]:
        """The rows whose streams take lines."""
        return list(self._rows.find({"open": True}))

    def keys(self) -> set[str]:
        """All units that have a feed, open or not."""
        return {row["_id"] for row in self._rows.find({}, _KEY_ONLY)}

    def count_closed(self) -> int:
        """How many feeds wait for a person."""
        return self._rows.count_documents({"open": False})


_KEY_ONLY: Final = {"_id": 1}
