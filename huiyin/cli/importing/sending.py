"""Registers rows at the platform, several at a time, and tells in the file's order what became of each."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Literal

import httpx

from huiyin.cli.importing.journal import Journal
from huiyin.cli.importing.keys import Keyed
from huiyin.cli.importing.kinds import Kind
from huiyin.client.line import Person, Refused
from huiyin.rows import Map, Row
from huiyin.rows.mapping import CLASS, FIELDS

Outcome = Literal["registered", "earlier", "good", "bad"]

_AHEAD: Final = 4  # rows handed out for each that is in hand
_NOT_ALLOWED: Final = frozenset({401, 403})
_UNKNOWN: Final = 404
_AWAY: Final = frozenset({502, 503, 504})
#: What the platform calls otherwise than mappings do.
_OURS: Final = {"due_on": "deadline"}
TAKEN_OVER: Final = "already-taken-over"


class NotAnswering(Exception):
    """The platform does not answer, although it was asked again and again."""


@dataclass(frozen=True)
class Done:
    """What became of a row: its case's number, or why it is bad."""

    row: Row
    outcome: Outcome
    number: str = ""
    why: tuple[str, ...] = ()


@dataclass
class Sender:
    """Sends rows in one person's name to one address; `known` are the keys done before."""

    person: Person
    kind: Kind
    by: Map
    journal: Journal
    known: dict[str, str]

    def __call__(self, keyed: Keyed) -> Done:
        """Register one row; NotAnswering or Refused when no row can be registered."""
        row = keyed.row
        if row.problems:
            return Done(row, "bad", why=row.problems)
        if keyed.key in self.known:
            return Done(row, "earlier", self.known[keyed.key])
        try:
            receipt = self.person.post("intake", self.kind.path, self.kind.body(row), keyed.key)
        except httpx.TransportError as gone:
            raise NotAnswering(str(gone)) from gone
        except Refused as refused:
            return self._refused(row, refused)
        self.journal.write(row.line, keyed.key, receipt)
        return Done(row, "registered", receipt["number"])

    def _refused(self, row: Row, refused: Refused) -> Done:
        if refused.status in _AWAY:
            raise NotAnswering(refused.detail) from refused
        if refused.status in _NOT_ALLOWED:
            raise refused
        if refused.code == TAKEN_OVER:
            return Done(row, "earlier", _first(refused.errors.get("number")))
        errors = refused.errors or {"": f"{refused.detail} ({refused.status} {refused.code})"}
        return Done(row, "bad", why=reasons(errors, self.by))


def send_all(rows: Iterator[Keyed], send: Callable[[Keyed], Done], at_once: int) -> Iterator[Done]:
    """Send the rows, `at_once` at a time; what became of them comes in the rows' order."""
    handed: deque[Future[Done]] = deque()
    pool = ThreadPoolExecutor(at_once)
    try:
        for row in rows:
            handed.append(pool.submit(send, row))
            if len(handed) >= at_once * _AHEAD:
                yield handed.popleft().result()
        while handed:
            yield handed.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def known_numbers(person: Person, journal: Journal) -> dict[str, str]:
    """What the journal says was done, if its last case is at this platform; else it is begun anew."""
    known = journal.read()
    if not known:
        return {}
    try:
        person.get("intake", f"/cases/{list(known.values())[-1]}")
    except httpx.TransportError as gone:
        raise NotAnswering(str(gone)) from gone
    except Refused as refused:
        if refused.status in _AWAY:
            raise NotAnswering(refused.detail) from refused
        if refused.status != _UNKNOWN:
            raise
        journal.forget()
        return {}
    return known


def reasons(errors: Mapping[str, object], by: Map) -> tuple[str, ...]:
    """The platform's words on each field, with the name that the file has for it."""
    return tuple(f"{_called(path, by)}{_first(words)}" for path, words in errors.items())


def _called(path: str, by: Map) -> str:
    before, _, last = path.rpartition(".")
    if f".{before}.".endswith(f".{CLASS}"):
        return f"{by.called(CLASS + last)}："
    name = next((by.called(name) for name in FIELDS if name == _OURS.get(last, last)), path)
    return f"{name}：" if name else ""


def _first(words: object) -> str:
    return str(words[0]) if isinstance(words, list) and words else str(words or "")
