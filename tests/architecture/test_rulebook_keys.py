"""A rulebook key's declared readers are the services whose code reads it, no more and no fewer."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from huiyin.chassis.rulebook import shape
from huiyin.chassis.rulebook.shape import keys
from huiyin.contracts.services import SERVICES

ROOT = Path(__file__).parents[2]
BOOK_NAMES = {"rulebook", "rules", "book"}
"""What a rulebook is called where a top-level key is read: `rulebook.legal_class`."""


def chains(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """Every attribute chain as its names; `self.rules.urge.before` gives four."""
    for node in ast.walk(tree):
        names: list[str] = []
        at: ast.AST = node
        while isinstance(at, ast.Attribute):
            names.insert(0, at.attr)
            at = at.value
        if names:
            # what stands before the chain may be a call or an index: it still is "anything"
            yield (at.id if isinstance(at, ast.Name) else "", *names)


def keys_of_methods() -> dict[str, set[str]]:
    """The keys that the rulebook's own questions read, such as `rulebook.limit_of(…)`."""
    tree = ast.parse(Path(shape.__file__).read_text(encoding="utf-8"))
    rulebook = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Rulebook")
    return {
        method.name: {
            name
            for chain in chains(method)
            if chain[0] == "self"
            for name in (".".join(chain[1:2]), ".".join(chain[1:3]))
            if name in keys()
        }
        for method in rulebook.body
        if isinstance(method, ast.FunctionDef)
    }


METHODS = keys_of_methods()


def keys_read(source: str) -> set[str]:
    """The rulebook keys a module reads, as `<anything>.<section>.<key>`."""
    known = keys().keys()
    found = set()
    for chain in chains(ast.parse(source)):
        found |= {f"{section}.{key}" for section, key in pairwise(chain[1:])} & known
        of_book = {key for name, key in pairwise(chain) if name in BOOK_NAMES}
        found |= of_book & known
        for method in of_book & METHODS.keys():
            found |= METHODS[method]
    return found


def readers_found() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {key: set() for key in keys()}
    for service in SERVICES:
        for path in sorted((ROOT / "services" / service).rglob("*.py")):
            for key in keys_read(path.read_text(encoding="utf-8")):
                found[key].add(service)
    return found


def test_the_declared_readers_of_every_key_are_those_that_read_it() -> None:
    declared = {key: set(readers) for key, readers in keys().items()}
    found = readers_found()
    wrong = {key: (declared[key], found[key]) for key in declared if declared[key] != found[key]}
    assert not wrong, f"read_by (declared, found): {wrong}"


def test_the_scan_sees_keys_behind_any_name_and_top_level_keys_of_a_rulebook_only() -> None:
    assert keys_read("self._frozen.deadline.general.amount") == {"deadline.general"}
    assert keys_read("book_of(case).urge.before") == {"urge.before"}
    assert keys_read("rulebook.legal_class['consumer']") == {"legal_class"}
    assert keys_read("rules.limit_of(difficulty)") == {"deadline.classes", "deadline.general"}
    assert keys_read("rulebook.candidates('a', 'b')") == {"catalogue"}
    assert keys_read("event.legal_class; deadline.general") == set()
