"""Where intake keeps things: cases, leased numbers, the journal, volumes, contacts given out."""

import threading
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from huiyin.chassis.anchor import Anchor
from huiyin.chassis.mongo import Doc
from huiyin.chassis.sight import bars_of
from huiyin.chassis.store import Documents
from huiyin.contracts.envelope import Envelope
from services.intake.domain.case import Case
from services.intake.domain.course import sealable
from services.intake.domain.seen import narrow

if TYPE_CHECKING:  # a restore uses this room without the machinery of a process
    from huiyin.chassis.foundation import Foundation

_BLOCK: Final = 50
_DUPLICATE_KEY: Final = 11000
#: By what the office's cases are looked for, beside their time.
_BY: Final = ("stage", "channel", "units")
#: Numbers tell cases of one moment apart, so that pages neither repeat nor leave out.
NEWEST_FIRST: Final = (("accepted_at", DESCENDING), ("number", DESCENDING))
OLDEST_FIRST: Final = (("accepted_at", ASCENDING), ("number", ASCENDING))


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
            IndexModel([("sealable", ASCENDING)], partialFilterExpression={"sealable": {"$eq": True}}),
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
        "units": list(case.units),
        "accepted_at": case.accepted_at,
        "concluded_at": case.concluded_at,
        "phones": [party.phone_hash for party in case.parties if party.phone_hash],
        "persons": [party.person_hash for party in case.parties if party.person_hash],
        "identity_asked": any(request.state == "asked" for request in case.requests),
        "sealable": sealable(case),
        **({"origin_number": case.taken_over.number} if case.taken_over else {}),
        **bars_of(case),
    }


def open_of(documents: Documents[Case], office: str, until: datetime) -> int:
    """How many of the office's cases that were accepted before the moment are still open."""
    return _count(documents, office, until, None)


def concluded_of(documents: Documents[Case], office: str, until: datetime, since: datetime) -> int:
    """How many of the office's cases that were accepted before `until` were concluded after `since`."""
    return _count(documents, office, until, {"$gt": since})


def _count(documents: Documents[Case], office: str, until: datetime, concluded: Doc | None) -> int:
    query = {"office": office, "accepted_at": {"$lt": until}, "concluded_at": concluded}
    return documents.collection.count_documents(query)


class Numbers:
    """Serials from leased blocks: one hot counter document would allow a few hundred a second.

    A process that ends burns what is left of its block; numbers are never used twice (E-43): a block
    is anchored outside the database before its first number is used, so not after a restore either.
    """

    def __init__(self, collection: Collection[Doc], anchor: Anchor) -> None:
        self._collection = collection
        self._anchor = anchor
        self._lock = threading.Lock()
        self._left: dict[str, tuple[str, list[int]]] = {}

    def next(self, office: str, day: date) -> int:
        """The office's next serial of the day."""
        name = f"{office}:{day:%Y%m%d}"
        with self._lock:
            leased, left = self._left.get(office, ("", []))
            if leased != name or not left:
                left = self._lease(name)
                self._left[office] = (name, left)
            return left.pop(0)

    def leased(self, after: str, limit: int) -> list[Doc]:
        """How many serials were leased, {office, day, leased}, behind a row's id `office:day`."""
        found = self._collection.find({"_id": {"$gt": after}}).sort("_id", ASCENDING).limit(limit)
        names = ((row, row["_id"].rpartition(":")) for row in found)
        return [{"office": office, "day": day, "leased": row["next"]} for row, (office, _, day) in names]

    def _lease(self, name: str) -> list[int]:
        row = self._collection.find_one_and_update(
            {"_id": name}, {"$inc": {"next": _BLOCK}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        assert row is not None
        first, last = row["next"] - _BLOCK + 1, row["next"]
        self._anchor.write("numbers", block=name, first=first, last=last)
        return list(range(first, last + 1))


class Journal:
    """Every event of every case as a row of its own, inserted before the case is saved."""

    def __init__(self, collection: Collection[Doc]) -> None:
        self._collection = collection

    def prepare(self) -> None:
        """Create the indexes; safe to repeat."""
        self._collection.create_index([("case", ASCENDING), ("source", ASCENDING), ("sequence", ASCENDING)])
        self._collection.create_index([("office", ASCENDING), ("type", ASCENDING)])

    def write(self, envelopes: Sequence[Envelope]) -> None:
        """Insert the rows; one that is there already stays as it is."""
        try:
            self._collection.insert_many([_row(envelope) for envelope in envelopes], ordered=False)
        except BulkWriteError as partly:
            if any(error["code"] != _DUPLICATE_KEY for error in partly.details["writeErrors"]):
                raise

    def of(self, number: str) -> list[Doc]:
        """A case's rows in the volume's order."""
        return list(
            self._collection.find({"case": number}).sort([("source", 1), ("case", 1), ("sequence", 1)])
        )

    def of_cases(self, numbers: Sequence[str]) -> dict[str, list[Doc]]:
        """The rows of several cases, by number."""
        return _by_number(self._collection.find({"case": {"$in": list(numbers)}}), "case", numbers)

    def counts(self, office: str, without: Sequence[str]) -> dict[str, int]:
        """How often each type of event happened in the office, these cases left out."""
        wanted = {"office": office, **({"case": {"$nin": list(without)}} if without else {})}
        groups = self._collection.aggregate(
            [{"$match": wanted}, {"$group": {"_id": "$type", "n": {"$sum": 1}}}]
        )
        return {group["_id"]: group["n"] for group in groups}


def _row(envelope: Envelope) -> Doc:
    return {
        "_id": envelope.id,
        "office": envelope.office,
        "case": envelope.subject,
        "source": envelope.source,
        "sequence": envelope.sequence,
        "type": envelope.type,
        "time": envelope.time.isoformat(),
        "data": envelope.data,
    }


class Volumes:
    """Sealed parts of volumes, kept for reference (S2-50, S2-51)."""

    def __init__(self, collection: Collection[Doc]) -> None:
        self._collection = collection

    def prepare(self) -> None:
        """Create the index; safe to repeat."""
        self._collection.create_index([("number", ASCENDING), ("part", ASCENDING)])

    def bind(self, number: str, part: int, contents: Sequence[dict[str, Any]], head: str) -> None:
        """Keep a part; binding the same part again changes nothing."""
        part_id = f"{number}:{part}"
        kept = {"number": number, "part": part, "contents": list(contents), "head": head}
        self._collection.update_one({"_id": part_id}, {"$setOnInsert": kept}, upsert=True)

    def of(self, number: str) -> list[Doc]:
        """A case's parts."""
        return list(self._collection.find({"number": number}).sort("part", ASCENDING))

    def of_cases(self, numbers: Sequence[str]) -> dict[str, list[Doc]]:
        """The parts of several cases, by number."""
        return _by_number(self._collection.find({"number": {"$in": list(numbers)}}), "number", numbers)


def _by_number(rows: Iterable[Doc], field: str, numbers: Sequence[str]) -> dict[str, list[Doc]]:
    found: dict[str, list[Doc]] = {number: [] for number in numbers}
    for row in rows:
        found[row[field]].append(row)
    return found


class Contacts:
    """Contacts given out: the same request gets the same sealed answer until it expires."""

    def __init__(self, collection: Collection[Doc]) -> None:
        self._collection = collection

    def prepare(self) -> None:
        """Create the index that lets answers expire; safe to repeat."""
        self._collection.create_index("until", expireAfterSeconds=0)

    def given(self, request: str, now: datetime) -> str | None:
        """The answer this request got and that still holds."""
        row = self._collection.find_one({"_id": request, "until": {"$gt": now}})
        return row["sealed"] if row else None

    def give(self, request: str, sealed: str, until: datetime) -> None:
        """Keep an answer until it expires."""
        self._collection.update_one(
            {"_id": request}, {"$set": {"sealed": sealed, "until": until}}, upsert=True
        )
