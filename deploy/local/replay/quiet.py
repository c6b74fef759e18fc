"""When all is quiet: nothing unsent, waiting or in hand, and as much heard as was said, seen twice.

First the counters must balance: what each relay gave to the queues of its hearers, and what each
hearer settled. Then the stores are asked for what is unsent, waits, is due or is being sent. Then the
counters must be the same. What was on its way meanwhile would show in one of the three: an event is
unsent in its store until it is counted as published, and counted as heard only when its effect is saved.
"""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.errors import LocalStackError
from deploy.local.replay.counts import Balance, Counts
from huiyin.contracts.services import SERVICES
from huiyin.contracts.tides import TIDE_MARGIN

Doc = dict[str, Any]

_PAUSE_S: Final = 0.003
_OPEN_PAUSE_S: Final = 0.03
_LONGEST_S: Final = 120.0
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DOCUMENTS: Final = {
    "intake": "cases",
    "dispatch": "handlings",
    "supervision": "supervisions",
    "feedback": "echoes",
    "notify": "correspondences",
}
_UNSENT: Final[Doc] = {"unsent_since": {"$exists": True}}


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
        began = time.monotonic()
        while not self._is_quiet(now):
            if time.monotonic() - began > _LONGEST_S:
                raise LocalStackError(f"平台 {_LONGEST_S:.0f} 秒未静止 (not quiet): {self._told(now)}")
        self.seconds += time.monotonic() - began
        return self._due

    def _is_quiet(self, now: datetime) -> bool:
        """One look; the stores, which others need as well, are not asked in vain too often."""
        before = self._counts.balance()
        if not before.even:
            time.sleep(_PAUSE_S)
            return False
        if self._open(now, laid_by=before.laid_by > 0):
            self._rest(before)
            return False
        return self._counts.balance() == before

    def _rest(self, before: Balance) -> None:
        """What is open shows by an event when it is done; if it does not, the stores are asked again."""
        until = time.monotonic() + _OPEN_PAUSE_S
        while self._counts.balance() == before and time.monotonic() < until:
            time.sleep(_PAUSE_S)

    def _open(self, now: datetime, *, laid_by: bool) -> str:
        """The first thing that is open, if any; what is open most often is asked for first."""
        if self._sending(now):
            return "notify: sending"
        for service, name in _DOCUMENTS.items():
            if _has(self._store(service), name, _UNSENT):
                return f"{service}: unsent"
        if _has(self._store("intake"), "cases", {"sealable": True}):
            return "intake: sealable"
        for service in SERVICES if laid_by else ():
            if _has(self._store(service), "waiting", {"state": "waiting"}):
                return f"{service}: waiting"
        self._due = self._next_due()
        return "due" if self._due is not None and self._due <= now - TIDE_MARGIN else ""

    def _sending(self, now: datetime) -> bool:
        """Whether notify has anything in hand that no person and no later office time must move."""
        by_machine = {"due_machine": {"$gt": _EVER}}
        by_office = {"due_office": {"$gt": _EVER, "$lte": now}}
        return any(_has(self._store("notify"), "correspondences", due) for due in (by_machine, by_office))

    def _next_due(self) -> datetime | None:
        limits = _least(self._store("supervision"), "supervisions", "next_at")
        resting = _least(self._store("notify"), "correspondences", "due_office")
        return min((at for at in (limits, resting) if at is not None), default=None)

    def _store(self, service: str) -> Database[Doc]:
        return self._client[f"huiyin_{service}"]

    def _told(self, now: datetime) -> str:
        return f"{self._counts.balance()}; {self._open(now, laid_by=True) or 'stores empty'}"


def _has(store: Database[Doc], name: str, query: Doc) -> bool:
    return store[name].find_one(query, {"_id": 1}) is not None


def _least(store: Database[Doc], name: str, field: str) -> datetime | None:
    row = store[name].find_one({field: {"$gt": _EVER}}, {field: 1}, sort=[(field, 1)])
    at: datetime | None = row[field] if row else None
    return at
