"""Proves a service's audit: what it says of itself, against the heads that are kept elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from huiyin.chassis.anchor import Line, read_anchor
from huiyin.client.line import Json, Person
from huiyin.contracts.questions import KEEP_HEAD
from huiyin.contracts.services import Service


@dataclass
class Proved:
    """What the proof of one service's audit found."""

    service: Service
    keeper: Service
    batches: int = 0
    rows: int = 0
    unsealed: int = 0
    anchored: int = 0
    restored: str | None = None
    findings: list[Json] = field(default_factory=list)


def written_heads(folder: Path) -> list[Line]:
    """The anchor's lines that tell of heads; none where there is no such folder."""
    return [line for line in read_anchor(folder) if line.what == "audit-head"] if folder.is_dir() else []


def prove(auditor: Person, service: Service, lines: list[Line]) -> Proved:
    """Have a service prove its audit, and compare its chain with the heads that are kept elsewhere."""
    proved = Proved(service, KEEP_HEAD[service].answerer)
    # First what is kept elsewhere: all of that must then be found here.
    proved.anchored = auditor.get(proved.keeper, "/audit/heads", of=service)["newest"]
    written: dict[int, str] = {}
    differ: list[int] = []
    for after, page in _pages(auditor, service):
        heads = {int(n): head for n, head in page["batches"].items()}
        proved.batches = max([proved.batches, *heads])
        proved.rows += page["rows"]
        proved.unsealed = page["unsealed"]
        proved.findings += page["findings"]
        proved.restored = page["restored"]
        written = _written(lines, service, proved.restored)
        differ += _differing(heads, written, _kept(auditor, proved, after, heads))
    if differ:  # all batches behind the first follow from it
        proved.findings.append({"kind": "head-differs", "batch": min(differ)})
    known = max([proved.anchored, *written])
    if known > proved.batches:
        first = proved.batches + 1
        lost = f"{first}–{known}" if known > first else str(known)
        proved.findings.append({"kind": "cut-off", "batch": lost})
    return proved


def _pages(auditor: Person, service: Service) -> Iterator[tuple[int, Json]]:
    after: int | None = 0
    while after is not None:
        page = auditor.get(service, "/audit/proof", after=after)
        yield after, page
        after = page["until"]


def _kept(auditor: Person, proved: Proved, after: int, heads: Mapping[int, str]) -> dict[int, str]:
    """The heads of a page of batches that the other service holds."""
    until = max(heads, default=after)
    kept = auditor.get(proved.keeper, "/audit/heads", of=proved.service, after=after, until=until)
    return {int(n): head for n, head in kept["heads"].items()}


def _written(lines: list[Line], service: Service, restored: str | None) -> dict[int, str]:
    """The heads that were written down outside the databases since the last restore."""
    since = datetime.fromisoformat(restored) if restored else None
    return {
        line.facts["n"]: line.facts["head"]
        for line in reversed(lines)  # where a number was written twice, the first counts
        if line.facts["service"] == service and (since is None or line.at >= since)
    }


def _differing(heads: Mapping[int, str], *elsewhere: Mapping[int, str]) -> Iterator[int]:
    """The batches of a page that are known elsewhere under another head."""
    for known in elsewhere:
        yield from (n for n in known.keys() & heads.keys() if known[n] != heads[n])
