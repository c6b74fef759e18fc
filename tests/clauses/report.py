"""What the measure prints: a table of offices and services, each line with its tests, and the faults."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from tests.clauses.lines import EVERYBODY, OFFICES, SERVICES
from tests.clauses.measure import Finding, name

_MARKS: Final = {"shown": "+", "impossible": "!", "not shown": "-"}
_SCENARIOS: Final = "tests/scenarios/"
_ROWS: Final = (*OFFICES, "")


def as_text(findings: Sequence[Finding], faults: Sequence[str], required: Sequence[str]) -> Iterator[str]:
    """The lines of the report."""
    for group, members in groupby(_sorted(findings), lambda finding: finding.line.group):
        yield from _group(group, list(members))
    yield from _table(findings)
    yield from _impossible(findings)
    if faults:
        yield f"\n{len(faults)} faults"
        yield from (f"  {fault}" for fault in faults)
    yield from _verdict(findings, required)


def as_json(findings: Sequence[Finding], faults: Sequence[str], missing: Sequence[str]) -> dict[str, Any]:
    """The same for programs: `lines`, `faults`, and `missing` ids of what is required."""
    return {"lines": [_json(f) for f in findings], "faults": list(faults), "missing": list(missing)}


def _json(finding: Finding) -> dict[str, Any]:
    line = finding.line
    return {
        "id": line.id,
        "office": line.office or None,
        "owner": line.owner or None,
        "state": finding.state,
        "reason": finding.reason or None,
        "tests": finding.tests,
        "at": sorted(finding.offices),
        "also": {service: finding.also.get(service, []) for service in line.also},
        "elsewhere": finding.elsewhere,
        "below": finding.below,
    }


def _sorted(findings: Sequence[Finding]) -> list[Finding]:
    """By office, then by service; the file's order within."""
    services = (*SERVICES, EVERYBODY, "")
    return sorted(findings, key=lambda f: (_ROWS.index(f.line.office), services.index(f.line.owner)))


def _group(title: str, members: Sequence[Finding]) -> Iterator[str]:
    yield f"\n{title}: {_share(members)} shown"
    for finding in members:
        yield f"  {_MARKS[finding.state]} {finding.line.id:<6} {_told(finding)}".rstrip()
        yield from (f"           + {part}: {_names(tests)}" for part, tests in finding.also.items())
        if finding.offices and not finding.line.owner:
            yield f"           at {', '.join(o for o in OFFICES if o in finding.offices)}"
        if finding.open_parts:
            yield f"           - {', '.join(finding.open_parts)}: part not shown"


def _told(finding: Finding) -> str:
    if finding.tests:
        return _names(finding.tests)
    if finding.reason:
        return f"impossible: {finding.reason}"
    if finding.elsewhere:
        return f"not shown here, only by {_names(finding.elsewhere)}"
    return f"not shown, only below: {_names(finding.below)}" if finding.below else "not shown"


def _names(tests: Sequence[str]) -> str:
    """The first test and how many more; sets of parameters are one test."""
    distinct = list(dict.fromkeys(map(name, tests)))
    more = f" (and {len(distinct) - 1} more)" if len(distinct) > 1 else ""
    return distinct[0].removeprefix(_SCENARIOS) + more


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    """Shown of all, a row an office and a column a service."""
    columns = (*SERVICES, EVERYBODY)
    yield "\n" + "".join((f"{'shown of all':<17}", *(f"{column:>12}" for column in columns)))
    for office in _ROWS:
        cells = [
            _cell([f for f in findings if (f.line.office, f.line.owner) == (office, c)]) for c in columns
        ]
        yield f"{office or 'edge cases':<17}" + "".join(f"{cell:>12}" for cell in cells)
    yield f"{'rulebooks':<17}{_cell([f for f in findings if not f.line.owner]):>12}"
    parts = [bool(f.also.get(service)) for f in findings for service in f.line.also]
    yield f"{'also parts':<17}{f'{sum(parts)}/{len(parts)}':>12}"


def _cell(members: Sequence[Finding]) -> str:
    return _share(members) if members else ""


def _share(members: Sequence[Finding]) -> str:
    return f"{sum(f.state == 'shown' for f in members)}/{len(members)}"


def _impossible(findings: Sequence[Finding]) -> Iterator[str]:
    named = [f for f in findings if f.reason]
    if named:
        yield f"\n{len(named)} judged impossible"
        yield from (f"  {f.line.id}: {f.reason}" for f in named)


def _verdict(findings: Sequence[Finding], required: Sequence[str]) -> Iterator[str]:
    for service in required:
        lines = [f for f in findings if f.line.owner in {service, EVERYBODY}]
        lacking = [f.line.id for f in lines if f.state == "not shown"]
        said = f"{len(lacking)} of {len(lines)} not shown: {' '.join(lacking)}" if lacking else "complete"
        yield f"\n{service}: {said}"
