"""Documents as they are read: by key, by indexed scalars, and as far as somebody sees them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final, Generic, TypeVar

from pymongo import ASCENDING
from pymongo.collection import Collection as Stored

from huiyin.chassis.draft import Record
from huiyin.chassis.errors import no_such
from huiyin.chassis.mongo import Doc
from huiyin.chassis.shapes import from_document
from huiyin.chassis.sight import Sight
from huiyin.chassis.steps import Actor

S = TypeVar("S")

#: What an act is about, found in what the actor sees: it raises as if what is hidden were not there.
About = Callable[[S], object]

_AT_ONCE: Final = 100  # documents a batch, where nobody knows how many will be looked at
_LOADED: Final = {"state": 1, "version": 1, "office": 1, "correlation": 1, "said": 1}
#: What the books need not know of a step: people, and what they were answered.
_NOT_TOLD: Final = {"steps.who": 0, "steps.body": 0, "steps.answer": 0}


class Readings(Generic[S]):
    """The documents of one collection, to be looked at; `sight` says what somebody sees of each."""

    def __init__(
        self, collection: Stored[Doc], shape: type[S], key_field: str, sight: Sight[S] | None
    ) -> None:
        self.collection = collection
        self.key_field = key_field
        self._shape = shape
        self._sight = sight

    def get(self, key: str) -> Record[S]:
        """The document under its key; NotFound when there is none."""
        record = self.look(key)
        if record is None:
            raise no_such(key)
        return record

    def of_office(self, key: str, office: str, causes: Collection[str] = ()) -> Record[S]:
        """The office's own document; another office's is as if there were none (E-84)."""
        record = self.look(key, causes)
        if record is None or record.office != office:
            raise no_such(key)
        return record

    def seen(self, key: str, who: Actor) -> Record[S]:
        """A document as far as somebody sees it; behind its walls it is as if there were none."""
        record = self.of_office(key, who.office)
        return replace(record, state=self._admit(who, key, record.state))

    def seen_in(self, record: Record[S], who: Actor) -> S | None:
        """What somebody sees of a document at hand; nothing where all is shut."""
        return record.state if self._sight is None else self._sight.seen(who, record.state)

    def whole(self, key: str, who: Actor, causes: Collection[str] = ()) -> Record[S]:
        """A document that is open to somebody as a whole; else it is as if there were none."""
        record = self.of_office(key, who.office, causes)
        self._require(who, key, record.state, None)
        return record

    def look(self, key: str, causes: Collection[str] = ()) -> Record[S] | None:
        """The document under its key, or nothing."""
        return self.load([key], causes).get(key)

    def load(self, keys: Sequence[str], causes: Collection[str] = ()) -> dict[str, Record[S]]:
        """The documents under these keys that exist, as a majority holds them.

        Of their steps those that these causes led to: whoever may have handled them before asks for them.
        """
        found = self.collection.find({self.key_field: {"$in": list(keys)}}, self._loaded(causes))
        return {doc[self.key_field]: self._record(doc) for doc in found}

    def handled(self, keys: Sequence[str], causes: Collection[str]) -> dict[str, frozenset[str]]:
        """Which of these causes the documents under these keys handled, as a majority holds them."""
        wanted = {self.key_field: 1, **_steps_of(causes)}
        found = self.collection.find({self.key_field: {"$in": list(keys)}}, wanted)
        return {doc[self.key_field]: frozenset(step["cause"] for step in doc["steps"]) for doc in found}

    def find(
        self,
        query: Doc,
        *,
        sort: Sequence[tuple[str, int]] = (("_id", ASCENDING),),
        skip: int = 0,
        limit: int = 50,
    ) -> list[Record[S]]:
        """Documents by their indexed scalars, a page of them."""
        found = self.collection.find(query, self._loaded())
        return [self._record(doc) for doc in found.sort(list(sort)).skip(skip).limit(limit)]

    def each(self, query: Doc) -> Iterator[Record[S]]:
        """Every document by its indexed scalars, in the order of their ids, as they are asked for."""
        found = self.collection.find(query, self._loaded()).sort("_id", ASCENDING).batch_size(_AT_ONCE)
        return (self._record(doc) for doc in found)

    def keys(self, query: Doc) -> list[str]:
        """The keys of documents by their indexed scalars."""
        return [doc[self.key_field] for doc in self.collection.find(query, {self.key_field: 1})]

    def page(
        self,
        query: Doc,
        who: Actor,
        skip: int,
        limit: int,
        sort: Sequence[tuple[str, int]] = (("_id", ASCENDING),),
    ) -> list[S]:
        """A page of what somebody sees of the documents that `seen_by` selects."""
        found = (self.seen_in(r, who) for r in self.find(query, sort=sort, skip=skip, limit=limit))
        return [state for state in found if state is not None]

    def entries(self, query: Doc, limit: int) -> list[tuple[Doc, Record[S]]]:
        """Documents in the order of their keys, each with all it holds but people and answers."""
        found = self.collection.find(query, _NOT_TOLD).sort(self.key_field, ASCENDING).limit(limit)
        return [(doc, self._record(doc)) for doc in found]

    def history(self, key: str) -> list[Doc]:
        """Every step of a document, first to last."""
        doc = self.collection.find_one({self.key_field: key}, {"steps": 1})
        steps: list[Doc] = doc["steps"] if doc else []
        return steps

    def _record(self, doc: Doc) -> Record[S]:
        return Record(
            key=doc[self.key_field],
            version=doc["version"],
            office=doc["office"],
            correlation=doc["correlation"],
            said=doc["said"],
            state=from_document(doc["state"], self._shape),
            handled={step["cause"]: step for step in doc.get("steps", ())},
        )

    def _loaded(self, causes: Collection[str] = ()) -> Doc:
        return {**_LOADED, self.key_field: 1, **(_steps_of(causes) if causes else {})}

    def _admit(self, who: Actor, key: str, state: S) -> S:
        seen = state if self._sight is None else self._sight.seen(who, state)
        if seen is None:
            raise no_such(key)
        return seen

    def _require(self, who: Actor, key: str, state: S, about: About[S] | None) -> None:
        seen = self._admit(who, key, state)
        if about is not None:
            about(seen)
        elif seen is not state:
            raise no_such(key)


def _steps_of(causes: Collection[str]) -> Doc:
    """A projection: a document keeps every step for ever, and few of them are ever asked for."""
    asked = {"$in": ["$$step.cause", {"$literal": list(causes)}]}  # an id is no expression
    return {"steps": {"$filter": {"input": "$steps", "as": "step", "cond": asked}}}
