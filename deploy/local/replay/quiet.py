"""When all is quiet: nothing unsent, waiting or in hand, and as much heard as was said, seen twice.

What each relay published and each worker heard is counted in files (prometheus_client's, one a
process), so looking costs the platform nothing. What is unsent, waits, is due or is being sent lies
in the stores. Balanced counts, then empty stores, then the same counts again: whatever was on its way
meanwhile would show in one of the three.
"""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pymongo import MongoClient

from deploy.local.errors import LocalStackError
from deploy.local.replay.counts import Counts
from huiyin.contracts.services import SERVICES, Service
from huiyin.contracts.tides import TIDE_MARGIN

Doc = dict[str, Any]

_PAUSE_S: Final = 0.004
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_S: Final = 120.0
#: What is open in a service's store, by collection; `$now` stands for the office's time.
_OPEN: Final[dict[Service, dict[str, Doc]]] = {
    "intake": {"cases": {"$or": [{"unsent_since": {"$exists": True}}, {"sealable": True}]}},
    "dispatch": {"handlings": {"unsent_since": {"$exists": True}}},
    "supervision": {"supervisions": {"unsent_since": {"$exists": True}}},
    "feedback": {"echoes": {"unsent_since": {"$exists": True}}},
    "notify": {"correspondences": {"unsent_since": {"$exists": True}}},
}


class Quiet:
    """Watches one started platform; a context manager that holds its connection to the stores."""

    def __init__(self, mongo_url: str, counters: Path) -> None:
        self._client: MongoClient[Doc] = MongoClient(mongo_url, tz_aware=True)
        self._counts = Counts(counters)
        self.looks = self.deep = 0
        self.seconds = 0.0

    def close(self) -> None:
        """Let go of the stores."""
        self._client.close()

    def wait(self, now: datetime) -> datetime | None:
        """Return when all is quiet; the office time at which something falls due next."""
        began = time.monotonic()
        while True:
            due = self._look(now)
            if due is not False:
                self.seconds += time.monotonic() - began
                return due or None
            if time.monotonic() - began > _LONGEST_S:
                raise LocalStackError(f"平台 {_LONGEST_S:.0f} 秒未静止：{self.told(now)} (not quiet)")
            time.sleep(_PAUSE_S)

    def told(self, now: datetime) -> str:
        """What keeps it from being quiet."""
        open_ = [f"{s}: {what}" for s in SERVICES for what in self._open(s)]
        return f"{self._counts.balance()}; {'; '.join(open_) or 'stores empty'}"

    def _look(self, now: datetime) -> datetime | None | bool:
        self.looks += 1
        before = self._counts.balance()
        if before is None or not before.even:
            return False
        self.deep += 1
        if self._sending(now) or any(self._open(service) for service in SERVICES):
            time.sleep(_PAUSE_S)
            return False
        due = self._next_due()
        if due is not None and due <= now - TIDE_MARGIN:
            return False
        return due if self._counts.balance() == before else False

    def _open(self, service: Service) -> list[str]:
        database = self._client[f"huiyin_{service}"]
        found = [name for name, query in _OPEN[service].items() if database[name].find_one(query, {"_id": 1})]
        if database["waiting"].find_one({"state": "waiting"}, {"_id": 1}):
            found.append("waiting")
        return found

    def _sending(self, now: datetime) -> bool:
        correspondences = self._client["huiyin_notify"]["correspondences"]
        for query in ({"due_machine": {"$gt": _EVER}}, {"due_office": {"$gt": _EVER, "$lte": now}}):
            if correspondences.find_one(query, {"_id": 1}) is not None:
                return True
        return False

    def _next_due(self) -> datetime | None:
        supervised = _least(self._client["huiyin_supervision"]["supervisions"], "next_at")
        resting = _least(self._client["huiyin_notify"]["correspondences"], "due_office")
        return min((at for at in (supervised, resting) if at is not None), default=None)


def _least(collection: Any, name: str) -> datetime | None:
    row = collection.find_one({name: {"$gt": _EVER}}, {name: 1}, sort=[(name, 1)])
    at: datetime | None = row[name] if row else None
    return at
