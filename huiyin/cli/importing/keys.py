"""The idempotency key of a row: the same row is the same case, whichever file it stands in."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from huiyin.rows import Map, Row, Table
from huiyin.rows.mapping import Field
from huiyin.rows.mending import ADDED


@dataclass(frozen=True)
class Keyed:
    """A row and its key."""

    row: Row
    key: str


def keyed(rows: Iterator[Row], table: Table, by: Map, office: str, named_by: Field) -> Iterator[Keyed]:
    """Each row with its key: from its id, else from all its cells and which of its equals it is.

    An id that stood on an earlier line is a problem of the row.
    """
    lines: dict[str, int] = {}
    equals: Counter[str] = Counter()
    for row in rows:
        own = row.text(named_by)
        if not own:
            content = _content(table.header, row)
            equals[content] += 1
            yield Keyed(row, _hash(office, by.source, "row", content, str(equals[content])))
            continue
        earlier = lines.setdefault(own, row.line)
        yield Keyed(_told_twice(row, own, earlier, by, named_by), _hash(office, by.source, named_by, own))


def _told_twice(row: Row, own: str, earlier: int, by: Map, named_by: Field) -> Row:
    if earlier == row.line:
        return row
    problem = f"{by.called(named_by)}：“{own}”与第 {earlier} 行相同 (stands on line {earlier} already)"
    return replace(row, problems=(*row.problems, problem))


def _content(header: Sequence[str], row: Row) -> str:
    named = zip(header, row.cells, strict=False)
    return "\x1e".join(sorted(f"{name}\x1f{cell}" for name, cell in named if name not in ADDED))


def _hash(*parts: str) -> str:
    text = "\x1d".join(parts)
    return "import-" + hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()
