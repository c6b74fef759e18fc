"""Where the like of a case are looked for: under the index of its words, within the office's windows.

Nothing here is kept for good: the words beside the cases and the table of common pairs are made of the
cases and can be made again.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from pymongo.collection import Collection as Stored

from huiyin.chassis.mongo import Doc
from services.intake.domain.likeness import COMMON_FROM, Known, Rarity, Words, pairs
from services.intake.store.orders import NEWEST_FIRST

#: So many of the newest cases that share a telling pair are looked at, and so many of those compared.
_LOOKED_AT: Final = 100
_COMPARED: Final = 40
#: So many of the newest cases of one person.
_OF_PERSON: Final = 20
#: Of so many of the newest cases the common pairs are counted.
_COUNTED: Final = 20_000
_FEWEST: Final = 3
#: They are read in pages, so that each answer comes soon.
_AT_ONCE: Final = 500
#: A table is made anew when the office's cases grew by this factor: a tenth changes no weight by much.
_GROWN: Final = 1.1
_RENEWED: Final = timedelta(days=1)
#: A process reads the table again after so many seconds.
_FRESH_S: Final = 30.0
_KNOWN: Final[Doc] = {
    "_id": 0,
    "number": 1,
    "words": {"matter": 1, "grams": 1, "shut": 1},
    "state.received_at": 1,
    "state.matters": {"id": 1, "category": 1, "area": 1},
    "phones": 1,
    "persons": 1,
    "barred": 1,
}
_NEWEST: Final = {"$sort": {"accepted_at": -1, "number": -1}}
#: The index of the cases' words.
WORDS: Final = "words"
#: From when until when, both inclusive.
Span = tuple[datetime, datetime]


class Likenesses:
    """Candidates among the cases, and how rare the pairs of characters are in each office."""

    def __init__(self, cases: Stored[Doc], rarities: Stored[Doc], monotonic: Callable[[], float]) -> None:
        self._cases, self._rarities, self._monotonic = cases, rarities, monotonic
        self._held: dict[str, tuple[float, Rarity]] = {}

    def rarity(self, office: str) -> Rarity:
        """The office's table as it was last counted; an empty one before it ever was."""
        read_at, held = self._held.get(office, (0.0, Rarity()))
        if not read_at or self._monotonic() - read_at > _FRESH_S:
            row = self._rarities.find_one({"_id": office})
            held = Rarity(row["cases"], dict(row["common"])) if row else Rarity()
            self._held[office] = (self._monotonic(), held)
        return held

    def is_outgrown(self, office: str, now: datetime) -> bool:
        """Whether the office has many more cases than when its table was made, or a day has passed."""
        held = self._cases.count_documents({"office": office}, limit=_COUNTED)
        made = self._rarities.find_one({"_id": office, "held": {"$exists": True}}, {"held": 1, "at": 1})
        if made is None:
            return held > 0
        return bool(held > made["held"] * _GROWN or now - made["at"] >= _RENEWED)

    def count(self, office: str, now: datetime) -> None:
        """Make the table of common pairs anew; nothing of guarded matters stands in it.

        Counted here and not in the store: one question about so many cases would last longer than an
        answer is waited for.
        """
        held = self._cases.count_documents({"office": office}, limit=_COUNTED)
        guarded_by_nobody: Doc = {"office": office, "barred": []}
        newest = self._cases.find(guarded_by_nobody, {"_id": 0, "words.grams": 1}, batch_size=_AT_ONCE)
        cases, counts = 0, Counter[str]()
        for row in newest.sort(NEWEST_FIRST).limit(_COUNTED):
            cases += 1
            for words in row.get("words", ()):
                counts.update(words["grams"])
        least = max(_FEWEST, cases // COMMON_FROM)
        common = [[gram, n] for gram, n in counts.items() if n >= least]
        made = {"cases": cases, "common": common, "held": held, "at": now}
        self._rarities.replace_one({"_id": office}, made, upsert=True)
        self._held.pop(office, None)

    def of_words(
        self, office: str, grams: Sequence[str], within: Span, marks: Collection[str] = ()
    ) -> list[Known]:
        """The newest cases that share any of these pairs, of these the ones that share most.

        `marks` are those of whoever looks: what shuts them out is not among them.
        """
        held: Doc = {"$elemMatch": {"grams": {"$in": list(grams)}, "shut": {"$nin": list(marks)}}}
        of_matter: Doc = {"$size": {"$setIntersection": ["$$this.grams", list(grams)]}}
        shared: Doc = {"$sum": {"$map": {"input": "$words", "in": of_matter}}}
        rows = self._cases.aggregate(
            [
                {
                    "$match": {
                        "office": office,
                        "accepted_at": {"$gte": within[0], "$lte": within[1]},
                        "words": held,
                    }
                },
                _NEWEST,
                {"$limit": _LOOKED_AT},
                {"$project": {**_KNOWN, "shared": shared}},
                {"$sort": {"shared": -1, "number": -1}},
                {"$limit": _COMPARED},
            ],
            hint=WORDS,  # whatever the office holds: few share a telling pair, all share the window
        )
        return [_known(row, marks) for row in rows]

    def of_persons(
        self, office: str, persons: Collection[str], within: Span, marks: Collection[str] = ()
    ) -> list[Known]:
        """The newest cases of the same person; only those that are open as a whole to whoever looks."""
        hashes = {"$in": list(persons)}
        rows = self._cases.find(
            {
                "office": office,
                "accepted_at": {"$gte": within[0], "$lte": within[1]},
                "barred": {"$nin": list(marks)},
                "$or": [{"phones": hashes}, {"persons": hashes}],
            },
            _KNOWN,
        )
        return [_known(row, marks) for row in rows.sort("accepted_at", -1).limit(_OF_PERSON)]


def _known(row: Doc, marks: Collection[str]) -> Known:
    """A case as it is compared, without what is shut; who complained is known of whole cases alone."""
    told = {matter["id"]: matter for matter in row["state"]["matters"]}
    return Known(
        number=row["number"],
        received_at=row["state"]["received_at"],
        matters=tuple(
            Words(
                matter=one["matter"],
                category=told[one["matter"]]["category"],
                area=told[one["matter"]]["area"],
                grams=pairs(one["grams"]),
            )
            for one in row["words"]
            if set(marks).isdisjoint(one["shut"])
        ),
        persons=frozenset([*row["phones"], *row["persons"]] if set(marks).isdisjoint(row["barred"]) else ()),
    )
