"""Where supervisions are kept: one document a case, found by what falls due and what waits."""

from datetime import date, datetime

from pymongo import ASCENDING, IndexModel

from huiyin.chassis.draft import Record
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.mongo import Doc
from huiyin.chassis.store import Documents
from services.supervision.domain.falling_due import next_at
from services.supervision.domain.supervision import Supervision


def supervisions(foundation: Foundation) -> Documents[Supervision]:
    """The collection `supervisions`, keyed by case number."""
    return foundation.documents(
        "supervisions",
        Supervision,
        indexed=_scalars,
        indexes=[
            IndexModel([("next_at", ASCENDING)]),
            IndexModel([("office", ASCENDING), ("pending", ASCENDING)]),
            IndexModel([("calendar", ASCENDING), ("runs", ASCENDING)]),
            IndexModel([("office", ASCENDING), ("dues", ASCENDING)]),
        ],
    )


def due(documents: Documents[Supervision], now: datetime) -> list[tuple[str, datetime]]:
    """The cases in which something falls due, by number and moment, the oldest first."""
    found = documents.collection.find({"next_at": {"$lte": now}}, {"next_at": 1})
    return [(row["_id"], row["next_at"]) for row in found.sort("next_at", ASCENDING)]


def counted_otherwise(documents: Documents[Supervision], mark: str, limit: int) -> list[Record[Supervision]]:
    """Cases whose clocks run by another calendar than the marked one (E-10)."""
    return documents.find({"calendar": {"$ne": mark}, "runs": True}, limit=limit)


def _scalars(supervision: Supervision) -> Doc:
    """`next_at`: when something falls due; `pending`: what waits for a person; `runs` and
    `calendar`: whose dates must be counted again when the calendar changes; `dues`: the dates
    of the clocks that run.
    """
    pending = {
        "review": bool(supervision.to_review),
        "extension": bool(supervision.asked),
        "dissatisfaction": supervision.doubted is not None,
    }
    return {
        "next_at": next_at(supervision),
        "pending": [what for what, waits in pending.items() if waits],
        "calendar": supervision.calendar,
        "runs": bool(supervision.running),
        "dues": [c.own_limit.due_on.isoformat() for c in supervision.running if c.own_limit is not None],
    }


def running_dues(documents: Documents[Supervision], office: str) -> list[date]:
    """The dates of every clock of the office that runs."""
    found = documents.collection.find({"office": office, "dues": {"$gt": ""}}, {"dues": 1, "_id": 0})
    return [date.fromisoformat(due) for row in found for due in row["dues"]]
