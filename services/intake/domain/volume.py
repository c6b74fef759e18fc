"""The volume: the journal's rows in one order, each hash standing on the one before (S2-50).

Order is (source, aggregate, sequence), so the same rows give the same head whenever and by
whomever they are chained.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_START: Final = "0" * 64

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Chained:
    """A part of the volume: its contents list and the hash of its last row."""

    contents: tuple[dict[str, Any], ...]
    head: str


def missing(rows: Sequence[Row], closed: Mapping[str, int]) -> list[str]:
    """The `source:sequence` that closed parts promise and the journal has not got yet."""
    there = {(row["source"], row["sequence"]) for row in rows}
    promised = [(source, n) for source, count in closed.items() for n in range(1, count + 1)]
    return [f"{source}:{n}" for source, n in promised if (source, n) not in there]


def chain(rows: Sequence[Row], closed: Mapping[str, int]) -> Chained:
    """The promised rows, ordered and hash-chained."""
    head = _START
    contents = []
    kept = [row for row in rows if row["sequence"] <= closed.get(row["source"], 0)]
    for row in sorted(kept, key=lambda r: (r["source"], r["case"], r["sequence"])):
        head = link(head, row)
        contents.append(
            {
                "event": row["_id"],
                "source": row["source"],
                "sequence": row["sequence"],
                "type": row["type"],
                "hash": head,
            }
        )
    return Chained(tuple(contents), head)


def holds(rows: Sequence[Row], closed: Mapping[str, int], parts: Sequence[Row], head: str) -> bool:
    """Whether the rows, chained again, give the part that was sealed, and its head is the case's."""
    if len(parts) != 1 or missing(rows, closed):
        return False
    chained = chain(rows, closed)
    (part,) = parts
    return {chained.head, part["head"]} == {head} and list(chained.contents) == part["contents"]


def link(before: str, row: Row) -> str:
    """The hash of a row that stands on the hash before it."""
    body = {name: row[name] for name in ("_id", "source", "case", "sequence", "type", "time", "data")}
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{before}\n{canonical}".encode()).hexdigest()
