"""What is seen of an import: a bar, or a line every few seconds; the counts; the report."""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from huiyin.cli.importing.sending import Done, Outcome

_EVERY_S: Final = 5.0
_SHOWN: Final = 20
_WORDS: Final[dict[Outcome, str]] = {
    "registered": "登记 # (registered)",
    "earlier": "此前已登记 # (registered earlier)",
    "good": "可登记 # (good, none sent)",
    "bad": "有误 # (bad)",
}


@dataclass
class Tally:
    """How many rows came to what, and the bad ones."""

    counts: Counter[str] = field(default_factory=Counter)
    bad: list[dict[str, Any]] = field(default_factory=list)

    def add(self, done: Done) -> None:
        """Count one row."""
        self.counts[done.outcome] += 1
        if done.outcome == "bad":
            self.bad.append({"line": done.row.line, "why": list(done.why)})

    @property
    def rows(self) -> int:
        """All that were counted."""
        return self.counts.total()

    def words(self) -> str:
        """The counts for people."""
        named = [(words, self.counts[outcome]) for outcome, words in _WORDS.items()]
        return "，".join(f"{words.replace('#', str(n))}" for words, n in named if n) or "没有内容 (nothing)"

    def report(self) -> dict[str, Any]:
        """The counts and every bad row, for machines."""
        return {"rows": self.rows, **{name: self.counts[name] for name in _WORDS}, "bad_rows": self.bad}

    def bad_words(self) -> Iterator[str]:
        """The first bad rows, a line each."""
        for one in self.bad[:_SHOWN]:
            yield f"  第 {one['line']} 行 (line {one['line']}): {'；'.join(one['why'])}"
        if len(self.bad) > _SHOWN:
            yield f"  … 共 {len(self.bad)} 行 (in all)"


class Watch(Protocol):
    """Sees the tally grow."""

    def __call__(self, tally: Tally) -> None:
        """Show how far it is."""


@contextmanager
def watching(total: int) -> Iterator[Watch]:
    """A bar on a terminal; elsewhere a line every few seconds. Both on the error stream."""
    if sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task("", total=total, words="")
            yield lambda tally: bar.update(
                task, completed=tally.rows, words=f"有误 {tally.counts['bad']} bad"
            )
    else:
        yield _Lines(total)


def _bar() -> Progress:
    columns = (
        TextColumn("导入 import"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[words]}"),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


class _Lines:
    """Tells a line every few seconds."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._told = time.monotonic()

    def __call__(self, tally: Tally) -> None:
        if time.monotonic() - self._told >= _EVERY_S:
            self._told = time.monotonic()
            typer.echo(f"{tally.rows}/{self._total}: {tally.words()}", err=True)
