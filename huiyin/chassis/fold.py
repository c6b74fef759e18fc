"""Folds a batch of heard events into one write a case.

For every case: load once, apply the events one after the other as steps, save once. When every
write found its version, all is saved. When one missed, a majority read shows which steps are
really there: `bulk_write` does not say which missed, so that read decides what may be acknowledged.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Generic, TypeVar

from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from huiyin.chassis.draft import Draft
from huiyin.chassis.errors import NotYet
from huiyin.chassis.mongo import STORE_AWAY, Doc
from huiyin.chassis.steps import Cause, Outcome, machine
from huiyin.chassis.store import Documents
from huiyin.contracts.envelope import Envelope, MalformedEnvelope
from huiyin.contracts.events import Event
from huiyin.contracts.subjects import is_case

S = TypeVar("S")

_log = logging.getLogger(__name__)

_RACES: Final = 8
_DUPLICATE_KEY: Final = 11000


@dataclass(frozen=True)
class Heard:
    """One event in a handler's hands: its envelope, its data, and how much the document said."""

    envelope: Envelope
    event: Event
    said: int


Handler = Callable[[S | None, Heard], Outcome[S]]


@dataclass
class Verdicts:
    """What became of each event of a batch, by event id."""

    done: set[str] = field(default_factory=set)
    early: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    malformed: dict[str, str] = field(default_factory=dict)
    #: Whether a case was saved for which something had waited.
    woke: bool = False


class Folder(Generic[S]):
    """Applies batches of events to the documents of one service."""

    def __init__(
        self,
        documents: Documents[S],
        handlers: Mapping[str, Handler[S]],
        *,
        office_now: Callable[[], datetime],
        before_save: Callable[[Sequence[Envelope]], None] = lambda _: None,
        concerned: Callable[[Sequence[Envelope]], Sequence[Envelope]] | None = None,
        doc_id: Callable[[Envelope], str] = lambda envelope: envelope.subject,
    ) -> None:
        self._documents = documents
        self._handlers = handlers
        self._office_now = office_now
        self._before_save = before_save
        self._concerned = concerned or _of_cases
        self._doc_id = doc_id

    def fold(self, batch: Sequence[Envelope]) -> Verdicts:
        """Apply the batch; raises only when the store is away, and then nothing is settled.

        What does not concern the service (it only follows such events) is done without a step.
        """
        verdicts = Verdicts()
        once = list({envelope.id: envelope for envelope in batch}.values())
        left = list(self._concerned(once))
        verdicts.done.update({envelope.id for envelope in once} - {envelope.id for envelope in left})
        for _ in range(_RACES):
            left = self._isolated(left, verdicts)
            if not left:
                return verdicts
        verdicts.failed.update({envelope.id: "lost every race" for envelope in left})
        return verdicts

    def _isolated(self, batch: list[Envelope], verdicts: Verdicts) -> list[Envelope]:
        """One pass; what breaks it (the store cannot hold it) is found by halving, the rest goes on."""
        try:
            return self._round(batch, verdicts)
        except STORE_AWAY:
            raise
        except Exception as failure:  # noqa: BLE001 - whatever it is, no message may hold up another
            if len(batch) == 1:
                verdicts.failed[batch[0].id] = f"{type(failure).__name__}: {failure}"
                return []
            half = len(batch) // 2
            return [
                *self._isolated(batch[:half], verdicts),
                *self._isolated(batch[half:], verdicts),
            ]

    def _round(self, batch: list[Envelope], verdicts: Verdicts) -> list[Envelope]:
        """One pass; returns the events whose save lost a race."""
        subjects, causes = {envelope.subject for envelope in batch}, [envelope.id for envelope in batch]
        records = self._documents.load(sorted(subjects), causes)
        tried: dict[str, list[Envelope]] = {}
        says: dict[str, list[str]] = {}
        writes: list[InsertOne[Doc] | UpdateOne] = []
        for subject, envelopes in _by_subject(batch).items():
            record = records.get(subject)
            fresh = [e for e in envelopes if record is None or e.id not in record.handled]
            verdicts.done.update(e.id for e in envelopes if e not in fresh)
            draft = self._documents.resume(record) if record else None
            folded, applied = self._apply(draft, fresh, verdicts)
            if folded is not None and applied:
                tried[subject] = applied
                writes.append(self._write(folded, applied[0]))
                says[subject] = folded.says
        if not writes:
            return []
        self._before_save([envelope for applied in tried.values() for envelope in applied])
        missing = [] if self._save(writes) else self._missing(tried)
        lost = {envelope.subject for envelope in missing}
        done = [envelope for applied in tried.values() for envelope in applied if envelope not in missing]
        verdicts.done.update(envelope.id for envelope in done)
        if said := [event for subject, events in says.items() if subject not in lost for event in events]:
            self._documents.tell(said)
        return missing

    def _apply(
        self, draft: Draft[S] | None, envelopes: Sequence[Envelope], verdicts: Verdicts
    ) -> tuple[Draft[S] | None, list[Envelope]]:
        applied = []
        for envelope in envelopes:
            try:
                draft = self._step(draft, envelope)
            except NotYet as early:
                verdicts.early[envelope.id] = str(early)
            except MalformedEnvelope as malformed:
                verdicts.malformed[envelope.id] = str(malformed)
            except STORE_AWAY:
                raise
            except Exception as failure:  # noqa: BLE001 - whatever it is, the message must be kept
                verdicts.failed[envelope.id] = f"{type(failure).__name__}: {failure}"
            else:
                applied.append(envelope)
        return draft, applied

    def _step(self, draft: Draft[S] | None, envelope: Envelope) -> Draft[S]:
        handler = self._handlers.get(envelope.type)
        if handler is None:
            raise MalformedEnvelope(f"{envelope.type} is not heard here")
        heard = Heard(envelope, envelope.event(), draft.said if draft else 0)
        outcome = handler(draft.state if draft else None, heard)
        cause = Cause(
            id=envelope.id,
            kind="event",
            who=machine(envelope.source, envelope.office),
            correlation=envelope.correlationid,
        )
        base = draft or self._documents.draft(envelope.subject, cause)
        return base.step(outcome, cause=cause, what=envelope.type, at=self._office_now())

    def _write(self, draft: Draft[S], first: Envelope) -> InsertOne[Doc] | UpdateOne:
        if draft.version == 0:
            return InsertOne(self._documents.document(draft, self._doc_id(first)))
        return UpdateOne(*self._documents.update(draft))

    def _save(self, writes: Sequence[InsertOne[Doc] | UpdateOne]) -> bool:
        """Write all in one go, majority and journaled; whether every one of them took effect."""
        try:
            result = self._documents.collection.bulk_write(writes, ordered=False)
        except BulkWriteError as partly:
            # Whoever missed, for whatever reason, is not shown by the majority read that follows.
            codes = sorted({error["code"] for error in partly.details["writeErrors"]} - {_DUPLICATE_KEY})
            if codes:
                _log.warning("bulk write refused in part, codes %s", codes)
            return False
        return result.inserted_count + result.matched_count == len(writes)

    def _missing(self, tried: Mapping[str, list[Envelope]]) -> list[Envelope]:
        """The events of which no step is there."""
        shown = self._documents.handled(list(tried), [e.id for events in tried.values() for e in events])
        return [
            envelope
            for subject, envelopes in tried.items()
            for envelope in envelopes
            if envelope.id not in shown.get(subject, frozenset())
        ]


def _of_cases(batch: Sequence[Envelope]) -> Sequence[Envelope]:
    """What belongs to no case concerns only who says so: it would wait without end for its case."""
    return [envelope for envelope in batch if is_case(envelope.subject)]


def _by_subject(batch: Sequence[Envelope]) -> dict[str, list[Envelope]]:
    groups: dict[str, list[Envelope]] = {}
    for envelope in batch:
        groups.setdefault(envelope.subject, []).append(envelope)
    return groups


def existing(handler: Callable[[S, Heard], Outcome[S]]) -> Handler[S]:
    """A handler for events that speak of a document which must be there already."""

    def handle(state: S | None, heard: Heard) -> Outcome[S]:
        if state is None:
            raise NotYet(f"{heard.envelope.subject} is not known here yet")
        return handler(state, heard)

    return handle
