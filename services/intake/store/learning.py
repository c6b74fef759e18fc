"""What an office learnt of its decisions, as counts: which pairs of characters stood for which category.

`to_learn` names the cases to look at, `lessons` holds what was learnt of each matter, `words` the counts.
The counts are the sum of the lessons. A batch of changes is written down first (`plan`), then applied:
each row of `words` knows the last batch it took, so that after a crash the same batch counts once.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Final

from pymongo import DeleteOne, ReplaceOne, UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database

from huiyin.chassis.mongo import Doc
from huiyin.contracts.envelope import Envelope
from services.intake.domain.suggestion import Learnt, Lesson

_PLAN: Final = "plan"
#: What speaks of the words, the category or the walls of a case.
_TEACHES: Final = ("case.", "circle.")
#: Stands for a pair in the row that holds an office's sums.
_SUMS: Final = ""

_EMPTY: Final[Doc] = {"rows": [], "lessons": [], "done": []}

#: (office, pair) → category → by how much.
Changes = Mapping[tuple[str, str], Mapping[str, int]]
#: The same as a plan keeps it: office, pair, by how much.
_Row = tuple[str, str, Mapping[str, int]]


class Learning:
    """The rows of what is to be learnt, what was, and what it adds up to."""

    def __init__(self, database: Database[Doc]) -> None:
        self._waiting: Collection[Doc] = database["to_learn"]
        self._lessons: Collection[Doc] = database["lessons"]
        self._words: Collection[Doc] = database["words"]
        self._plans: Collection[Doc] = database["learning"]

    def notice(self, envelopes: Sequence[Envelope], at: datetime) -> None:
        """Note which cases said something to learn from; before they are handled, so none is missed."""
        self.note({e.subject for e in envelopes if e.source == "intake" and e.type.startswith(_TEACHES)}, at)

    def note(self, numbers: Set[str], at: datetime) -> None:
        """Note cases whose words, category or walls changed."""
        rows = [UpdateOne({"_id": n}, {"$set": {"at": at}}, upsert=True) for n in sorted(numbers)]
        if rows:
            self._waiting.bulk_write(rows, ordered=False)

    def begin(self, cases: Collection[Doc], at: datetime) -> None:
        """Where nothing was ever learnt, every case is to be looked at: the counts can be made anew."""
        if self._plans.find_one({"_id": _PLAN}, {"_id": 1}) is None:
            noted = {"into": self._waiting.name, "whenMatched": "keepExisting"}
            cases.aggregate([{"$project": {"_id": "$number", "at": at}}, {"$merge": noted}])
            self._plans.update_one({"_id": _PLAN}, {"$set": _EMPTY, "$inc": {"batch": 1}}, upsert=True)

    def waiting(self, limit: int) -> list[Doc]:
        """Some of the cases to look at: {_id, at}."""
        return list(self._waiting.find().limit(limit))

    def lessons(self, keys: Sequence[str]) -> dict[str, Lesson]:
        """What was learnt under these keys (case and matter)."""
        found = self._lessons.find({"_id": {"$in": list(keys)}})
        return {row["_id"]: Lesson(category=row["category"], grams=frozenset(row["grams"])) for row in found}

    def plan(
        self, changes: Changes, lessons: Mapping[str, tuple[str, Lesson | None]], done: Sequence[Doc]
    ) -> None:
        """Write down a batch: what changes, the lessons behind it {key: (office, lesson)}, the cases done."""
        rows = [[office, gram, dict(by)] for (office, gram), by in changes.items()]
        learnt = [[key, office, _row(one)] for key, (office, one) in lessons.items()]
        fresh = {"rows": rows, "lessons": learnt, "done": list(done)}
        self._plans.update_one({"_id": _PLAN}, {"$set": fresh, "$inc": {"batch": 1}}, upsert=True)

    def apply(self) -> None:
        """Apply the batch that was written down; after a crash once more, without counting twice."""
        plan = self._plans.find_one({"_id": _PLAN})
        if plan is None or not (plan["rows"] or plan["done"]):
            return
        self._count(plan["rows"], plan["batch"])
        self._forget(plan["rows"])
        self._keep(plan["lessons"])
        if plan["done"]:
            self._waiting.bulk_write([DeleteOne(row) for row in plan["done"]], ordered=False)
        self._plans.update_one({"_id": _PLAN}, {"$set": _EMPTY})

    def learnt(self, office: str, grams: Iterable[str]) -> Learnt:
        """What the office learnt of these pairs."""
        names = {_id(office, gram): gram for gram in grams}
        sums = _id(office, _SUMS)
        found = {row["_id"]: row for row in self._words.find({"_id": {"$in": [sums, *names]}})}
        summed = found.pop(sums, {})
        return Learnt(
            words={names[key]: row.get("n", {}) for key, row in found.items()},
            sizes=summed.get("n", {}),
            decisions=summed.get("decisions", {}),
        )

    def _count(self, rows: Sequence[_Row], batch: int) -> None:
        """Most pairs of a case are new to an office, and a new row costs a tenth of an upsert."""
        by_id = {_id(office, gram): by for office, gram, by in rows}
        held = {row["_id"] for row in self._words.find({"_id": {"$in": list(by_id)}}, {"_id": 1})}
        fresh = [_counted(key, by, batch) for key, by in by_id.items() if key not in held]
        if fresh:
            self._words.insert_many(fresh, ordered=False)
        updates = [
            UpdateOne(
                {"_id": key, "batch": {"$ne": batch}},
                {"$inc": {**by_id[key], "all": sum(by_id[key].values())}, "$set": {"batch": batch}},
            )
            for key in held
        ]
        if updates:
            self._words.bulk_write(updates, ordered=False)

    def _forget(self, rows: Sequence[_Row]) -> None:
        """A pair that no lesson holds any more leaves no trace: it may have been cut as identity."""
        less = [_id(office, gram) for office, gram, by in rows if min(by.values()) < 0]
        if less:
            self._words.delete_many({"_id": {"$in": less}, "all": {"$lte": 0}})

    def _keep(self, lessons: Sequence[tuple[str, str, Doc | None]]) -> None:
        kept = [
            DeleteOne({"_id": key})
            if row is None
            else ReplaceOne({"_id": key}, {**row, "office": office}, upsert=True)
            for key, office, row in lessons
        ]
        if kept:
            self._lessons.bulk_write(kept, ordered=False)


def sums_of(office: str) -> tuple[str, str]:
    """The row of an office's sums among the changes."""
    return office, _SUMS


def _id(office: str, gram: str) -> str:
    return f"{office}|{gram}"


def _counted(key: str, by: Mapping[str, int], batch: int) -> Doc:
    row: Doc = {"_id": key, "batch": batch, "all": sum(by.values())}
    for path, count in by.items():
        what, category = path.split(".", 1)
        row.setdefault(what, {})[category] = count
    return row


def _row(lesson: Lesson | None) -> Doc | None:
    return None if lesson is None else {"category": lesson.category, "grams": sorted(lesson.grams)}
