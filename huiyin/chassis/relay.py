"""Publishes what the store holds unsent, and marks it sent.

Saving and publishing cannot be one act, so the document says what is unsent and this process
says it: read with majority, publish with confirms, then in one update set `sent` to the
greatest number confirmed and lift `unsent_since` only where nothing newer was said. A crash
in between publishes again, and hearers know the ids.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pymongo import UpdateOne

from huiyin.chassis.mongo import Doc
from huiyin.chassis.observe import Metrics
from huiyin.chassis.pipeline import BrokerAway, Outgoing, Pipeline
from huiyin.chassis.readings import Readings
from huiyin.contracts.envelope import Envelope
from huiyin.contracts.hearers import ROUTES
from huiyin.contracts.services import Service
from huiyin.contracts.tides import TIDE, TIDE_MARGIN, TIDES, dump_tide

_BATCH: Final = 200
_TIDE_EVERY: Final = timedelta(seconds=1)
#: A document keeps every step for ever; those with something unsent are the last ones.
_UNSENT_STEPS: Final[Doc] = {
    "$filter": {
        "input": "$steps",
        "as": "step",
        "cond": {"$gt": [{"$max": "$$step.events.sequence"}, "$sent"]},
    }
}


class Relay:
    """Says what the documents of a service hold unsent, one collection after the other."""

    def __init__(
        self,
        sayer: Service,
        sources: Sequence[Readings[Any]],
        pipeline: Pipeline,
        *,
        office_now: Callable[[], datetime],
        machine_now: Callable[[], datetime],
        metrics: Metrics,
    ) -> None:
        self._sayer = sayer
        self._sources = tuple(sources)
        self._pipeline = pipeline
        self._office_now = office_now
        self._machine_now = machine_now
        self._metrics = metrics
        self._tide_said: tuple[datetime, datetime] | None = None

    @property
    def says_tide(self) -> bool:
        """Whether somebody waits for this service's tide."""
        return self._sayer in TIDES

    def sweep(self) -> int:
        """Publish all that was unsent when it began; returns how many events were confirmed."""
        began = self._office_now()
        published = sum(self._sweep(source) for source in self._sources)
        self._say_tide(began)
        return published

    def _sweep(self, source: Readings[Any]) -> int:
        published = 0
        while True:
            found = _unsent(source)
            published += self._publish(source, found)
            if len(found) < _BATCH:
                return published

    def _publish(self, source: Readings[Any], documents: list[Doc]) -> int:
        events = {doc["_id"]: self._events(source.key_field, doc) for doc in documents}
        outgoing = [_outgoing(envelope) for said in events.values() for envelope in said]
        confirmed = self._pipeline.publish(outgoing)
        self._count(len(documents), outgoing, confirmed)
        marks = [self._mark(doc, events[doc["_id"]], confirmed) for doc in documents]
        if marks:
            source.collection.bulk_write(marks, ordered=False)
        if len(confirmed) < len(outgoing):
            raise BrokerAway(f"{len(outgoing) - len(confirmed)} messages were refused or returned")
        return len(confirmed)

    def _count(self, documents: int, outgoing: list[Outgoing], confirmed: set[str]) -> None:
        self._metrics.relay_unsent.set(documents if len(confirmed) < len(outgoing) else 0)
        for message in outgoing:
            if message.id in confirmed:
                self._metrics.events_published.labels(message.routing_key).inc()

    def _events(self, key_field: str, doc: Doc) -> list[Envelope]:
        return [
            self._envelope(doc[key_field], doc, step, event)
            for step in doc["steps"]
            for event in step["events"]
            if event["sequence"] > doc["sent"]
        ]

    def _envelope(self, subject: str, doc: Doc, step: Doc, event: Doc) -> Envelope:
        return Envelope(
            id=event["id"],
            source=self._sayer,
            type=event["type"],
            subject=subject,
            time=step["when"],
            office=doc["office"],
            sequence=event["sequence"],
            correlationid=doc["correlation"],
            causationid=step["cause"],
            data=event["data"],
        )

    def _mark(self, doc: Doc, events: list[Envelope], confirmed: set[str]) -> UpdateOne:
        sent = doc["sent"]
        for envelope in events:
            if envelope.id not in confirmed:
                break
            sent = envelope.sequence
        # Guarded by `sent` as it was read: set back meanwhile, the history is still to be said again.
        return UpdateOne({"_id": doc["_id"], "sent": doc["sent"]}, marked(sent, self._machine_now()))

    def _say_tide(self, until: datetime) -> None:
        if not self.says_tide or self._said_lately(until):
            return
        self._tide_said = self._machine_now(), until
        body = dump_tide(self._sayer, until - TIDE_MARGIN)
        self._pipeline.publish([Outgoing(f"tide-{uuid.uuid4().hex}", TIDE, body, mandatory=True)])

    def _said_lately(self, until: datetime) -> bool:
        """By the machine's clock, and by the office's, which a local stack may move by days at once."""
        if self._tide_said is None:
            return False
        at, last = self._tide_said
        return self._machine_now() - at < _TIDE_EVERY and abs(until - last) < _TIDE_EVERY


def _unsent(source: Readings[Any]) -> list[Doc]:
    cursor = source.collection.find(
        {"unsent_since": {"$exists": True}},
        {source.key_field: 1, "office": 1, "correlation": 1, "sent": 1, "said": 1, "steps": _UNSENT_STEPS},
    )
    return list(cursor.sort("unsent_since", 1).hint("unsent").limit(_BATCH))


def marked(sent: int, at: datetime) -> list[Doc]:
    """The update that marks events up to `sent`; a save in between keeps `unsent_since`."""
    return [
        {"$set": {"sent": {"$max": ["$sent", sent]}, "sent_at": at}},
        {
            "$set": {
                "unsent_since": {"$cond": [{"$gte": ["$sent", "$said"]}, "$$REMOVE", "$unsent_since"]},
            }
        },
    ]


def _outgoing(envelope: Envelope) -> Outgoing:
    mandatory = bool(ROUTES[envelope.type].hearers)
    return Outgoing(envelope.id, envelope.type, envelope.to_bytes(), mandatory)
