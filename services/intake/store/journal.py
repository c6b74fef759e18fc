"""Every event of every case, as the volume and the counts read them."""

from collections.abc import Sequence
from typing import Final

from pymongo import ASCENDING
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from huiyin.chassis.mongo import Doc
from huiyin.contracts.envelope import Envelope
from services.intake.store.rows import by_number

_DUPLICATE_KEY: Final = 11000


class Journal:
    """Every event of every case as a row of its own, inserted before the case is saved."""

    def __init__(self, collection: Collection[Doc]) -> None:
        self._collection = collection

    def prepare(self) -> None:
        """Create the indexes; safe to repeat."""
        self._collection.create_index([("case", ASCENDING), ("source", ASCENDING), ("sequence", ASCENDING)])
        self._collection.create_index([("office", ASCENDING), ("type", ASCENDING), ("time", ASCENDING)])

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
        return by_number(self._collection.find({"case": {"$in": list(numbers)}}), "case", numbers)

    def page(
        self, cases: Collection[Doc], wanted: Doc, of_case: Doc, skip: int, limit: int
    ) -> tuple[int, list[Doc]]:
        """Rows by time, of the cases that `of_case` selects: how many in all, and a page of them."""
        joined = {
            "from": cases.name,
            "localField": "case",
            "foreignField": "number",
            "pipeline": [{"$match": of_case}, {"$project": {"_id": 0, "channel": 1, "categories": 1}}],
            "as": "of",
        }
        page = [{"$sort": {"time": 1, "source": 1, "sequence": 1}}, {"$skip": skip}, {"$limit": limit}]
        rows: list[Doc] = [{"$match": wanted}, {"$lookup": joined}, {"$unwind": "$of"}]
        (found,) = self._collection.aggregate([*rows, {"$facet": {"total": [{"$count": "n"}], "rows": page}}])
        return (found["total"][0]["n"] if found["total"] else 0), found["rows"]

    def of_unit(self, office: str, unit: str) -> list[str]:
        """The numbers of the cases of which a unit was ever given an order."""
        given = {"office": office, "type": "order.dispatched", "data.unit": unit}
        return list(self._collection.distinct("case", given))

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
