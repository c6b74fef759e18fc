"""Where the entries of the knowledge base are kept, and how they are found by any Chinese word."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pymongo import ASCENDING, IndexModel

from huiyin.chassis.draft import Record
from huiyin.chassis.mongo import MOMENT, Doc, due_by
from huiyin.chassis.store import Documents
from services.intake.domain import ngrams
from services.intake.domain.knowledge import Entry

if TYPE_CHECKING:
    from huiyin.chassis.foundation import Foundation

_AT_ONCE: Final = 100
_NEAREST: Final = 50


def entries(foundation: "Foundation") -> Documents[Entry]:
    """The collection `knowledge`, keyed by the subject of its events; it belongs to no case."""
    return foundation.documents(
        "knowledge",
        Entry,
        key_field="subject",
        indexed=_scalars,
        indexes=[
            IndexModel([("subject", ASCENDING)], unique=True),
            IndexModel([("office", ASCENDING), ("grams", ASCENDING)]),
            IndexModel([("office", ASCENDING), ("owner", ASCENDING)]),
            IndexModel([("office", ASCENDING), ("staff_only", ASCENDING)]),
            IndexModel([("ask_at", ASCENDING)], partialFilterExpression={"ask_at": MOMENT}),
        ],
    )


def _scalars(entry: Entry) -> Doc:
    """What is looked for: every version's grams, because which one holds depends on the day."""
    wordings = [version.wording for version in entry.versions]
    return {
        "owner": entry.owner,
        "published": bool(wordings),
        "proposed": any(one.state == "waiting" for one in entry.proposals),
        "staff_only": any(one.audience == "staff_only" for one in wordings),
        "grams": sorted({gram for one in wordings for gram in ngrams.grams(one.searched)}),
        "ask_at": entry.ask_at(),
    }


def found_by(asked: str) -> Doc:
    """Selects what may hold every word of a question; whoever asks still compares the texts."""
    pairs, singles = ngrams.wanted(asked)
    begins = [{"grams": {"$regex": f"^{re.escape(one)}"}} for one in sorted(singles)]
    equal = [{"grams": {"$all": sorted(pairs)}}] if pairs else []
    return {"$and": [*equal, *begins]} if equal or begins else {}


def nearest(documents: Documents[Entry], selected: Doc, asked: str) -> list[Record[Entry]]:
    """The entries that share the most pairs of characters with a question; the database counts."""
    pairs = sorted(ngrams.wanted(asked)[0])
    shared = {"$size": {"$setIntersection": ["$grams", {"$literal": pairs}]}}
    found = documents.collection.aggregate(
        [
            {"$match": {**selected, "grams": {"$in": pairs}}},
            {"$project": {"subject": 1, "shared": shared}},
            {"$sort": {"shared": -1, "subject": 1}},
            {"$limit": _NEAREST},
        ]
    )
    return list(documents.load([row["subject"] for row in found]).values())


def to_ask(documents: Documents[Entry], now: datetime) -> Sequence[Record[Entry]]:
    """The entries whose owner is to be asked by now to renew them."""
    return documents.find(due_by("ask_at", now), limit=_AT_ONCE)


def staff_only(documents: Documents[Entry], office: str) -> list[str]:
    """All words of the office that are for staff only, every version's (E-128)."""
    found = documents.each({"office": office, "staff_only": True})
    wordings = (version.wording for record in found for version in record.state.versions)
    return [one.searched for one in wordings if one.audience == "staff_only"]
