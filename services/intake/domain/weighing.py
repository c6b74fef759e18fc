"""What a complaint weighs: its priority by what it says, and why (S0-13, V-06)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.rulebook.sorting import Weight
from services.intake.domain.sorting import Because, Weighing


@dataclass(frozen=True, kw_only=True)
class Content:
    """What the weight follows from."""

    texts: Sequence[str]
    kinds: Sequence[str]
    flags: Sequence[str]
    signs: Sequence[str]
    difficulty: str
    affected: int


def weigh(content: Content, book: Rulebook) -> Weighing:
    """The points of every reason that applies, each once, and the priority that their sum gives (S0-13)."""
    because = tuple(_because(content, book))
    points = sum(one.points for one in because)
    level = next(level for level in book.priority.levels if points >= level.from_)
    return Weighing(priority=level.priority, points=points, because=because)


def rank_of(priority: str, book: Rulebook) -> int:
    """A priority's place, 0 the weightiest: the work queue's order."""
    return [level.priority for level in book.priority.levels].index(priority)


def _because(content: Content, book: Rulebook) -> Iterator[Because]:
    for name, weight in book.priority.reasons.items():
        seen = next(_seen(weight, content, book), None)
        if seen is not None:
            yield Because(reason=name, seen=seen, points=weight.points)


def _seen(weight: Weight, content: Content, book: Rulebook) -> Iterator[str]:
    """What of the content a reason sees, in words; only words of the rulebook are quoted."""
    sorting = book.classification
    yield from (f"标记“{sorting.flags[flag].name}”" for flag in _both(weight.flags, content.flags))
    yield from (f"勾选“{sorting.signs[sign].name}”" for sign in _both(weight.signs, content.signs))
    yield from (f"类型“{sorting.kinds[kind].name}”" for kind in _both(weight.kinds, content.kinds))
    if content.difficulty in weight.difficulties:
        yield f"难度“{sorting.difficulties[content.difficulty].name}”"
    if weight.affected is not None and content.affected >= weight.affected:
        yield f"涉及 {content.affected} 人"
    yield from (f"词语“{word}”" for word in weight.words if any(word in text for text in content.texts))


def _both(asked: Iterable[str], given: Sequence[str]) -> Iterator[str]:
    return (one for one in asked if one in given)
