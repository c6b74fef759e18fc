"""How the people around a replayed case behave: a pure function of the seed and the row's id.

What the file tells (when a message came, what was replied and when) is never decided here.
"""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

Mood = Literal["satisfied", "rehandle", "uphold", "unreachable", "declines"]

_OUT_OF: Final = 2**64
#: What share of rows meets with what; printed before the replay begins.
GIVEN_BACK: Final = 0.05
SENT_BACK: Final = 0.12
MISSED: Final = 0.25
MOODS: Final[tuple[tuple[Mood, float], ...]] = (
    ("rehandle", 0.06),
    ("uphold", 0.06),
    ("unreachable", 0.06),
    ("declines", 0.04),
    ("satisfied", 0.78),
)
#: How many working half-days pass before somebody acts: least and most.
SLOTS: Final[dict[str, tuple[int, int]]] = {
    "note": (1, 2),
    "accept": (1, 2),
    "choose": (1, 1),
    "assisting": (1, 6),
    "review": (1, 3),
    "again": (2, 8),
    "call": (1, 2),
    "weigh": (1, 3),
}
#: Where the file has no reply time: working days, for the prompt and for the slow.
PROMPT_DAYS: Final = (1, 7)
SLOW_DAYS: Final = (8, 16)
SLOW: Final = 0.15


@dataclass(frozen=True)
class Script:
    """One way in which all that the file leaves open could have happened."""

    seed: int

    def slots(self, what: str, row: str, *more: object) -> int:
        """How many working half-days somebody takes."""
        return self._between(*SLOTS[what], what, row, *more)

    def gives_back(self, row: str) -> bool:
        """Whether the first unit says: not mine."""
        return self._chance("back", row) < GIVEN_BACK

    def sends_back(self, row: str, order: str, reply: int) -> bool:
        """Whether the reviewer sends a first reply back."""
        return reply == 1 and self._chance("careless", row, order) < SENT_BACK

    def misses(self, row: str, round_: int) -> int:
        """How many attempts reach nobody before one does."""
        return sum(self._chance("miss", row, round_, n) < MISSED for n in range(2))

    def mood(self, row: str, round_: int) -> Mood:
        """What the complainant makes of the result; after a second handling all are content."""
        chance = self._chance("mood", row)
        for mood, share in MOODS:
            if round_ == 1 and chance < share:
                return mood
            chance -= share
        return "satisfied"

    def reply_days(self, row: str) -> int:
        """After how many working days the unit replies, where the file does not tell."""
        slow = self._chance("slow", row) < SLOW
        return self._between(*(SLOW_DAYS if slow else PROMPT_DAYS), "days", row)

    def minute(self, what: str, row: str) -> int:
        """A minute of the working day from nine to five, where the file tells only the date."""
        return self._between(9 * 60, 17 * 60 - 1, "minute", what, row)

    def digits(self, row: str, length: int) -> str:
        """Digits for a made-up telephone number; never all zeros at the end."""
        return f"{self._between(10 ** (length - 1), 10**length - 2, 'digits', row) | 1}"

    def _between(self, least: int, most: int, *what: object) -> int:
        return least + int(self._chance(*what) * (most - least + 1))

    def _chance(self, *what: object) -> float:
        words = "\x1f".join(map(str, (self.seed, *what)))
        return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8]) / _OUT_OF
