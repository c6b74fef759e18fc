"""When all is quiet: nothing unsent, waiting or in hand, and as much heard as was said, seen twice.

First the counters must balance: what was saved to be said and what the relays published, what each relay
gave to the queues of its hearers and what each hearer settled. Then the stores are asked for what is
unsent, waits, is due or is being sent. Then the counters must be the same. What was on its way meanwhile
would show in one of the three: an event is unsent in its store until it is counted as published, and
counted as heard only when its effect is saved.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

from deploy.local.counts import Balance, Counts
from deploy.local.errors import LocalStackError
from huiyin.contracts.services import SERVICES, Service
from huiyin.contracts.tides import TIDE_MARGIN

Doc = dict[str, Any]

_PAUSE_S: Final = 0.003
_OPEN_PAUSE_S: Final = 0.015
_LONGEST_S: Final = 120.0
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DOCUMENTS: Final[dict[Service, str]] = {
    "intake": "cases",
    "dispatch": "handlings",
    "supervision": "supervisions",
    "feedback": "echoes",
    "notify": "correspondences",
}
#: What falls due by the office's clock, and how long after its moment it is done.
_DUE: Final[dict[Service, str]] = {"supervision": "next_at", "notify": "due_office"}
_MARGINS: Final[dict[Service, timedelta]] = {"supervision": TIDE_MARGIN, "notify": timedelta()}
_UNSENT: Final[Doc] = {"unsent_since": {"$exists": True}}
#: What is unsent, and what a service does by itself as soon as it may: one question a service. What came late
#: to a volume is sealed a good while later.
_OPEN: Final[dict[Service, Doc]] = {
    "notify": {"$or": [_UNSENT, {"due_machine": {"$gt": _EVER}}]},  # open most often
    "intake": {"$or": [_UNSENT, {"sealable": True, "state.late_at": None}]},
    "dispatch": {"$or": [_UNSENT, {"held": True}]},
    "supervision": _UNSENT,
    "feedback": _UNSENT,
}


class Quiet:
    """Watches one started platform; holds a connection to its stores, which only this looks into."""

    def __init__(self, mongo_url: str, counters: Path) -> None:
        self._client: MongoClient[Doc] = MongoClient(mongo_url, tz_aware=True)
        self._counts = Counts(counters)
        self._due: datetime | None = None
        self.seconds = 0.0

    def close(self) -> None:
        """Let go of the stores."""
        self._client.close()

    def wait(self, now: datetime) -> datetime | None:
        """Return when all is quiet, with the office time at which something falls due next.

        LocalStackError tells what is still open when it takes too long.
        """
        self._until(lambda: self._is_quiet(now), now)
        return self._due

    def wait_done(self, now: datetime) -> None:
        """Return when what was due by now is done, whatever follows from it."""
        self._until(lambda: self._is_done(now), now)

    def due_until(self, end: datetime) -> dict[datetime, set[str]]:
        """The cases, by number, in which something falls due before a moment, by when it does."""
        found: dict[datetime, set[str]] = {}
        for service, field in _DUE.items():
            for row in self._documents(service).find({field: {"$gt": _EVER, "$lt": end}}, {field: 1}):
                found.setdefault(row[field], set()).add(row["_id"])
        return found

    def _until(self, holds: Callable[[], bool], now: datetime) -> None:
        began = time.monotonic()
        while not holds():
            if time.monotonic() - began > _LONGEST_S:
                raise LocalStackError(f"平台 {_LONGEST_S:.0f} 秒未静止 (not quiet): {self._told(now)}")
            time.sleep(_PAUSE_S)
        self.seconds += time.monotonic() - began

    def _is_quiet(self, now: datetime) -> bool:
        """One look; the stores, which others need as well, are not asked in vain too often."""
        before = self._counts.balance()
        if not before.even or (before.unsent and self._changes(before, _OPEN_PAUSE_S)):
            return False
        if self._open(now, laid_by=before.laid_by > 0):
            self._changes(before, _OPEN_PAUSE_S)
            return False
        return self._counts.balance() == before

    def _is_done(self, now: datetime) -> bool:
        """One look, and when something is left to do a pause, which ends when anything is said or heard."""
        before = self._counts.balance()
        if not self._due_by(now):
            return True
        self._changes(before, _OPEN_PAUSE_S)
        return False

    def _changes(self, before: Balance, within_s: float) -> bool:
        """Whether anything is said or heard in that time; what is open shows by that when it is done."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if self._counts.balance() != before:
                return True
            time.sleep(_PAUSE_S)
        return False

    def _open(self, now: datetime, *, laid_by: bool) -> str:
        """Where something is open, if anywhere."""
        for service, query in _OPEN.items():
            if _has(self._documents(service), query):
                return f"{service}: unsent or in hand"
        if self._due_by(now):
            return "due"
        for service in SERVICES if laid_by else ():
            if _has(self._store(service)["waiting"], {"state": "waiting"}):
                return f"{service}: waiting"
        return ""

    def _due_by(self, now: datetime) -> bool:
        """Whether anything should have been done by now; learns when something falls due next."""
        at = {service: self._least(service, field) for service, field in _DUE.items()}
        self._due = min((moment for moment in at.values() if moment is not None), default=None)
        return any(moment is not None and moment <= now - _MARGINS[name] for name, moment in at.items())

    def _least(self, service: Service, field: str) -> datetime | None:
        query = {field: {"$gt": _EVER}}
        row = self._documents(service).find_one(query, {field: 1}, sort=[(field, 1)])
        at: datetime | None = row[field] if row else None
        return at

    def _documents(self, service: Service) -> Collection[Doc]:
        return self._store(service)[_DOCUMENTS[service]]

    def _store(self, service: Service) -> Database[Doc]:
        return self._client[f"huiyin_{service}"]

    def _told(self, now: datetime) -> str:
        return f"{self._counts.balance()}; {self._open(now, laid_by=True) or 'stores empty'}"


def _has(collection: Collection[Doc], query: Doc) -> bool:
    return collection.find_one(query, {"_id": 1}) is not None
