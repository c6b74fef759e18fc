"""Where supervisions are kept: one document a case, found by what falls due and what waits."""

from datetime import date, datetime

from pymongo import ASCENDING, IndexModel

from huiyin.chassis.draft import Record
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.mongo import Doc
from huiyin.chassis.sight import bars_of, untouched_by, walled_from
from huiyin.chassis.steps import Actor
from huiyin.chassis.store import Documents
from services.supervision.domain.falling_due import next_at
from services.supervision.domain.seen import narrow
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
            IndexModel([("office", ASCENDING), ("runs", ASCENDING)]),
        ],
        narrow=narrow,
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
    return {
        "next_at": next_at(supervision),
        "pending": list(supervision.pending),
        "calendar": supervision.calendar,
        "runs": bool(supervision.running),
        "dues": [due.isoformat() for due in _dues(supervision)],
        **bars_of(supervision),
    }


def running_dues(documents: Documents[Supervision], who: Actor) -> list[date]:
    """The dates of every clock of the office that runs and that somebody sees."""
    running = {"dues": {"$gt": ""}}
    found = documents.collection.find({**untouched_by(who), **running}, {"dues": 1, "_id": 0})
    seen = (documents.seen_in(r, who) for r in documents.each({**walled_from(who), **running}))
    partly = [due for supervision in seen if supervision is not None for due in _dues(supervision)]
    return [date.fromisoformat(due) for row in found for due in row["dues"]] + partly


def _dues(supervision: Supervision) -> list[date]:
    return [c.own_limit.due_on for c in supervision.running if c.own_limit is not None]
