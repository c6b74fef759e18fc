"""A document between loading and saving: the record as it was found, the draft as it will be."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from huiyin.chassis.mongo import Doc
from huiyin.chassis.steps import Cause, Outcome
from huiyin.contracts.envelope import dump
from huiyin.contracts.events import Event

S = TypeVar("S")
Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Record(Generic[S]):
    """A document as loaded; `handled` holds the steps of the causes that were asked for, by cause."""

    key: str
    version: int
    office: str
    correlation: str
    said: int
    state: S
    handled: Mapping[str, Doc]


@dataclass(frozen=True, kw_only=True)
class Draft(Generic[S]):
    """A document to be saved: the next state and the steps that led there."""

    key: str
    version: int
    office: str
    correlation: str
    said: int
    state: S
    steps: tuple[Doc, ...] = ()

    @property
    def says(self) -> list[str]:
        """The types of the events that its steps have for others."""
        return [event["type"] for step in self.steps for event in step["events"]]

    def step(
        self,
        outcome: Outcome[S],
        *,
        cause: Cause,
        what: str,
        at: datetime,
        answer: Answer | None = None,
    ) -> "Draft[S]":
        """One step further; events get random ids and the next sequence numbers."""
        state, events = outcome
        step = {
            "n": self.version + len(self.steps) + 1,
            "cause": cause.id,
            "kind": cause.kind,
            "who": {"subject": cause.who.subject, "role": cause.who.role, "unit": cause.who.unit},
            "when": at,
            "what": what,
            "events": [_written(event, n) for n, event in enumerate(events, start=self.said + 1)],
            **({"body": cause.body, "answer": dict(answer or {})} if cause.kind == "request" else {}),
        }
        return replace(self, said=self.said + len(events), state=state, steps=(*self.steps, step))


def _written(event: Event, sequence: int) -> Doc:
    return {"id": uuid.uuid4().hex, "type": event.type, "sequence": sequence, "data": dump(event)}
