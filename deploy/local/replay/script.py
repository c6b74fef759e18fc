"""How the people around a replayed case behave: a pure function of the seed and the row's id.

What the file tells (when a message came, what was replied and when) is never decided here.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Mood = Literal["satisfied", "rehandle", "uphold", "unreachable", "declines"]
Act = Literal["note", "accept", "choose", "assist", "review", "again", "call", "weigh", "post"]

#: Shares of the cases, or of the tries.
GIVEN_BACK: Final = 0.05
SENT_BACK: Final = 0.12
MISSED: Final = 0.20
SLOW: Final = 0.15
MOODS: Final[Mapping[Mood, float]] = MappingProxyType(
    {"rehandle": 0.06, "uphold": 0.06, "unreachable": 0.06, "declines": 0.04, "satisfied": 0.78}
)
#: After how many working half-days somebody acts, least and most.
HALF_DAYS: Final[Mapping[Act, tuple[int, int]]] = MappingProxyType(
    {
        "note": (1, 2),
        "accept": (1, 2),
        "choose": (1, 1),
        "assist": (1, 6),
        "review": (1, 3),
        "again": (2, 8),
        "call": (1, 2),
        "weigh": (1, 3),
        "post": (2, 2),
    }
)
#: Where the file has no reply time: after how many working days the unit replies.
PROMPT_DAYS: Final = (1, 6)
SLOW_DAYS: Final = (7, 14)
#: The working day, in minutes.
_HOURS: Final = (9 * 60, 17 * 60 - 1)
_MOST_MISSES: Final = 2
_EIGHT_DIGITS: Final = (10_000_000, 99_999_999)
_OUT_OF: Final = 2**64


@dataclass(frozen=True)
class Script:
    """One way in which all that the file leaves open could have happened."""

    seed: int

    def half_days(self, act: Act, row: str, *more: object) -> int:
        """How many working half-days somebody takes."""
        return self._between(HALF_DAYS[act], act, row, *more)

    def gives_back(self, row: str) -> bool:
        """Whether the first unit says: not mine."""
        return self._chance("back", row) < GIVEN_BACK

    def sends_back(self, row: str, order: str) -> bool:
        """Whether the reviewer sends the first reply back."""
        return self._chance("careless", row, order) < SENT_BACK

    def misses(self, row: str, round_: int) -> int:
        """How many attempts reach nobody before one does."""
        return sum(self._chance("miss", row, round_, n) < MISSED for n in range(_MOST_MISSES))

    def mood(self, row: str, round_: int) -> Mood:
        """What the complainant makes of the result; after a second handling all are content."""
        chance = self._chance("mood", row) if round_ == 1 else 1.0
        for mood, share in MOODS.items():
            if chance < share:
                return mood
            chance -= share
        return "satisfied"

    def reply_days(self, row: str) -> int:
        """After how many working days the unit replies, where the file does not tell."""
        slow = self._chance("slow", row) < SLOW
        return self._between(SLOW_DAYS if slow else PROMPT_DAYS, "days", row)

    def minute(self, what: str, row: str) -> int:
        """A minute of the working day, counted from midnight, where the file tells only the date."""
        return self._between(_HOURS, "minute", what, row)

    def digits(self, row: str) -> str:
        """Eight digits for a made-up number, the last one odd: one that ends in 0000 gets no SMS."""
        return str(self._between(_EIGHT_DIGITS, "digits", row) | 1)

    def _between(self, span: tuple[int, int], *what: object) -> int:
        least, most = span
        return least + int(self._chance(*what) * (most - least + 1))

    def _chance(self, *what: object) -> float:
        words = "\x1f".join(map(str, (self.seed, *what)))
        return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8]) / _OUT_OF
