"""Serials: of cases from leased blocks, of vouchers and volumes one by one."""

import threading
from datetime import date
from typing import Final

from pymongo import ASCENDING, ReturnDocument
from pymongo.collection import Collection

from huiyin.chassis.anchor import Anchor
from huiyin.chassis.mongo import Doc

_BLOCK: Final = 50


class Numbers:
    """Serials from leased blocks: one hot counter document would allow a few hundred a second.

    A process that ends burns what is left of its block; numbers are never used twice (E-43): a block
    is anchored outside the database before its first number is used, so not after a restore either.
    """

    def __init__(self, collection: Collection[Doc], anchor: Anchor) -> None:
        self._collection = collection
        self._anchor = anchor
        self._lock = threading.Lock()
        self._left: dict[str, tuple[str, list[int]]] = {}

    def next(self, office: str, day: date) -> int:
        """The office's next serial of the day."""
        name = f"{office}:{day:%Y%m%d}"
        with self._lock:
            leased, left = self._left.get(office, ("", []))
            if leased != name or not left:
                left = self._lease(name)
                self._left[office] = (name, left)
            return left.pop(0)

    def leased(self, after: str, limit: int) -> list[Doc]:
        """How many serials were leased, {office, day, leased}, behind a row's id `office:day`."""
        found = self._collection.find({"_id": {"$gt": after}}).sort("_id", ASCENDING).limit(limit)
        names = ((row, row["_id"].rpartition(":")) for row in found)
        return [{"office": office, "day": day, "leased": row["next"]} for row, (office, _, day) in names]

    def _lease(self, name: str) -> list[int]:
        row = self._collection.find_one_and_update(
            {"_id": name}, {"$inc": {"next": _BLOCK}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        assert row is not None
        first, last = row["next"] - _BLOCK + 1, row["next"]
        self._anchor.write("numbers", block=name, first=first, last=last)
        return list(range(first, last + 1))


class Series:
    """Serials given one by one, without gaps but for what failed: vouchers (S2-60), volumes (S2-50).

    Each is anchored outside the database before it is used, so that a restore gives none twice.
    """

    def __init__(self, collection: Collection[Doc], anchor: Anchor) -> None:
        self._collection = collection
        self._anchor = anchor

    def next(self, name: str) -> int:
        """The next serial of the series `office:what:year`."""
        row = self._collection.find_one_and_update(
            {"_id": name}, {"$inc": {"last": 1}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        assert row is not None
        serial: int = row["last"]
        self._anchor.write("series", block=name, first=serial, last=serial)
        return serial
