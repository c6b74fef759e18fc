"""What an audit found: how much was compared, what does not fit, what is worth knowing."""

from collections import Counter
from dataclasses import dataclass, field

from huiyin.books.findings import Finding, Kind
from huiyin.books.pages import Case, Row


@dataclass(frozen=True)
class Counts:
    """How much was compared; `moving` cases were not at rest and only looked at."""

    cases: int
    moving: int
    steps: int
    events: int
    orders: int
    clocks: int
    messages: int
    journal_rows: int
    volumes: int
    acts: int


@dataclass(frozen=True)
class Burned:
    """Serials of an office's day that were leased and bear no case: burned, or still to be given."""

    office: str
    day: str
    leased: int
    serials: str
    count: int


@dataclass(frozen=True)
class Report:
    """The result of an audit. `unread` suspects were too many to be read again."""

    counts: Counts
    findings: tuple[Finding, ...]
    unread: int = 0
    dropped: tuple[tuple[str, Row], ...] = ()
    burned: tuple[Burned, ...] = ()
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether the books are proved."""
        return not self.findings and not self.unread

    def by_kind(self) -> dict[Kind, list[Finding]]:
        """The findings, kind by kind."""
        kinds: dict[Kind, list[Finding]] = {}
        for finding in self.findings:
            kinds.setdefault(finding.kind, []).append(finding)
        return kinds


@dataclass
class Tallying:
    """Counts while cases pass by."""

    counted: Counter[str] = field(default_factory=Counter)
    dropped: list[tuple[str, Row]] = field(default_factory=list)

    def add(self, case: Case, *, at_rest: bool) -> None:
        """Count one case."""
        self.counted.update(cases="intake" in case.documents, moving=not at_rest, acts=len(case.acts))
        for document in case.documents.values():
            self.counted.update(
                steps=len(document.steps), events=document.said, volumes=bool(document.facts.get("volume"))
            )
            for fact, name in _LISTS.items():
                self.counted[name] += len(document.facts.get(fact, ()))
        for service, rows in case.rows.items():
            self.dropped += [(service, row) for row in rows if row.state == "dropped"]

    def counts(self) -> Counts:
        """The counts so far."""
        return Counts(**{name: int(self.counted[name]) for name in Counts.__dataclass_fields__})


_LISTS = {"orders": "orders", "clocks": "clocks", "messages": "messages", "journal": "journal_rows"}
