"""A small case as all five services have it, told by what is said; everything in it fits."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from huiyin.books.pages import Case, Document, Event, Row, Step
from huiyin.contracts.hearers import ROUTES
from huiyin.contracts.services import SERVICES, Service

NUMBER = "ML-C-20240923-000001-00"
_ABOUT: Mapping[str, dict[str, Any]] = {
    "order.dispatched": {"order": "m1-1"},
    "message.requested": {"message": "order-given:m1-1"},
    "evaluation.recorded": {"matter": "m1", "round": 1},
    "volume.sealed": {"head": "abc"},
}
#: What a service says when it hears something.
_ANSWERS: Mapping[tuple[Service, str], tuple[str, ...]] = {
    ("dispatch", "case.registered"): ("order.dispatched", "message.requested"),
    ("supervision", "order.dispatched"): ("deadline.set",),
}


class Story:
    """Says events, and lets every hearer handle them."""

    def __init__(self) -> None:
        self.steps: dict[Service, list[Step]] = {service: [] for service in SERVICES}
        self.journal: list[dict[str, Any]] = []

    def step(self, service: Service, cause: str, kind: str, what: str, *said: str) -> None:
        steps = self.steps[service]
        before = sum(len(step.events) for step in steps)
        events = [_event(service, n, event_type) for n, event_type in enumerate(said, start=before + 1)]
        steps.append(Step(len(steps) + 1, cause, kind, what, events))
        for event in events:
            self._heard(service, event)

    def _heard(self, source: Service, event: Event) -> None:
        for hearer in ROUTES[event.type].hearers:
            if hearer == "intake":
                row = {"id": event.id, "source": source, "sequence": event.sequence, "digest": event.digest}
                self.journal.append(row)
            self.step(hearer, event.id, "event", event.type, *_ANSWERS.get((hearer, event.type), ()))

    def document(self, service: Service, facts: dict[str, Any]) -> Document:
        steps = self.steps[service]
        said = sum(len(step.events) for step in steps)
        return Document(NUMBER, "ml", len(steps), said, said, None, 600.0, [], steps, facts)


def sound() -> Case:
    """A registered, dispatched, evaluated and sealed case with one order and one message."""
    story = Story()
    story.step("intake", "r1", "request", "register", "case.registered")
    story.step("feedback", "r2", "request", "evaluate", "evaluation.recorded")
    story.step("intake", "seal", "clock", "seal", "volume.sealed")
    volume = {"head": "abc", "heads": ["abc"], "parts": 1, "intact": True}
    facts: dict[Service, dict[str, Any]] = {
        "intake": {"stage": "archived", "journal": story.journal, "volume": volume},
        "dispatch": {"orders": [{"id": "m1-1", "state": "approved"}]},
        "supervision": {"clocks": ["m1-1"], "evaluations": ["m1"], "due": [], "undone": []},
        "feedback": {"round": 1, "evaluations": ["m1"]},
        "notify": {"messages": [{"id": "dispatch:order-given:m1-1", "state": "delivered"}]},
    }
    return Case(NUMBER, {service: story.document(service, facts[service]) for service in SERVICES})


def changed(case: Case, service: Service, **changes: Any) -> Case:
    """The case with fields of one service's document changed."""
    document = replace(case.documents[service], **changes)
    return replace(case, documents={**case.documents, service: document})


def with_facts(case: Case, service: Service, **facts: Any) -> Case:
    """The case with facts of one service changed."""
    return changed(case, service, facts={**case.documents[service].facts, **facts})


def without(case: Case, service: Service) -> Case:
    """The case with one service's document gone."""
    return replace(case, documents={s: d for s, d in case.documents.items() if s != service})


def without_step(case: Case, service: Service, what: str) -> Case:
    """The case with one step gone, and what it said with it."""
    return with_steps(case, service, lambda step: [] if step.what == what else [step])


def with_steps(case: Case, service: Service, change: Callable[[Step], list[Step]]) -> Case:
    """The case with each step of a service replaced by others."""
    steps = [kept for step in case.documents[service].steps for kept in change(step)]
    return changed(case, service, steps=steps)


def with_row(case: Case, service: Service, **row: Any) -> Case:
    """The case with a message that waits at a service."""
    told = {"event": "e", "case": case.number, "state": "waiting", "reason": "failed", "attempts": 1}
    kept = Row(**{**told, "since_s": 5.0, "late_s": -1.0, "why": "", **row})
    return replace(case, rows={**case.rows, service: [*case.rows.get(service, []), kept]})


def _event(service: Service, sequence: int, event_type: str) -> Event:
    event_id = f"{service}-{sequence}"
    return Event(event_id, event_type, sequence, f"digest of {event_id}", dict(_ABOUT.get(event_type, {})))
