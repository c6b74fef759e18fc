"""Calls, and the numbers that were limited."""

from datetime import datetime
from typing import TYPE_CHECKING

from pymongo import ASCENDING, DESCENDING, IndexModel

from huiyin.chassis.mongo import MOMENT, Doc
from huiyin.chassis.store import Documents
from services.intake.domain.calls import Call
from services.intake.domain.due import due_at
from services.intake.domain.misuse import Caller

if TYPE_CHECKING:  # a restore uses this room without the machinery of a process
    from huiyin.chassis.foundation import Foundation
    from huiyin.chassis.rulebook.limits import Malicious


def calls(foundation: "Foundation") -> Documents[Call]:
    """The collection `calls`, by call; `due_at` is when something has to be done that nobody asks for."""

    def scalars(call: Call) -> Doc:
        return {
            "due_at": due_at(call, foundation.rulebooks.office(call.office).rulebook),
            "began_at": call.began_at,
            "numbers": [call.number_hash] if call.number_hash else [],
            "caller": call.caller,
            "minutes": call.minutes,
            "cases": list(call.cases),
            "direction": call.direction,
        }

    return foundation.documents(
        "calls",
        Call,
        key_field="id",
        indexed=scalars,
        indexes=[
            IndexModel([("id", ASCENDING)], unique=True),
            IndexModel([("due_at", ASCENDING)], partialFilterExpression={"due_at": MOMENT}),
            IndexModel([("office", ASCENDING), ("began_at", DESCENDING), ("caller", ASCENDING)]),
            IndexModel([("numbers", ASCENDING)]),
            IndexModel([("cases", ASCENDING)]),
        ],
    )


def callers(foundation: "Foundation") -> Documents[Caller]:
    """The collection `callers`: numbers that were limited, by their mark."""
    return foundation.documents(
        "callers",
        Caller,
        key_field="id",
        indexed=lambda _: {},
        indexes=[IndexModel([("id", ASCENDING)], unique=True)],
    )


def busy_callers(documents: Documents[Call], office: str, since: datetime, book: "Malicious") -> list[Doc]:
    """The numbers that called too often, or too long, since then: {_id, calls, minutes, last} (V-07)."""
    grouped = {
        "_id": "$caller",
        "calls": {"$sum": 1},
        "minutes": {"$sum": "$minutes"},
        "last": {"$max": "$began_at"},
    }
    too_much = [{"calls": {"$gte": book.calls}}, {"minutes": {"$gte": book.minutes}}]
    wanted = {"office": office, "began_at": {"$gte": since}, "caller": {"$gt": ""}, "direction": "in"}
    found = documents.collection.aggregate(
        [
            {"$match": wanted},
            {"$group": grouped},
            {"$match": {"$or": too_much}},
            {"$sort": {"calls": -1, "_id": 1}},
        ]
    )
    return list(found)
