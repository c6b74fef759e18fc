"""Refuses rulebooks whose ways of sorting contradict themselves; each check names the key."""

from collections.abc import Iterable, Iterator
from string import Template
from typing import Final, get_args

from huiyin.chassis.rulebook.shape import Rulebook
from huiyin.chassis.rulebook.sorting import OUT_OF_SCOPE_DUTIES, SpecialClass, Weight
from huiyin.chassis.rulebook.values import is_id

Problem = tuple[str, str]

_IN_WORDS: Final = frozenset({"which", "hint"})


def schemes(book: Rulebook) -> Iterator[Problem]:
    """Ids that are none, and schemes nothing can be sorted by (X-19)."""
    sorting = book.classification
    for name in (*sorting.schemes, *sorting.signs, *book.priority.reasons):
        if not is_id(name):
            yield f"classification.{name}", "Not an id (lower-case ASCII)"
    for name, scheme in sorting.schemes.items():
        if not scheme.classes and not scheme.open:
            yield f"classification.schemes.{name}.classes", "A closed scheme needs classes"


def signs(book: Rulebook) -> Iterator[Problem]:
    """Signs that are asked for and not listed (V-06, XI-06)."""
    known = book.classification.signs
    for word, criteria in book.terms.criteria.items():
        yield from _known(f"terms.criteria.{word}.any_of", criteria.any_of, known, "sign")
    yield from _known("class3.signs", book.class3.signs, known, "sign")
    if book.class3.difficulty is None:
        return
    difficulty = (book.class3.difficulty,)
    yield from _known("class3.difficulty", difficulty, book.classification.difficulties, "difficulty")
    if not book.class3.signs:
        yield "class3.signs", "Needed when class3.difficulty is set (XI-06)"


def priority(book: Rulebook) -> Iterator[Problem]:
    """Levels that leave a priority out, or are not in order; reasons that ask for what is not there."""
    levels = book.priority.levels
    if sorted(level.priority for level in levels) != sorted(book.classification.priorities):
        yield "priority.levels", "Each of classification.priorities stands in it once"
    points = [level.from_ for level in levels]
    if points != sorted(set(points), reverse=True) or points[-1] != 0:
        yield "priority.levels", "From the weightiest down; the last is from 0"
    for name, weight in book.priority.reasons.items():
        yield from _weight(f"priority.reasons.{name}", weight, book)


def special(book: Rulebook) -> Iterator[Problem]:
    """Special classes that are none, or whose duties are not those of the office's policy (S3-45, X-22)."""
    classes = book.special_classes
    yield from _known("special_classes", classes, get_args(SpecialClass), "special class")
    policy = book.out_of_scope.policy
    asked = OUT_OF_SCOPE_DUTIES[policy]
    held = tuple(classes["out_of_scope"].duties) if "out_of_scope" in classes else ()
    if sorted(held) != sorted(asked):
        yield "special_classes.out_of_scope.duties", f"By out_of_scope.policy {policy}: {list(asked)}"
    for name, kind in classes.items():
        for duty, told in kind.duties.items():
            if unknown := set(Template(told.words or "").get_identifiers()) - _IN_WORDS:
                yield f"special_classes.{name}.duties.{duty}.words", f"Nobody gives ${min(unknown)}"
    for area in set(classes["outside_area"].which if "outside_area" in classes else ()) & set(book.areas):
        yield f"special_classes.outside_area.which.{area}", "It lies inside the office's area (areas.yaml)"


def _weight(key: str, weight: Weight, book: Rulebook) -> Iterator[Problem]:
    sorting = book.classification
    asked = {
        "signs": (weight.signs, sorting.signs),
        "flags": (weight.flags, sorting.flags),
        "kinds": (weight.kinds, sorting.kinds),
        "difficulties": (weight.difficulties, sorting.difficulties),
    }
    for name, (names, allowed) in asked.items():
        yield from _known(f"{key}.{name}", names, allowed, name.rstrip("s"))
    if not weight.words and not weight.affected and not any(names for names, _ in asked.values()):
        yield key, "It has no condition"


def _known(key: str, names: Iterable[str], allowed: Iterable[str], what: str) -> Iterator[Problem]:
    for name in names:
        if name not in set(allowed):
            yield f"{key}.{name}", f"{name} is no {what} of this office"
