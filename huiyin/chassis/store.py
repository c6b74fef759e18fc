"""One document a case, one write a step.

A document holds the service's whole view of one case: `state`, and every `step` that led to
it {n, cause, who, when, what, events said}. Steps are handled ids, history and audit at once
and are never trimmed. A save is ONE majority-journaled write matched on `version`. Scalars
`said`, `sent` and `unsent_since` (under a partial index) tell the relay what to publish;
`saved_at` (machine clock) tells how long a document has been at rest.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeVar

import bson
from bson.codec_options import CodecOptions
from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection as Stored
from pymongo.errors import DuplicateKeyError

from huiyin.chassis.draft import Answer, Draft, Record
from huiyin.chassis.errors import Conflict, KeyReused
from huiyin.chassis.mongo import Doc
from huiyin.chassis.readings import About, Readings
from huiyin.chassis.shapes import from_document, to_document
from huiyin.chassis.sight import Sight
from huiyin.chassis.steps import Actor, Cause, Outcome

S = TypeVar("S")

_RACES: Final = 8  # how often a lost race is run again before a person is asked to
_AWARE: Final[CodecOptions[Doc]] = CodecOptions(tz_aware=True)


class Stale(Exception):
    """Somebody saved in between: load again and decide again."""


class Documents(Readings[S]):
    """The documents of one collection; `indexed` gives the scalars to search by.

    `tell` hears after each save that says something of what types the events are.
    """

    def __init__(
        self,
        collection: Stored[Doc],
        shape: type[S],
        *,
        office_now: Callable[[], datetime],
        machine_now: Callable[[], datetime],
        indexed: Callable[[S], Doc] = lambda _: {},
        indexes: Sequence[IndexModel] = (),
        key_field: str = "_id",
        sight: Sight[S] | None = None,
        tell: Callable[[Sequence[str]], None] = lambda _: None,
    ) -> None:
        super().__init__(collection, shape, key_field, sight)
        self._office_now = office_now
        self._machine_now = machine_now
        self._indexed = indexed
        self._indexes = indexes
        self.tell = tell

    def prepare(self) -> None:
        """Create the indexes; safe to repeat."""
        unsent = IndexModel(
            [("unsent_since", ASCENDING)],
            name="unsent",
            partialFilterExpression={"unsent_since": {"$exists": True}},
        )
        self.collection.create_indexes([unsent, *self._indexes])

    def misfiled(self, doc: Doc, state: S) -> list[str]:
        """The scalars of a document that do not say what its state says: a search by them fails."""
        return [name for name, value in self._indexed(state).items() if doc.get(name) != value]

    # -- taking a step ----------------------------------------------------------------

    def create(self, key: str, outcome: Outcome[S], *, cause: Cause, what: str, answer: Answer) -> Answer:
        """Save a new document under the request's id; repeated, it gets the answer it got before."""
        draft = self.draft(key, cause).step(
            outcome, cause=cause, what=what, at=self._office_now(), answer=answer
        )
        try:
            self.collection.insert_one(self.document(draft, cause.id))
        except DuplicateKeyError:
            earlier = self.answered(cause)
            if earlier is None:
                raise Conflict(f"编号 {key} 已被占用，请重试。") from None
            return earlier
        if draft.says:
            self.tell(draft.says)
        return answer

    def answered(self, cause: Cause) -> Answer | None:
        """What a request that creates a document was answered before, if it was."""
        existing = self.collection.find_one({"_id": cause.id}, self._loaded([cause.id]))
        return None if existing is None else self.earlier_answer(self._record(existing).handled, cause)

    def take(
        self,
        key: str,
        cause: Cause,
        what: str,
        decide: Callable[[S], Outcome[S]],
        answer: Callable[[S], Answer] = lambda _: {},
        about: About[S] | None = None,
    ) -> Answer:
        """Load, decide, save. A lost race is run again; a repeated request gets its old answer.

        Who acts must see what the act is `about`, or the whole case; the answer holds what they see.
        """
        for lost in range(_RACES):
            record = self.of_office(key, cause.who.office, [cause.id])
            self._require(cause.who, key, record.state, about)
            earlier = self.earlier_answer(record.handled, cause)
            if earlier is not None:
                return earlier
            outcome = decide(record.state)
            said = answer(self._as_seen(cause.who, outcome[0]))
            draft = self.resume(record).step(
                outcome, cause=cause, what=what, at=self._office_now(), answer=said
            )
            try:
                self.save(draft)
            except Stale:
                _step_aside(lost)
                continue
            return said
        raise Conflict("该记录正被多人同时修改，请刷新后重试。")

    def follow(self, found: Record[S], decide: Callable[[Draft[S]], Draft[S]]) -> Record[S]:
        """Steps of a document that is at hand, in one save: loaded again only when somebody was faster.

        `decide` may be asked again after a lost race, and may find that no step is left to take.
        """
        for lost in range(_RACES):
            draft = decide(self.resume(found))
            if not draft.steps:
                return found
            try:
                self.save(draft)
            except Stale:
                _step_aside(lost)
                found = self.get(found.key)
                continue
            version = draft.version + len(draft.steps)
            return replace(found, version=version, said=draft.said, state=self._kept(draft.state))
        raise Conflict("该记录正被多人同时修改，请刷新后重试。")

    def earlier_answer(self, handled: Mapping[str, Doc], cause: Cause) -> Answer | None:
        """What this cause was answered before; KeyReused when it came with another body."""
        step = handled.get(cause.id)
        if step is None:
            return None
        if cause.kind == "request" and step.get("body") != cause.body:
            raise KeyReused("同一 Idempotency-Key 已用于另一请求。新的请求请换用新的键。")
        answer: Answer = step.get("answer", {})
        return answer

    def _as_seen(self, who: Actor, state: S) -> S:
        """What is answered to whoever shut themselves out by the act says no more than that it was done."""
        seen = state if self._sight is None else self._sight.seen(who, state)
        return state if seen is None else seen

    # -- saving -----------------------------------------------------------------------

    def draft(self, key: str, cause: Cause) -> Draft[S]:
        """A document not yet saved."""
        empty: Any = None
        return Draft(
            key=key, version=0, office=cause.who.office, correlation=cause.correlation, said=0, state=empty
        )

    def resume(self, record: Record[S]) -> Draft[S]:
        """A loaded document, ready for further steps."""
        return Draft(
            key=record.key,
            version=record.version,
            office=record.office,
            correlation=record.correlation,
            said=record.said,
            state=record.state,
        )

    def save(self, draft: Draft[S]) -> None:
        """Write the steps of a draft in one update; Stale when somebody was faster."""
        result = self.collection.update_one(*self.update(draft))
        if result.matched_count == 0:
            raise Stale(draft.key)
        if draft.says:
            self.tell(draft.says)

    def update(self, draft: Draft[S]) -> tuple[Doc, Doc]:
        """Filter (key and version) and update of a draft."""
        changed: Doc = {
            "$set": {
                "state": to_document(draft.state),
                "version": draft.version + len(draft.steps),
                "said": draft.said,
                "saved_at": self._machine_now(),
                **self._indexed(draft.state),
            },
            "$push": {"steps": {"$each": list(draft.steps)}},
        }
        if draft.says:
            changed["$min"] = {"unsent_since": self._machine_now()}
        return {self.key_field: draft.key, "version": draft.version}, changed

    def document(self, draft: Draft[S], doc_id: str) -> Doc:
        """The whole document of a draft that was never saved."""
        unsent = {"unsent_since": self._machine_now()} if draft.said else {}
        return {
            self.key_field: draft.key,
            "_id": doc_id,
            "version": len(draft.steps),
            "office": draft.office,
            "correlation": draft.correlation,
            "said": draft.said,
            "sent": 0,
            "saved_at": self._machine_now(),
            "state": to_document(draft.state),
            "steps": list(draft.steps),
            **self._indexed(draft.state),
            **unsent,
        }

    def _kept(self, state: S) -> S:
        """A state as it would be loaded: the store keeps milliseconds only."""
        kept = bson.decode(bson.encode(to_document(state)), _AWARE)
        return from_document(kept, self._shape)


def _step_aside(lost: int) -> None:
    """Wait a little, longer after each lost race, so that one of several savers is alone."""
    time.sleep(random.uniform(0, 0.005 * 3**lost))  # noqa: S311 - jitter, no secret
