"""Which earlier cases a text is like, and why: proposed by the machine, decided by a person (E-36, E-37).

Two texts are compared by the pairs of characters they share, each weighed by how rare it is among the
office's cases: a street's name says much, "请尽快处理" says nothing. Likeness is the cosine of the two, from
0 (nothing shared) to 1 (the same pairs). It knows no lists of words but the rulebook's kinds of places, whose
names tell two incidents apart, and the signs that only point at one; `make likeness` measures it.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, Literal

from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.rulebook.values import Term
from services.intake.domain import ngrams

LinkKind = Literal["repeat", "incident"]
Reason = Literal["same_person", "same_category", "alike_words", "near", "soon"]

#: From here on strangers' words speak of one incident, set on the tuned incidents of `make likeness`.
_SAME_INCIDENT: Final = 0.2
#: They must be far more alike where each names another place: a burst main cuts off several estates.
_SAME_INCIDENT_ELSEWHERE: Final = 0.4
#: One person's words may differ more, and still mean one matter.
_SAME_MATTER: Final = 0.08
#: A pair that one case in so many holds is common: it is counted, and nobody is found by it alone.
COMMON_FROM: Final = 400
#: By so many pairs of a text its like are looked for.
_BY: Final = 8
#: So many proposals are enough for a person to look at.
_MOST: Final = 10
#: What stands right before a kind of place and is no name's end: 我们小区, 这个小区, 该小区, 我的小区.
_POINTING: Final = frozenset("我你他咱们这那该本此各每某个的")
_DAYS: Final[Mapping[str, float]] = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "wd": 7 / 5, "month": 31}


@dataclass(frozen=True)
class Rarity:
    """How many of the office's cases hold each common pair; one that is not named is rare."""

    cases: int = 0
    common: Mapping[str, int] = field(default_factory=dict)
    _weights: dict[str, float] = field(init=False)
    _rare: float = field(init=False)

    def __post_init__(self) -> None:
        weights = {gram: self._weight(cases) for gram, cases in self.common.items()}
        object.__setattr__(self, "_weights", weights)
        object.__setattr__(self, "_rare", self._weight(max(1.0, self.cases / COMMON_FROM / 2)))

    def weigh(self, grams: frozenset[str]) -> float:
        """How much these pairs say: of each the square of the logarithm of one case in how many holds it."""
        known = grams & self._weights.keys()
        return (len(grams) - len(known)) * self._rare + sum(self._weights[gram] for gram in known)

    def telling(self, grams: Collection[str]) -> list[str]:
        """The pairs by which a text's like are looked for: the rare ones, and the rarest common ones."""
        return sorted(grams, key=lambda gram: (self.common.get(gram, 0), gram))[:_BY]

    def _weight(self, held_by: float) -> float:
        return math.log((self.cases + 2) / (held_by + 0.5)) ** 2


@dataclass(frozen=True, kw_only=True)
class Words:
    """One matter as it is compared."""

    matter: str
    category: str
    area: str
    grams: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Known:
    """A case as it is compared: its matters, when it came in, and by what its people are found again."""

    number: str
    received_at: datetime
    matters: tuple[Words, ...]
    persons: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A machine's guess that two matters are one; `score` is the likeness of their words, 0 to 1."""

    kind: LinkKind
    other: str
    matter: str
    score: float
    reasons: tuple[Reason, ...]


def lasts(term: Term) -> timedelta:
    """How far back a window of the rulebook reaches, in round days: nobody's deadline hangs on it."""
    return timedelta(days=term.amount * _DAYS[term.unit])


def pairs(grams: Collection[str]) -> frozenset[str]:
    """Of what a text is indexed under what it is compared by."""
    return frozenset(gram for gram in grams if len(gram) == len("停水"))


def likeness(one: frozenset[str], other: frozenset[str], rarity: Rarity) -> float:
    """The cosine of two texts by their weighed pairs, 0 to 1."""
    shared = rarity.weigh(one & other)
    whole = math.sqrt(rarity.weigh(one) * rarity.weigh(other))
    return shared / whole if whole else 0.0


def propose(sought: Known, found: Sequence[Known], rarity: Rarity, book: Rulebook) -> tuple[Proposal, ...]:
    """The best guesses, repeats first, then the likest; at most one a case (E-36, E-37).

    The same person's same matter within `repeat.window` is a repeat, whatever the channel; other people's
    words that are alike, near by and not of another place, within `incident.window` tell of one incident.
    """
    texts = [words.grams for case in (sought, *found) for words in case.matters]
    names = Names(texts, rarity, book.incident.places)
    best: dict[str, Proposal] = {}
    for proposal in _guesses(sought, found, rarity, names, book):
        held = best.get(proposal.other)
        if held is None or proposal.score > held.score:
            best[proposal.other] = proposal
    ranked = sorted(best.values(), key=lambda one: (one.kind != "repeat", -one.score, one.other))
    return tuple(ranked[:_MOST])


def near(one: str, other: str, book: Rulebook) -> bool:
    """Whether two areas are one, lie one in the other, or are neighbours under one area."""
    within = one.startswith(other) or other.startswith(one)
    return within or _above(one, book) == _above(other, book) != ""


class Names:
    """What places are called, by their kind (`incident.places`), wherever somebody said the kind with it.

    Said once in any of these texts it is a name in all of them: 筠苑 is 筠苑大厦.
    """

    def __init__(self, texts: Collection[frozenset[str]], rarity: Rarity, kinds: Sequence[str]) -> None:
        self._texts, self._rarity, self._kinds = texts, rarity, [ngrams.plain(kind) for kind in kinds]

    def apart(self, one: frozenset[str], other: frozenset[str]) -> bool:
        """Whether two texts name each a place of one kind, and none that the other names."""
        named = ((names & one, names & other) for names in self._of_kinds)
        return any(mine and theirs and mine.isdisjoint(theirs) for mine, theirs in named)

    @cached_property
    def _of_kinds(self) -> list[frozenset[str]]:
        """The pairs that stand before each kind, as 筠苑 in 筠苑大厦.

        A pair that many cases hold is no name (我们小区), or tells nothing apart (中山路).
        """
        rare = [(grams, grams - self._rarity.common.keys()) for grams in self._texts]
        return [frozenset().union(*(_before(kind, *text) for text in rare)) for kind in self._kinds]


def shared_words(text: str, runs: Collection[str]) -> list[str]:
    """The runs of a compared text whose every pair is among the shared, longest first: why two are alike."""
    found, n = set(), 0
    while n < len(text) - 1:
        end = n
        while text[end : end + 2] in runs:
            end += 1
        if end > n:
            found.add(text[n : end + 1])
        n = max(end, n + 1)
    return sorted(found, key=lambda run: (-len(run), run))


def _guesses(
    sought: Known, found: Sequence[Known], rarity: Rarity, names: Names, book: Rulebook
) -> Iterator[Proposal]:
    for known in found:
        same_person = not sought.persons.isdisjoint(known.persons)
        apart = abs(sought.received_at - known.received_at)
        for mine in sought.matters:
            for theirs in known.matters:
                if same_person and apart <= lasts(book.repeat.window):
                    yield from _repeat(mine, theirs, known.number, rarity, book)
                elif not same_person and apart <= lasts(book.incident.window):
                    yield from _incident(mine, theirs, known.number, rarity, names, book)


def _repeat(mine: Words, theirs: Words, number: str, rarity: Rarity, book: Rulebook) -> Iterator[Proposal]:
    """The same person with the same matter again, by any channel (E-36)."""
    score = likeness(mine.grams, theirs.grams, rarity)
    of_one_class = mine.category == theirs.category and near(mine.area, theirs.area, book)
    if score < _SAME_MATTER and not of_one_class:
        return
    reasons: list[Reason] = ["same_person"]
    reasons += ["same_category"] if of_one_class else []
    reasons += ["alike_words"] if score >= _SAME_MATTER else []
    yield _proposal("repeat", number, theirs.matter, score, reasons)


def _incident(
    mine: Words, theirs: Words, number: str, rarity: Rarity, names: Names, book: Rulebook
) -> Iterator[Proposal]:
    """Different people, one incident: alike in words, near in place, soon after one another (E-37)."""
    score = likeness(mine.grams, theirs.grams, rarity)
    if score < _SAME_INCIDENT or not near(mine.area, theirs.area, book):
        return
    if score < _SAME_INCIDENT_ELSEWHERE and names.apart(mine.grams, theirs.grams):
        return
    reasons: list[Reason] = ["alike_words", "near", "soon"]
    reasons += ["same_category"] if mine.category == theirs.category else []
    yield _proposal("incident", number, theirs.matter, score, reasons)


def _proposal(kind: LinkKind, other: str, matter: str, score: float, reasons: list[Reason]) -> Proposal:
    return Proposal(kind=kind, other=other, matter=matter, score=round(score, 3), reasons=tuple(reasons))


def _before(kind: str, grams: frozenset[str], rare: frozenset[str]) -> Iterator[str]:
    """The rare pairs that lead, by a rare pair, to a kind of place: 筠苑, 苑大, 大厦."""
    if pairs(ngrams.grams(kind)) <= grams:
        last = {gram[0] for gram in rare if gram[1] == kind[0]} - _POINTING
        yield from (gram for gram in rare if gram[1] in last)


def _above(area: str, book: Rulebook) -> str:
    """The smallest area of the office that holds another one."""
    outer = (code for code in book.areas if code != area and area.startswith(code))
    return max(outer, key=len, default="")
