"""Which texts hold a Chinese word: pairs of neighbouring characters, for an index to find them by.

Chinese is written without spaces, so any two neighbouring characters may be the word that is looked
for. A text's grams are all these pairs, and the last character of each run alone, so that a single
character, too, is how some gram begins. What an index finds by them is then compared with `holds`:
a text may have all pairs of a longer word and not the word.
"""

import re
import unicodedata
from collections.abc import Iterator

_BETWEEN = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """The text as it is compared: one width, lower case, one space for whatever is no letter or digit."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def grams(text: str) -> frozenset[str]:
    """What a text is indexed under."""
    return frozenset(gram for run in plain(text).split() for gram in _grams(run))


def terms(asked: str) -> tuple[str, ...]:
    """The words of a question, each once; a text that is found holds all of them."""
    return tuple(dict.fromkeys(plain(asked).split()))


def wanted(asked: str) -> tuple[frozenset[str], frozenset[str]]:
    """What to look up for a question: grams to be equal, and single characters that a gram begins with."""
    words = terms(asked)
    pairs = frozenset(gram for word in words if len(word) > 1 for gram in _pairs(word))
    return pairs, frozenset(word for word in words if len(word) == 1)


def holds(text: str, asked: str) -> bool:
    """Whether a text has every word of a question: what the index must agree with."""
    compared = plain(text)
    return all(word in compared for word in terms(asked))


def _grams(run: str) -> Iterator[str]:
    yield from _pairs(run)
    yield run[-1]


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))
