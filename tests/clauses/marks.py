"""Collects the marks as pytest does, parametrised tests included, without starting anything."""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.clauses.lines import OFFICES

ROOT: Final = Path(__file__).parents[2]
_HELD_BACK: Final = ("skip", "skipif", "xfail")


class CannotCollect(Exception):
    """pytest could not collect the tests; the words are its own."""


@dataclass(frozen=True)
class Marked:
    """A test (one set of parameters) and what it claims to show.

    `scenario` tells whether it drives the platform from outside, `offices` which offices it drives;
    `held_back` whether it may be skipped or is expected to fail.
    """

    test: str
    ids: tuple[str, ...]
    scenario: bool
    offices: frozenset[str]
    held_back: bool


def collect(root: Path = ROOT) -> list[Marked]:
    """Every test under `tests/` that carries a clause mark and is run by `make test`."""
    collector, words = _Collector(root), io.StringIO()
    arguments = [f"--rootdir={root}", "--collect-only", "-q", "-p", "no:cacheprovider", *_files(root)]
    with contextlib.redirect_stdout(words):
        ended = pytest.main(arguments, plugins=[collector])
    if ended not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        raise CannotCollect(words.getvalue())
    return collector.found


def _files(root: Path) -> Iterator[str]:
    """Only files that speak of clauses: importing all the others takes most of a minute."""
    for path in sorted((root / "tests").rglob("test_*.py")):
        if "clause" in path.read_text(encoding="utf-8"):
            yield str(path)


class _Collector:
    """A pytest plugin that notes the marked tests that stay after deselection."""

    def __init__(self, root: Path) -> None:
        self._scenarios = root / "tests" / "scenarios"
        self.found: list[Marked] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.found = [self._marked(item) for item in session.items if item.get_closest_marker("clause")]

    def _marked(self, item: pytest.Item) -> Marked:
        ids = [str(an_id) for mark in item.iter_markers("clause") for an_id in mark.args]
        return Marked(
            test=item.nodeid,
            ids=tuple(dict.fromkeys(ids)),
            scenario=item.path.is_relative_to(self._scenarios),
            offices=self._offices(item),
            held_back=any(item.get_closest_marker(mark) for mark in _HELD_BACK),
        )

    def _offices(self, item: pytest.Item) -> frozenset[str]:
        """The office of its folder; elsewhere those whose driver it asks for."""
        names = {office.replace("-", "_"): office for office in OFFICES}
        folder = names.get(item.path.parent.name)
        if folder:
            return frozenset({folder})
        return frozenset(names[name] for name in getattr(item, "fixturenames", ()) if name in names)
