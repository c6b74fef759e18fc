"""The volume: the journal's rows in one order, each hash standing on the one before (S2-50).

Order is (source, aggregate, sequence), so the same rows give the same head whenever and by
whomever they are chained. What comes after a part was sealed makes the next part, under the same
number; its chain goes on from the head of the part before (E-107).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

_START: Final = "0" * 64

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A sealed part: of each service, up to which of its events it reaches, and the hash of its last row.

    `round` is the one in which the case was last opened; `said_as` the sequence of the event that tells
    of the sealing, which stands in no part. `files` is how many of the case's files, as they were added,
    lie in this part and those before it; none where it was sealed before that was counted.
    """

    part: int
    round: int
    rows: int
    head: str
    upto: Mapping[str, int]
    files: int = 0
    said_as: int
    sealed_at: datetime


@dataclass(frozen=True)
class Chained:
    """A part of the volume: its contents list and the hash of its last row."""

    contents: tuple[dict[str, Any], ...]
    head: str


def files_in(parts: Sequence[Part]) -> int:
    """How many of the case's files, as they were added, lie in sealed parts."""
    return parts[-1].files if parts else 0


def missing(rows: Sequence[Row], parts: Sequence[Part], upto: Mapping[str, int]) -> list[str]:
    """The `source:sequence` that the next part promises and the journal has not got yet."""
    before = parts[-1].upto if parts else {}
    there = {(row["source"], row["sequence"]) for row in rows} | {("intake", part.said_as) for part in parts}
    promised = [(s, n) for s, count in upto.items() for n in range(before.get(s, 0) + 1, count + 1)]
    return [f"{source}:{n}" for source, n in promised if (source, n) not in there]


def chain(rows: Sequence[Row], parts: Sequence[Part], upto: Mapping[str, int]) -> Chained:
    """The rows behind the last part and up to these, ordered and hash-chained."""
    before, head = (parts[-1].upto, parts[-1].head) if parts else ({}, _START)
    contents = []

    def is_in(row: Row) -> bool:
        source = row["source"]
        return bool(before.get(source, 0) < row["sequence"] <= upto.get(source, 0))

    kept = filter(is_in, rows)
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


def beyond(rows: Sequence[Row], upto: Mapping[str, int]) -> dict[str, int]:
    """Of each service the last row that lies behind these: it is for the next part."""
    last: dict[str, int] = {}
    for row in rows:
        if row["sequence"] > upto.get(row["source"], 0):
            last[row["source"]] = max(row["sequence"], last.get(row["source"], 0))
    return last


def holds(rows: Sequence[Row], parts: Sequence[Part], kept: Sequence[Row]) -> bool:
    """Whether the rows, chained again, give every part that was sealed, one standing on the other."""
    if len(kept) != len(parts):
        return False
    return all(_holds(rows, parts[:n], part, kept[n]) for n, part in enumerate(parts))


def _holds(rows: Sequence[Row], before: Sequence[Part], part: Part, kept: Row) -> bool:
    if missing(rows, before, part.upto):
        return False
    chained = chain(rows, before, part.upto)
    same = list(chained.contents) == kept["contents"]
    return same and {chained.head, kept["head"]} == {part.head}


def link(before: str, row: Row) -> str:
    """The hash of a row that stands on the hash before it."""
    body = {name: row[name] for name in ("_id", "source", "case", "sequence", "type", "time", "data")}
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{before}\n{canonical}".encode()).hexdigest()
