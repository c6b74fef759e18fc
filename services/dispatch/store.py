"""Where handlings are kept: one document a case, found by number, unit's desk and state."""

from pymongo import ASCENDING, IndexModel

from huiyin.chassis.draft import Record
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.mongo import Doc
from huiyin.chassis.store import Documents
from services.dispatch.domain.handling import Handling


def handlings(foundation: Foundation) -> Documents[Handling]:
    """The collection `handlings`, keyed by case number."""
    return foundation.documents(
        "handlings",
        Handling,
        indexed=_scalars,
        indexes=[
            IndexModel([("office", ASCENDING), ("desk", ASCENDING)]),
            IndexModel([("office", ASCENDING), ("waits_for", ASCENDING)]),
            IndexModel([("held", ASCENDING)], partialFilterExpression={"held": {"$eq": True}}),
        ],
    )


def _scalars(handling: Handling) -> Doc:
    """`desk` finds a unit's orders by state; `waits_for` the cases that wait for a person; `held`
    those with an order that waits for leave.
    """
    awaited = {"leader": handling.gate == "asked", "dispatcher": bool(handling.gaps)}
    return {
        "desk": [f"{order.unit}|{order.state}" for order in handling.orders],
        "waits_for": [person for person, waits in awaited.items() if waits and not handling.concluded],
        "concluded": handling.concluded,
        "held": any(order.state == "held" for order in handling.orders),
    }


def with_held(documents: Documents[Handling]) -> list[Record[Handling]]:
    """Cases with an order that waits for leave to be sent."""
    return documents.find({"held": True})


def desks(documents: Documents[Handling], office: str, state: str) -> dict[str, int]:
    """How many orders in a state lie on each unit's desk."""
    groups = documents.collection.aggregate(
        [
            {"$match": {"office": office}},
            {"$project": {"desk": 1}},
            {"$unwind": "$desk"},
            {"$match": {"desk": {"$regex": rf"\|{state}$"}}},
            {"$group": {"_id": "$desk", "n": {"$sum": 1}}},
        ]
    )
    return {group["_id"].partition("|")[0]: group["n"] for group in groups}
