"""One case read for comparing: who said what, who handled what, and what is lost without its step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from huiyin.books.pages import Case, Document, Event, Row, Step
from huiyin.contracts.hearers import ROUTES
from huiyin.contracts.services import SERVICES, Service


@dataclass(frozen=True, slots=True)
class Said:
    """An event and who said it."""

    service: Service
    event: Event


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One row of intake's journal."""

    id: str
    source: Service
    sequence: int
    digest: str


class Tally:
    """One document's steps, each cause once; what was handled again is kept apart."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.causes: dict[str, Step] = {}
        self.again: list[Step] = []
        for step in document.steps:
            if step.cause in self.causes:
                self.again.append(step)
            else:
                self.causes[step.cause] = step
        self.events = {event.id: event for step in document.steps for event in step.events}

    @cached_property
    def gap(self) -> list[int]:
        """The numbers of steps that are not there."""
        return _missing(self.document.version, (step.n for step in self.document.steps))

    @cached_property
    def unspoken(self) -> list[int]:
        """The sequences of events that are not there."""
        return _missing(self.document.said, (event.sequence for event in self.events.values()))

    @property
    def stray(self) -> list[int]:
        """Numbers of steps that are there twice, or beyond the version."""
        ns = [step.n for step in self.causes.values()]
        return sorted({n for n in ns if n > self.document.version or ns.count(n) > 1}) if self._odd else []

    @property
    def _odd(self) -> bool:
        ns = {step.n for step in self.causes.values()}
        return len(ns) != len(self.causes) or max(ns, default=0) > self.document.version

    def of_type(self, event_type: str) -> Iterator[Event]:
        """The events of a type that it said."""
        return (event for event in self.events.values() if event.type == event_type)


class Reading:
    """A case with its tallies."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.tallies: dict[Service, Tally] = {
            service: Tally(case.documents[service]) for service in SERVICES if service in case.documents
        }
        self.said = {
            event.id: Said(service, event)
            for service, tally in self.tallies.items()
            for event in tally.events.values()
        }

    @cached_property
    def journal(self) -> Mapping[str, JournalRow]:
        """Intake's journal by event id."""
        intake = self.tallies.get("intake")
        rows = intake.document.facts["journal"] if intake else []
        return {row["id"]: JournalRow(**row) for row in rows}

    @cached_property
    def waits(self) -> Mapping[Service, Mapping[str, Row]]:
        """What waits, is parked or was dropped, by event id."""
        return {service: {row.event: row for row in rows} for service, rows in self.case.rows.items()}

    def unheard(self, hearer: Service) -> list[Said]:
        """What was published, must be heard here, and is neither handled nor waiting."""
        causes, waits = self.tallies[hearer].causes, self.waits.get(hearer, {})
        return [
            said
            for event_id, said in self.said.items()
            if event_id not in causes and event_id not in waits and self._published_to(hearer, said)
        ]

    def is_lost(self, event_id: str) -> bool:
        """Whether an event nobody shows is one whose step, or whose sayer's document, is gone."""
        row = self.journal.get(event_id)
        if row is None:
            return False
        tally = self.tallies.get(row.source)
        return tally is None or row.sequence in tally.unspoken

    def _published_to(self, hearer: Service, said: Said) -> bool:
        route = ROUTES.get(said.event.type)
        sent = self.tallies[said.service].document.sent
        return route is not None and hearer in route.hearers and said.event.sequence <= sent


def _missing(count: int, there: Iterator[int]) -> list[int]:
    present = set(there)
    if len(present) == count and max(present, default=0) == count:
        return []
    return [n for n in range(1, count + 1) if n not in present]
