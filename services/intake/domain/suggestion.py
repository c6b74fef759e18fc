"""Which category a text may be of: from the catalogue's words and from what the office decided before.

A naive Bayes over pairs of characters, kept as counts: adding and taking away commute, so that the order
of learning changes nothing, and what was learnt of a matter can be unlearnt. It proposes; a person decides.
"""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.intake.domain import ngrams
from services.intake.domain.case import Case, CaseMatter

#: How many are proposed at most.
MOST: Final = 5
#: Of a long text the beginning is enough, and the answer must come while somebody types.
_READ: Final = 1_000
_SMOOTH: Final = 0.1
#: About how many pairs of characters an office's texts have; only its size matters.
_PAIRS: Final = 50_000
#: What a category's own name counts against one decision.
_NAMED: Final = 3
_SHOWN_WORDS: Final = 5
_LEAST_SCORE: Final = 0.01

#: What the redactor wrote into a text is no word of it.
_MARK: Final = re.compile("【[^】]{1,8}】")

Counts = Mapping[str, Mapping[str, int]]
_Count = dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What is learnt of one matter: the pairs of its redacted words, and the category decided."""

    category: str
    grams: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What an office learnt, of the pairs asked for: pair → category → how often; `decisions` by category."""

    words: Counts
    sizes: Mapping[str, int]
    decisions: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One category, how likely beside the others (0 to 1), and why.

    `catalogue_words`: what the text shares with the category's name; `words`: what it shares with
    `decisions` earlier matters of that category.
    """

    category: str
    score: float
    catalogue_words: tuple[str, ...]
    decisions: int
    words: tuple[str, ...]


def asked(text: str) -> frozenset[str]:
    """The pairs to look up for a text."""
    return _pairs(text[:_READ])


def lesson_of(case: Case, matter: CaseMatter) -> Lesson | None:
    """What may be learnt of a matter; nothing of one that accuses, is confidential or has any other wall.

    Words of guarded matters are never learnt, so no suggestion can show them (S2-58, S3-47).
    """
    walled = any(shut.matter == matter.id for shut in case.circle.matters)
    if walled or case.restricted_at is not None:
        return None
    return Lesson(category=matter.category, grams=_pairs(_MARK.sub(" ", matter.text)[:_READ]))


def change(before: Lesson | None, after: Lesson | None) -> Iterator[tuple[str, str, int]]:
    """What a matter's new lesson adds and its old one takes away: (pair, category, by how much)."""
    if before == after:
        return
    for lesson, by in ((before, -1), (after, 1)):
        if lesson is not None:
            yield from ((gram, lesson.category, by) for gram in sorted(lesson.grams))


def suggest(text: str, learnt: Learnt, names: Mapping[str, str]) -> list[Suggestion]:
    """At most five categories of the catalogue, the likeliest first; none where nothing speaks for any."""
    grams = asked(text)
    named = {category: _pairs(name) for category, name in names.items()}
    by_pair = _by_pair(named, grams)
    counts = {gram: _counts(learnt.words.get(gram, {}), by_pair.get(gram, ()), named) for gram in grams}
    known = [gram for gram in grams if counts[gram]]
    if not known:
        return []
    shares = _shares(known, counts, learnt, named)
    best = sorted(shares, key=lambda category: (-shares[category], category))[:MOST]
    return [
        _suggestion(category, shares[category], text, counts, learnt, named)
        for category in best
        if shares[category] >= _LEAST_SCORE
    ]


def _by_pair(named: Mapping[str, Collection[str]], grams: Collection[str]) -> dict[str, list[str]]:
    """In which categories' names each of these pairs stands."""
    found: dict[str, list[str]] = {}
    for category, pairs in named.items():
        for gram in pairs:
            if gram in grams:
                found.setdefault(gram, []).append(category)
    return found


def _counts(decided: Mapping[str, int], in_names_of: Iterable[str], catalogue: Collection[str]) -> _Count:
    """How often a pair stands for each category of the catalogue, its name counted in."""
    found = {category: n for category, n in decided.items() if n > 0 and category in catalogue}
    for category in in_names_of:
        found[category] = found.get(category, 0) + _NAMED
    return found


def _shares(
    known: Sequence[str],
    counts: Counts,
    learnt: Learnt,
    named: Mapping[str, Collection[str]],
) -> dict[str, float]:
    """The categories that anything speaks for, each with its share of all."""
    logs: dict[str, float] = {}
    for gram in known:
        for category, n in counts[gram].items():
            logs[category] = logs.get(category, 0.0) + math.log((n + _SMOOTH) / _SMOOTH)
    for category in logs:
        size = learnt.sizes.get(category, 0) + _NAMED * len(named[category]) + _SMOOTH * _PAIRS
        logs[category] += len(known) * math.log(_SMOOTH / size)
        logs[category] += math.log(learnt.decisions.get(category, 0) + 1)
    # Neighbouring pairs tell the same thing twice, so the plain product would be far too sure.
    tempered = {category: value / math.sqrt(len(known)) for category, value in logs.items()}
    greatest = max(tempered.values())
    weights = {category: math.exp(value - greatest) for category, value in tempered.items()}
    total = sum(weights.values())
    return {category: weight / total for category, weight in weights.items()}


def _suggestion(
    category: str,
    share: float,
    text: str,
    counts: Counts,
    learnt: Learnt,
    named: Mapping[str, Collection[str]],
) -> Suggestion:
    def telling(gram: str) -> float:
        mine = learnt.words.get(gram, {}).get(category, 0)
        return mine / (sum(counts[gram].values()) + 1) * math.log(mine + 1) if mine > 0 else 0.0

    best = sorted((gram for gram in counts if telling(gram) > 0), key=lambda g: (-telling(g), g))
    return Suggestion(
        category=category,
        score=round(share, 3),
        catalogue_words=tuple(_joined(text, {gram for gram in counts if gram in named[category]})),
        decisions=learnt.decisions.get(category, 0),
        words=tuple(_joined(text, set(best[: 2 * _SHOWN_WORDS])))[:_SHOWN_WORDS],
    )


def _joined(text: str, grams: Collection[str]) -> Iterable[str]:
    """The pairs as the text has them, neighbours put together to words; each once."""
    words: dict[str, None] = {}
    for run in ngrams.plain(text[:_READ]).split():
        word = ""
        for at in range(len(run)):
            pair = run[at : at + 2]
            if len(pair) > 1 and pair in grams:
                word = word + pair[-1] if word else pair
            elif word:
                words[word], word = None, ""
    return words


def _pairs(text: str) -> frozenset[str]:
    return frozenset(gram for gram in ngrams.grams(text) if len(gram) > 1)
