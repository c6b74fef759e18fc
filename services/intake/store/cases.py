"""The cases: their scalars, and the indexes by which they are found."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from huiyin.chassis.mongo import MOMENT, Doc
from huiyin.chassis.sight import bars_of, shut_out
from huiyin.chassis.store import Documents
from services.intake.domain.case import Case
from services.intake.domain.course import sealable
from services.intake.domain.emergency import alarm_at
from services.intake.domain.linking import issue_of
from services.intake.domain.passing import waits
from services.intake.domain.seen import narrow
from services.intake.domain.words import words_of
from services.intake.store.likeness import WORDS
from services.intake.store.orders import (
    BY_RECEIPT,
    FILED_LAST_FIRST,
    NEWEST_FIRST,
    OLDEST_FIRST,
    WEIGHTIEST_FIRST,
)

if TYPE_CHECKING:  # a restore uses this room without the machinery of a process
    from huiyin.chassis.foundation import Foundation

#: By what the office's cases are looked for, beside their time.
_BY: Final = ("stage", "channel", "units")


def cases(foundation: "Foundation") -> Documents[Case]:
    """The collection `cases`; `_id` is the request's hash, so a repeated one finds its case."""
    return foundation.documents(
        "cases",
        Case,
        key_field="number",
        indexed=_scalars,
        indexes=[
            IndexModel([("number", ASCENDING)], unique=True),
            IndexModel([("office", ASCENDING), *NEWEST_FIRST, ("concluded_at", ASCENDING)]),
            *(IndexModel([("office", ASCENDING), (by, ASCENDING), *NEWEST_FIRST]) for by in _BY),
            IndexModel([("office", ASCENDING), ("concluded_at", ASCENDING), *WEIGHTIEST_FIRST]),
            IndexModel([("office", ASCENDING), *BY_RECEIPT]),
            IndexModel([("office", ASCENDING), ("words.grams", ASCENDING), *NEWEST_FIRST], name=WORDS),
            IndexModel([("office", ASCENDING), ("issue", ASCENDING), *NEWEST_FIRST]),
            IndexModel([("office", ASCENDING), ("linked", ASCENDING)]),
            IndexModel([("phones", ASCENDING)]),
            IndexModel([("persons", ASCENDING)]),
            IndexModel(
                [("office", ASCENDING), *OLDEST_FIRST],
                name="identity_asked",
                partialFilterExpression={"identity_asked": {"$eq": True}},
            ),
            IndexModel(
                [("origin_number", ASCENDING), ("office", ASCENDING)],
                unique=True,
                partialFilterExpression={"origin_number": {"$exists": True}},
            ),
            IndexModel(
                [("office", ASCENDING), ("came_as", ASCENDING)],
                unique=True,
                partialFilterExpression={"came_as": {"$exists": True}},
            ),
            IndexModel([("passing", ASCENDING)], partialFilterExpression={"passing": {"$eq": True}}),
            IndexModel([("sealable", ASCENDING)], partialFilterExpression={"sealable": {"$eq": True}}),
            IndexModel([("alarm_at", ASCENDING)], partialFilterExpression={"alarm_at": MOMENT}),
            IndexModel(
                [("office", ASCENDING), *OLDEST_FIRST],
                name="unread",
                partialFilterExpression={"unread": {"$eq": True}},
            ),
            IndexModel([("call", ASCENDING)], partialFilterExpression={"call": {"$gt": ""}}),
            IndexModel(
                [("office", ASCENDING), ("concluded_at", ASCENDING), ("number", ASCENDING)],
                name="unfiled",
                partialFilterExpression={"unfiled": {"$eq": True}},
            ),
            IndexModel(
                [("office", ASCENDING), *FILED_LAST_FIRST],
                name="filed",
                partialFilterExpression={"filed": {"$eq": True}},
            ),
            IndexModel([("scan_waits", ASCENDING)], partialFilterExpression={"scan_waits": {"$eq": True}}),
            IndexModel(
                [("office", ASCENDING), *OLDEST_FIRST],
                name="quarantined",
                partialFilterExpression={"quarantined": {"$eq": True}},
            ),
            IndexModel(
                [("office", ASCENDING), *OLDEST_FIRST],
                name="enclosures_out",
                partialFilterExpression={"enclosures_out": {"$eq": True}},
            ),
        ],
        narrow=narrow,
    )


def cases_outside(database: Database[Doc], at: datetime) -> Documents[Case]:
    """The same collection outside of any process, for a restore; its steps are taken at this office time."""
    return Documents(
        database["cases"],
        Case,
        office_now=lambda: at,
        machine_now=lambda: at,
        indexed=_scalars,
        key_field="number",
    )


def _scalars(case: Case) -> Doc:
    return {
        "stage": case.stage.name,
        "channel": case.channel,
        "rank": case.sorting.rank,
        "units": list(case.units),
        "received_at": case.received_at,
        "accepted_at": case.accepted_at,
        "concluded_at": case.concluded_at,
        "phones": [party.phone_hash for party in case.parties if party.phone_hash],
        "persons": [party.person_hash for party in case.parties if party.person_hash],
        "identity_asked": any(request.state == "asked" for request in case.requests),
        "sealable": sealable(case),
        **({"came_as": came_as(case.channel, ref)} if (ref := case.arrival.reference) else {}),
        "passing": waits(case),
        "alarm_at": alarm_at(case),
        "unread": case.reading is not None and case.reading.read_at is None and case.outcome is None,
        "call": case.call.id if case.call else "",
        "enclosures_out": case.outstanding,
        "quarantined": any(file.awaits_decision for file in case.files),
        "unfiled": case.outcome is not None and case.filing is None,
        "filed": case.filing is not None and case.filing.kept,
        "filed_at": case.filing.at if case.filing else None,
        "volume_number": case.filing.volume if case.filing else "",
        "categories": sorted({matter.category for matter in case.matters}),
        "scan_waits": any(file.scan.state == "waiting" for file in case.files),
        **({"origin_number": case.taken_over.number} if case.taken_over else {}),
        **bars_of(case),
        "words": _words(case),
        "issue": issue_of(case),
        "linked": case.alike.linked,
        "tells": case.alike.link.kind if case.alike.link else "first",
    }


def came_as(channel: str, reference: str) -> str:
    """What a message is called in the system it came from; each is registered once (S2-07, S2-12)."""
    return f"{channel}:{reference}"


def index_words(documents: Documents[Case], office: str, at_once: int) -> int:
    """Make the words of cases that have none, as after an upgrade; answers of how many."""
    missing = {"office": office, "words.grams": None, "words": {"$exists": False}}
    found = documents.find(missing, limit=at_once)
    for record in found:
        as_found = {"number": record.key, "version": record.version}  # a save meanwhile brings its own
        documents.collection.update_one(as_found, {"$set": {"words": _words(record.state)}})
    return len(found)


def _words(case: Case) -> list[Doc]:
    """Each matter's words beside who is shut out of it, so that no search looks behind a wall."""
    return [
        {
            "matter": one.matter,
            "shut": shut_out(case.circle.of(one.matter)),
            "text": one.text,
            "grams": list(one.grams),
        }
        for one in words_of(case)
    ]


def open_of(documents: Documents[Case], office: str, until: datetime) -> int:
    """How many of the office's cases that were accepted before the moment are still open."""
    return _count(documents, office, until, None)


def concluded_of(documents: Documents[Case], office: str, until: datetime, since: datetime) -> int:
    """How many of the office's cases that were accepted before `until` were concluded after `since`."""
    return _count(documents, office, until, {"$gt": since})


def _count(documents: Documents[Case], office: str, until: datetime, concluded: Doc | None) -> int:
    query = {"office": office, "accepted_at": {"$lt": until}, "concluded_at": concluded}
    return documents.collection.count_documents(query)
