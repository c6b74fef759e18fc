"""A service's books by case number: what it did, said and holds, without words and identity.

`huiyin check` compares the five services' books. A page holds the documents of a range of case
numbers and what waits of the same range, so that a case can be judged by its own page.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from huiyin.chassis.draft import Record
from huiyin.chassis.mongo import Doc
from huiyin.chassis.store import Documents
from huiyin.chassis.waiting import Waiting
from huiyin.contracts.services import Service

S = TypeVar("S")

#: A service's own lines of a page of cases, one for each, in their order.
Facts = Callable[[Sequence[Record[S]]], Sequence[Mapping[str, Any]]]

#: What of an event's data tells what it is about.
_ABOUT: Final = ("order", "matter", "round", "message", "slip")
#: And what of one type alone; the head of an order's unit is a person, who does not stand in the books.
_ABOUT_ONE: Final[Mapping[str, str]] = {"volume.sealed": "head"}
_SEALED: Final = ("_id", "office", "case", "source", "sequence", "type", "time", "data")
_MOST_ROWS: Final = 2_000


def fingerprint(row: Mapping[str, Any]) -> str:
    """The hash of an event as the journal keeps it; alike for its sayer and its journal row."""
    body = {name: row[name] for name in _SEALED}
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Ledger:
    """The books of one service."""

    service: Service
    documents: Documents[Any]
    waiting: Waiting
    facts: Facts[Any]
    machine_now: Callable[[], datetime]

    def page(self, after: str, limit: int) -> Doc:
        """The cases behind a number; `until` is where the next page begins, None at the end."""
        above = "$gt" if after else "$gte"  # what waits may speak of no case at all
        found = self.documents.entries({self.documents.key_field: {above: after}}, limit)
        until = found[-1][1].key if len(found) == limit else None
        cases = {above: after, **({"$lte": until} if until else {})}
        rows = self.waiting.of_cases(cases, _MOST_ROWS)
        if len(rows) == _MOST_ROWS:
            until = rows[-1]["case"]
            rows = [row for row in rows if row["case"] != until] + self.waiting.of_cases({"$eq": until})
            found = [(doc, record) for doc, record in found if record.key <= until]
        return self._written(found, rows, until)

    def case(self, number: str) -> Doc:
        """One case alone."""
        found = self.documents.entries({self.documents.key_field: number}, 1)
        return self._written(found, self.waiting.of_cases({"$eq": number}), None)

    def _written(self, found: list[tuple[Doc, Record[Any]]], rows: list[Doc], until: str | None) -> Doc:
        now = self.machine_now()
        facts = self.facts([record for _, record in found])
        return {
            "service": self.service,
            "documents": [
                {**self._document(doc, record, now), "facts": own}
                for (doc, record), own in zip(found, facts, strict=True)
            ],
            "waiting": [_row(row, now) for row in rows],
            "until": until,
        }

    def _document(self, doc: Doc, record: Record[Any], now: datetime) -> Doc:
        last = max((doc[name] for name in ("saved_at", "sent_at") if name in doc), default=None)
        return {
            "number": record.key,
            "office": record.office,
            "version": record.version,
            "said": record.said,
            "sent": doc["sent"],
            "unsent_s": _seconds(now, doc.get("unsent_since")),
            "quiet_s": _seconds(now, last),
            "misfiled": self.documents.misfiled(doc, record.state),
            "steps": [self._step(record, step) for step in doc["steps"]],
        }

    def _step(self, record: Record[Any], step: Doc) -> Doc:
        events = [self._event(record, step, event) for event in step["events"]]
        return {**{name: step[name] for name in ("n", "cause", "kind", "what")}, "events": events}

    def _event(self, record: Record[Any], step: Doc, event: Doc) -> Doc:
        row = {
            "_id": event["id"],
            "office": record.office,
            "case": record.key,
            "source": self.service,
            "sequence": event["sequence"],
            "type": event["type"],
            "time": step["when"].isoformat(),
            "data": event["data"],
        }
        return {
            "id": event["id"],
            "type": event["type"],
            "sequence": event["sequence"],
            "digest": fingerprint(row),
            "about": _about(event),
        }


def _about(event: Doc) -> Doc:
    names = (*_ABOUT, _ABOUT_ONE.get(event["type"], ""))
    return {name: event["data"][name] for name in names if name in event["data"]}


def _row(row: Doc, now: datetime) -> Doc:
    return {
        "event": row["_id"],
        "case": row["case"],
        "state": row["state"],
        "reason": row["reason"],
        "attempts": row["attempts"],
        "since_s": _seconds(now, row["since"]),
        "late_s": _seconds(now, row["not_before"]),
        "why": row.get("dropped", ""),
    }


def _seconds(now: datetime, then: datetime | None) -> float | None:
    return round((now - then).total_seconds(), 1) if then else None
