"""Contacts given out."""

from datetime import datetime

from pymongo.collection import Collection

from huiyin.chassis.mongo import Doc


class Contacts:
    """Contacts given out: the same request gets the same sealed answer until it expires."""

    def __init__(self, collection: Collection[Doc]) -> None:
        self._collection = collection

    def prepare(self) -> None:
        """Create the index that lets answers expire; safe to repeat."""
        self._collection.create_index("until", expireAfterSeconds=0)

    def given(self, request: str, now: datetime) -> str | None:
        """The answer this request got and that still holds."""
        row = self._collection.find_one({"_id": request, "until": {"$gt": now}})
        return row["sealed"] if row else None

    def give(self, request: str, sealed: str, until: datetime) -> None:
        """Keep an answer until it expires."""
        self._collection.update_one(
            {"_id": request}, {"$set": {"sealed": sealed, "until": until}}, upsert=True
        )
