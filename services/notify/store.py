"""Where correspondences are kept: one document a case, found by what is due, listed or uncertain."""

from datetime import datetime

from pymongo import ASCENDING, IndexModel

from huiyin.chassis.draft import Record
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.mongo import Doc
from huiyin.chassis.sight import bars_of
from huiyin.chassis.store import Documents
from services.notify.domain.correspondence import Correspondence
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
    }
