"""A text being freed of identity: its normalised copy, the way back, and what was cut so far."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

Span = tuple[int, int]

#: What takes the place of a cut in the copy: no rule matches it.
BLOT: Final = "\x00"
HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f"
#: How digits are read out and written down; 十 and the like are never parts of a telephone number.
_NUMERALS: Final = str.maketrans("〇零○洞一壹幺二贰三叁四肆五伍六陆七柒八捌九玖", "00001112233445566778899")
#: A letter between digits that stands for one.
_LETTER_DIGITS: Final = re.compile(r"(?<=[0-9])[oOlI]{1,4}(?=[0-9])")
_UNSEEN: Final = frozenset({"Cf", "Me", "Mn"})


@dataclass(frozen=True)
class Cut:
    """What is cut: from `start` up to `end` in the text as it was written, marked by `mark`."""

    start: int
    end: int
    mark: str


class Page:
    """The normalised copy of a text, position by position; what was cut is blotted out in it."""

    def __init__(self, text: str) -> None:
        forms = [_form(c) for c in text]
        self.plain = "".join(forms)
        self.cuts: list[Cut] = []
        self._origin = [at for at, form in enumerate(forms) for _ in form]

    @property
    def numeric(self) -> str:
        """The copy with numerals read as digits: 幺三八 is 138; as long as the copy."""
        digits = self.plain.translate(_NUMERALS)
        return _LETTER_DIGITS.sub(lambda found: _as_digits(found.group()), digits)

    def cut(self, mark: str, spans: Iterable[Span]) -> None:
        """Cut these parts of the copy; what was cut before stays as it was cut."""
        chars: list[str] | None = None
        for start, end in spans:
            chars = chars or list(self.plain)
            if start < end and BLOT not in chars[start:end]:
                chars[start:end] = BLOT * (end - start)
                self.cuts.append(Cut(self._origin[start], self._origin[end - 1] + 1, mark))
        if chars:
            self.plain = "".join(chars)

    def pass_over(self, spans: Iterable[Span]) -> None:
        """Leave these parts of the copy as they are, whatever the rules say."""
        for start, end in spans:
            self.plain = self.plain[:start] + BLOT * (end - start) + self.plain[end:]


@lru_cache(maxsize=8192)
def _form(c: str) -> str:
    """A character's plain form: digits of any script and circle in ASCII, the unseen gone."""
    if c < "\x80":
        return " " if c == BLOT else c
    if unicodedata.category(c) in _UNSEEN:
        return ""
    digit = unicodedata.digit(c, None)
    return unicodedata.normalize("NFKC", c) if digit is None else str(digit)


def _as_digits(letters: str) -> str:
    return "".join("0" if letter in "oO" else "1" for letter in letters)
