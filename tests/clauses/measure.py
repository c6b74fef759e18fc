"""Holds the marks against the lines: what is shown, by which tests, and what is wrong with the marks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from tests.clauses.lines import EVERYBODY, Line
from tests.clauses.marks import Marked

State = Literal["shown", "impossible", "not shown"]

MOST_IDS: Final = 3


@dataclass
class Finding:
    """What the tests say of one line; tests are node ids.

    `tests` show the owner's part, `also` the parts of other services. What is marked at another
    office than the line's (`elsewhere`) or below the scenarios (`below`) shows nothing.
    """

    line: Line
    reason: str = ""
    tests: list[str] = field(default_factory=list)
    also: dict[str, list[str]] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    offices: set[str] = field(default_factory=set)

    @property
    def state(self) -> State:
        """Whether the owner's part is shown."""
        if self.tests:
            return "shown"
        return "impossible" if self.reason else "not shown"

    @property
    def open_parts(self) -> list[str]:
        """The services whose part of it no scenario shows."""
        return [service for service in self.line.also if not self.also.get(service)]


def measure(
    lines: Mapping[str, Line], marked: Iterable[Marked], impossible: Mapping[str, str]
) -> list[Finding]:
    """One finding a line, in the order of the lines; marks that name no line are left to `mark_faults`."""
    found = {line.id: Finding(line, impossible.get(line.id, "")) for line in lines.values()}
    for test in marked:
        for mark in test.ids:
            base, *parts = mark.split("+")
            if base in found and not test.held_back:
                _note(found[base], test, parts)
    return list(found.values())


def _note(finding: Finding, test: Marked, parts: Sequence[str]) -> None:
    """A mark with parts claims the owner's part, and each named service's too."""
    if not test.scenario:
        finding.below.append(test.test)
    elif finding.line.office and finding.line.office not in test.offices:
        finding.elsewhere.append(test.test)
    else:
        finding.tests.append(test.test)
        finding.offices |= test.offices
        for part in parts:
            finding.also.setdefault(part, []).append(test.test)


def missing(findings: Iterable[Finding], services: Sequence[str]) -> list[str]:
    """The ids of these services, and those of everybody, that are neither shown nor impossible."""
    required = {*services, EVERYBODY} if services else set()
    return [f.line.id for f in findings if f.line.owner in required and f.state == "not shown"]


def mark_faults(
    lines: Mapping[str, Line], marked: Iterable[Marked], impossible: Mapping[str, str]
) -> Iterator[str]:
    """What is wrong with the marks themselves: unknown ids and parts, too many, tests held back."""
    yield from dict.fromkeys(fault for test in marked for fault in _of_test(lines, test))
    yield from (f"impossible.yaml: {an_id} is no line" for an_id in impossible if an_id not in lines)


def _of_test(lines: Mapping[str, Line], test: Marked) -> Iterator[str]:
    for mark in test.ids:
        yield from _unknown(lines, name(test.test), mark)
    if len({mark.partition("+")[0] for mark in test.ids}) > MOST_IDS:
        yield f"{name(test.test)}: more than {MOST_IDS} ids, so split it"
    if test.held_back:
        yield f"{name(test.test)}: skipped or expected to fail, so it shows nothing"


def name(test: str) -> str:
    """The test without its parameters."""
    return test.partition("[")[0]


def _unknown(lines: Mapping[str, Line], test: str, mark: str) -> Iterator[str]:
    base, *parts = mark.split("+")
    if base not in lines:
        yield f"{test}: {base} is no line"
        return
    yield from (f"{test}: {base} has no part of {part}" for part in parts if part not in lines[base].also)


def finding_faults(findings: Iterable[Finding]) -> Iterator[str]:
    """What is wrong with a line's tests: only unit tests carry it, or it is shown though impossible."""
    for finding in findings:
        if finding.below and not finding.tests and not finding.elsewhere:
            yield f"{finding.line.id}: no scenario carries it, only {name(finding.below[0])}"
        if finding.tests and finding.reason:
            yield f"{finding.line.id}: impossible.yaml names it, and {finding.tests[0]} shows it"
