"""Requests for a progress link that the worker has not answered yet."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from pymongo.collection import Collection

from huiyin.chassis.mongo import Doc

#: Nobody waits longer for a link; who wants it still asks again.
_HOLDS: Final = timedelta(minutes=10)


class LinkRequests:
    """A row each: the case's number, and the telephone by its HMAC."""

    def __init__(self, collection: Collection[Doc]) -> None:
        self._collection = collection

    def prepare(self) -> None:
        """Create the index that lets rows expire; safe to repeat."""
        self._collection.create_index("at", expireAfterSeconds=int(_HOLDS.total_seconds()))

    def add(self, number: str, phone: str, at: datetime) -> None:
        """Keep a request until it is answered or out of date."""
        self._collection.insert_one({"_id": uuid4().hex, "number": number, "phone": phone, "at": at})

    def waiting(self, now: datetime) -> Iterator[tuple[str, str, str]]:
        """Id, number and telephone of each, the oldest first."""
        for row in self._collection.find({"at": {"$gt": now - _HOLDS}}).sort("at", 1):
            yield row["_id"], row["number"], row["phone"]

    def done(self, request: str) -> None:
        """It was answered."""
        self._collection.delete_one({"_id": request})
