"""Keeps the heads of another service's audit: what it can then neither shorten nor replace unseen."""

from collections.abc import Callable
from datetime import datetime

from pymongo import ASCENDING, DESCENDING
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from huiyin.chassis.errors import Conflict
from huiyin.chassis.mongo import Doc


class Heads:
    """The heads that this service holds for others; each is written once and never changed."""

    def __init__(self, collection: Collection[Doc], machine_now: Callable[[], datetime]) -> None:
        self._heads, self._now = collection, machine_now

    def prepare(self) -> None:
        """Make the index by which a number is kept once."""
        self._heads.create_index([("service", ASCENDING), ("n", ASCENDING)], unique=True)

    def keep(self, service: str, n: int, head: str) -> None:
        """Keep the head of a service's batch `n`, in hex; the same one again is no harm.

        Conflict when another head is kept for it, or a later batch's: then the audit was cut off.
        """
        if self._holds(service, n, head):
            return
        if (newest := self.newest(service)) and newest["n"] >= n:
            raise Conflict(f"{service} 的第 {newest['n']} 批已有凭据，与第 {n} 批不合。")
        try:
            self._heads.insert_one({"service": service, "n": n, "head": head, "at": self._now()})
        except DuplicateKeyError:  # another worker's call came between
            self.keep(service, n, head)

    def newest(self, service: str) -> Doc | None:
        """The newest head that is kept of a service."""
        return self._heads.find_one({"service": service}, sort=[("n", DESCENDING)])

    def between(self, service: str, after: int, until: int) -> dict[int, str]:
        """The kept heads by batch, of those behind `after` up to `until`."""
        query = {"service": service, "n": {"$gt": after, "$lte": until}}
        return {kept["n"]: kept["head"] for kept in self._heads.find(query)}

    def _holds(self, service: str, n: int, head: str) -> bool:
        return self._heads.find_one({"service": service, "n": n, "head": head}) is not None
