"""Which entries come first: words in the title before words in the text, what holds before what ended."""

import math
from collections.abc import Sequence
from typing import Final

from services.intake.domain import ngrams
from services.intake.domain.knowledge import Standing, Wording

#: What a word is worth where it stands; in the text, the more often in the shorter text, the more.
_TITLE: Final = 6.0
_SOURCE: Final = 4.0
_TEXT: Final = 1.0
#: A whole title that is the question, or begins with it.
_BEGINS: Final = 2.0
_HOLDS: Final[dict[Standing, float]] = {"in_force": 1.0, "expiring": 0.95, "coming": 0.6, "expired": 0.3}
_USUAL: Final = 400  # characters of a text


def score(asked: str, wording: Wording, stands: Standing) -> float | None:
    """How well a wording answers a question; nothing when a word of it stands nowhere."""
    words = ngrams.terms(asked)
    title, text = ngrams.plain(wording.title), ngrams.plain(wording.text)
    source = ngrams.plain(f"{wording.law} {wording.document}")
    found = [_of_word(word, title, source, text) for word in words]
    if not all(found):
        return None
    worth = sum(found)
    if title.startswith(ngrams.plain(asked)):
        worth += _BEGINS
    return round(worth * _HOLDS[stands], 4)


def likeness(asked: str, wording: Wording, stands: Standing) -> float:
    """Which share of a question's pairs of characters a wording has: 0 to 1, less for what ended."""
    pairs, _ = ngrams.wanted(asked)
    if not pairs:
        return 0.0
    return round(_HOLDS[stands] * len(pairs & ngrams.grams(wording.searched)) / len(pairs), 4)


def _of_word(word: str, title: str, source: str, text: str) -> float:
    often = text.count(word)
    in_text = _TEXT * (1 + math.log(often)) * min(1.0, math.sqrt(_USUAL / max(len(text), 1))) if often else 0
    return _TITLE * (word in title) + _SOURCE * (word in source) + in_text


def least_shared(asked: str) -> float:
    """How much of a question must be shared to be shown as near: a third, and of a short one a half."""
    pairs: Sequence[str] = sorted(ngrams.wanted(asked)[0])
    return 1 / 3 if len(pairs) > 3 else 1 / 2  # noqa: PLR2004
