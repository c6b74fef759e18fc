"""What somebody might look for in the messages, and what reading through them all finds."""

import random
from collections.abc import Mapping
from typing import Final

from services.intake.domain.ngrams import holds

#: Words of one to five characters, most of two; some stand nowhere.
_LENGTHS: Final = (1, 2, 2, 2, 2, 3, 4, 5)
_NOWHERE: Final = ("鱻龘", "停水了吗吗", "qzx9", "停水 鱻")


def terms(texts: Mapping[str, str], chance: random.Random, amount: int) -> list[str]:
    """Runs cut out of the texts at random, and some that stand nowhere."""
    every = list(texts.values())
    cut = [_cut(chance.choice(every), chance) for _ in range(amount)]
    return [*(term for term in cut if term.strip()), *_NOWHERE]


def brute(texts: Mapping[str, str], term: str) -> set[str]:
    """The numbers of all texts that hold a term, by reading every one."""
    return {number for number, text in texts.items() if holds(text, term)}


def _cut(text: str, chance: random.Random) -> str:
    length = chance.choice(_LENGTHS)
    begin = chance.randrange(max(1, len(text) - length))
    return text[begin : begin + length]
