"""The shapes of the services' ledgers, and one case as all five have it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cattrs import Converter

from huiyin.books.acts import Act
from huiyin.contracts.services import Service

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One event that a step said; `digest` is its fingerprint, `about` the ids it names."""

    id: str
    type: str
    sequence: int
    digest: str
    about: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a document: its cause is an event, a request or a clock."""

    n: int
    cause: str
    kind: str
    what: str
    events: list[Event]


@dataclass(frozen=True, slots=True)
class Document:
    """One service's books of one case; seconds by the machine clock, None where nothing is known."""

    number: str
    office: str
    version: int
    said: int
    sent: int
    unsent_s: float | None
    quiet_s: float | None
    misfiled: list[str]
    steps: list[Step]
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One message that waits, is parked or was dropped; `late_s` is how long past its next try."""

    event: str
    case: str
    state: str
    reason: str
    attempts: int
    since_s: float
    late_s: float
    why: str


@dataclass(frozen=True, slots=True)
class Page:
    """A range of case numbers; `until` is where the next one begins."""

    documents: list[Document]
    waiting: list[Row]
    until: str | None

    def by_number(self, service: Service) -> Iterator["Share"]:
        """Each case's share of the page, in the order of the numbers."""
        shares: dict[str, Share] = {}
        for document in self.documents:
            shares[document.number] = Share(document.number, service, document, [])
        for row in self.waiting:
            shares.setdefault(row.case, Share(row.case, service, None, [])).rows.append(row)
        return iter(sorted(shares.values(), key=lambda share: share.number))


@dataclass(frozen=True, slots=True)
class Share:
    """What one service has of one case."""

    number: str
    service: Service
    document: Document | None
    rows: list[Row]


@dataclass(frozen=True)
class Case:
    """One case as all five services have it, and what a client was answered about it."""

    number: str
    documents: Mapping[Service, Document] = field(default_factory=dict)
    rows: Mapping[Service, Sequence[Row]] = field(default_factory=dict)
    acts: Sequence[Act] = ()

    @property
    def quiet_s(self) -> float:
        """How long nobody has saved or said anything of it; endless when nothing is known."""
        known = (document.quiet_s for document in self.documents.values())
        return min((seconds for seconds in known if seconds is not None), default=float("inf"))


def case_of(number: str, shares: Sequence[Share], acts: Sequence[Act] = ()) -> Case:
    """A case from the services' shares of it."""
    return Case(
        number,
        {share.service: share.document for share in shares if share.document is not None},
        {share.service: share.rows for share in shares},
        acts,
    )


def page_of(answer: Json) -> Page:
    """A ledger's answer as a page."""
    return _converter().structure(answer, Page)


@cache
def _converter() -> Converter:
    return Converter()
