"""Where handlings are kept: one document a case, found by number, unit's desk and state."""

from collections import Counter
from collections.abc import Iterator

from pymongo import ASCENDING, IndexModel

from huiyin.chassis.draft import Record
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.mongo import Doc
from huiyin.chassis.sight import bars_of, untouched_by, walled_from
from huiyin.chassis.steps import Actor
from huiyin.chassis.store import Documents
from services.dispatch.domain.handling import Handling
from services.dispatch.domain.seen import narrow


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
        narrow=narrow,
    )


def _scalars(handling: Handling) -> Doc:
    """`desk` finds a unit's orders by state; `waits_for` the cases that wait for a person; `held`
    those with an order that waits for leave.
    """
    return {
        "desk": [f"{order.unit}|{order.state}" for order in handling.orders],
        "waits_for": list(handling.waits_for),
        "concluded": handling.concluded,
        "held": any(order.state == "held" for order in handling.orders),
        **bars_of(handling),
    }


def with_held(documents: Documents[Handling]) -> Iterator[Record[Handling]]:
    """Every case with an order that waits for leave to be sent."""
    return documents.each({"held": True})


def desks(documents: Documents[Handling], who: Actor, state: str) -> Counter[str]:
    """How many orders in a state that somebody sees lie on each unit's desk."""
    seen = (documents.seen_in(record, who) for record in documents.each(walled_from(who)))
    partly = Counter(o.unit for h in seen if h is not None for o in h.orders if o.state == state)
    return partly + Counter(_counts(documents, untouched_by(who), state))


def _counts(documents: Documents[Handling], query: Doc, state: str) -> dict[str, int]:
    groups = documents.collection.aggregate(
        [
            {"$match": query},
            {"$project": {"desk": 1}},
            {"$unwind": "$desk"},
            {"$match": {"desk": {"$regex": rf"\|{state}$"}}},
            {"$group": {"_id": "$desk", "n": {"$sum": 1}}},
        ]
    )
    return {group["_id"].partition("|")[0]: group["n"] for group in groups}
