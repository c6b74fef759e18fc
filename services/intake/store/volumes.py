"""The sealed parts of volumes."""

from collections.abc import Sequence

from pymongo import ASCENDING, ReturnDocument
from pymongo.collection import Collection

from huiyin.chassis.mongo import Doc
from services.intake.store.rows import by_number


class Volumes:
    """Sealed parts of volumes, kept for reference (S2-50, S2-51)."""

    def __init__(self, collection: Collection[Doc]) -> None:
        self._collection = collection

    def prepare(self) -> None:
        """Create the index; safe to repeat."""
        self._collection.create_index([("number", ASCENDING), ("part", ASCENDING)])

    def bind(self, number: str, part: int, bound: Doc) -> Doc:
        """Keep a part {contents, head, upto, files}; binding it again changes nothing: what is kept holds."""
        kept = self._collection.find_one_and_update(
            {"_id": f"{number}:{part}"},
            {"$setOnInsert": {"number": number, "part": part, **bound}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        assert kept is not None
        return kept

    def of(self, number: str) -> list[Doc]:
        """A case's parts."""
        return list(self._collection.find({"number": number}).sort("part", ASCENDING))

    def of_cases(self, numbers: Sequence[str]) -> dict[str, list[Doc]]:
        """The parts of several cases, by number."""
        return by_number(self._collection.find({"number": {"$in": list(numbers)}}), "number", numbers)
