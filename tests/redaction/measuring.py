"""Plants identities into texts, lets the redactor find them, and counts."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.intake.domain.redaction import Cut, find
from tests.redaction.identities import KINDS, Identities
from tests.redaction.judged import Judged, Own, Verdict
from tests.redaction.sentences import INNOCENT, LOOK_ALIKES, ORDERS, SENTENCES

#: What the redactor's rules were mended on, and what they are judged on: another seed, other words.
DEVELOPMENT: Final = (20240927, 0)
HELD_OUT: Final = (7302026, 1)

#: How many identities of each kind are planted.
ROUNDS: Final = 400


@dataclass(frozen=True)
class Planted:
    """A text with one identity in it: a carrier, a sentence around the value, another carrier."""

    kind: str
    before: str
    head: str
    value: str
    tail: str
    after: str

    @property
    def text(self) -> str:
        """The whole."""
        return f"{self.before}{self.head}{self.value}{self.tail}{self.after}"

    @property
    def start(self) -> int:
        """Where the value begins."""
        return len(self.before) + len(self.head)

    @property
    def after_at(self) -> int:
        """Where the second carrier begins."""
        return self.start + len(self.value) + len(self.tail)


@dataclass
class Figures:
    """What was planted and found by kind; how many marks were made, how many are right.

    A mark is right on what was planted, and in a real carrier where it was judged right.
    """

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    marks: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def recall(self, kinds: Iterable[str] = KINDS) -> float:
        """The share of what was planted that is cut whole."""
        names = list(kinds)
        return sum(self.found[k] for k in names) / max(1, sum(self.planted[k] for k in names))

    @property
    def precision(self) -> float:
        """The share of the marks that are right."""
        return self.right / max(1, self.marks)


def plant(seed: int, half: int, carriers: Sequence[str] | None = None, rounds: int = ROUNDS) -> list[Planted]:
    """Each kind so often, each into a text of its own, by one half of the sentences and of the names."""
    identities, chance = Identities(seed, half), random.Random(seed)
    carriers = carriers or INNOCENT[half]
    return [
        _planted(kind, identities.of(kind), SENTENCES[kind][half::2], carriers, chance)
        for kind in KINDS
        for _ in range(rounds)
    ]


def measure(texts: Iterable[Planted], judged: Judged | None = None) -> Figures:
    """What the redactor makes of the planted texts; a mark in a carrier is wrong unless judged right."""
    figures, judged = Figures(), judged or Judged({})
    for planted in texts:
        at, behind = planted.after_at, judged.of(planted.after).items()
        moved = {(mark, start + at, end + at): verdict for (mark, start, end), verdict in behind}
        _count(figures, planted, find(planted.text), judged.of(planted.before) | moved)
    return figures


def orders(seed: int, half: int, rounds: int = ROUNDS) -> list[str]:
    """Sentences with an order's number of 18 places that is nobody's identity card."""
    identities, chance = Identities(seed, half), random.Random(seed)
    return [chance.choice(ORDERS[half]).format(identities.order()) for _ in range(rounds)]


def look_alikes(_seed: int, half: int) -> tuple[str, ...]:
    """Sentences that only look as if somebody were named."""
    return LOOK_ALIKES[half]


def cut_into(texts: Iterable[str]) -> list[str]:
    """The texts of which something is cut."""
    return [text for text in texts if find(text)]


def _planted(
    kind: str, value: str, sentences: Sequence[str], carriers: Sequence[str], chance: random.Random
) -> Planted:
    head, tail = chance.choice(sentences).split("{}")
    tail += "" if tail[-1:] in tuple("。；，！") else "。"
    return Planted(kind, chance.choice(carriers), head, value, tail, chance.choice(carriers))


def _count(figures: Figures, planted: Planted, cuts: Sequence[Cut], own: Mapping[Own, Verdict]) -> None:
    text, start = planted.text, planted.start
    told = {n for n in range(start, start + len(planted.value)) if text[n].isalnum()}
    covered = {n for cut in cuts for n in range(cut.start, cut.end)}
    figures.planted[planted.kind] += 1
    if told <= covered:
        figures.found[planted.kind] += 1
    else:
        figures.missed.append(f"{planted.kind}: {planted.head}{planted.value}{planted.tail}")
    for cut in cuts:
        figures.marks += 1
        verdict = own.get((cut.mark, cut.start, cut.end), "wrong")
        if told.intersection(range(cut.start, cut.end)) or verdict != "wrong":
            figures.right += 1
        else:
            figures.wrong.append(f"{cut.mark}: {text[max(0, cut.start - 8) : cut.end + 4]}")
