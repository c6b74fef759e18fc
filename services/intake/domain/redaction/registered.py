"""The values the case's own parties gave, wherever they stand and however they are spelled."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from services.intake.domain.redaction.page import BLOT, HAN, Page, Span

_MARK: Final = "已隐去"
_SHORTEST: Final = 2
#: What may stand inside a value without changing it; a full stop or comma ends one.
_INSIDE: Final = frozenset(" \t\r\n-‐‑‒–—―−·•・‧_~()[]*'\"“”")
_PHONE: Final = re.compile(r"\+?[0-9]{7,16}")
_TRUNK: Final = re.compile(r"(?:\+?86|0086)?(?:0(?:10|2[0-9]|[3-9][0-9]{2})(?=[2-9][0-9]{6,7}$))?")
_NAME: Final = re.compile(rf"[{HAN}]{{2,4}}")
_TITLES: Final = r"(?:先生|女士|小姐|同志|师傅|大爷|大妈|阿姨|老师|老太|某某|某)"
_COMPOUND: Final = 4
_FLAT: Final = re.compile(r"[0-9]+")
_ROOM_DIGITS: Final = 3
_FEWEST: Final = 2


class _Compact:
    """The numeric copy without what may stand inside a value, and the way back."""

    def __init__(self, text: str) -> None:
        kept = [(at, c.lower()) for at, c in enumerate(text) if c not in _INSIDE]
        self.text = "".join(c for _, c in kept)
        self.at = [at for at, c in kept for _ in c]

    def spans(self, value: str) -> Iterator[Span]:
        """Where the value stands, as positions of the copy; a number not inside a longer one."""
        found = self.text.find(value)
        while found >= 0:
            end = found + len(value)
            if not (value.isdecimal() and self._in_longer(found, end)):
                yield self.at[found], self.at[end - 1] + 1
            found = self.text.find(value, end)

    def _in_longer(self, start: int, end: int) -> bool:
        """Digits of the same group go on; a numeral behind may be a word."""
        return self.text[start - 1 : start].isdecimal() and self.text[end : end + 1].isdecimal()


def cut(page: Page, own: Iterable[str]) -> None:
    """Cut each value, the longest first; of a household's address its numbers alone, too."""
    numeric = page.numeric
    compact = _Compact(numeric)
    for value in sorted({value.strip() for value in own}, key=len, reverse=True):
        if len(value) >= _SHORTEST:
            page.cut(_MARK, _spans(compact, numeric, value))


def _spans(compact: _Compact, numeric: str, value: str) -> Iterator[Span]:
    plain = Page(value).numeric
    for spelled in _spellings(plain):
        yield from compact.spans(spelled)
    if _NAME.fullmatch(value):
        surname = value[:2] if len(value) == _COMPOUND else value[:1]
        yield from (found.span() for found in re.finditer(surname + _TITLES, numeric))
    household = _household(plain, numeric)
    if household:
        yield from (found.span() for found in household.finditer(numeric))


def _spellings(plain: str) -> list[str]:
    """The value without separators, and a telephone also without the codes before it."""
    whole = "".join(c for c in plain if c not in _INSIDE).lower()
    spellings = [whole] if len(whole) >= _SHORTEST and BLOT not in whole else []
    if _PHONE.fullmatch(whole):
        short = _TRUNK.sub("", whole, count=1)
        spellings += [short] if short != whole else []
    return spellings


def _household(plain: str, numeric: str) -> re.Pattern[str] | None:
    """The last numbers of an address with a room, whatever stands between: 3栋2单元501 is 3-2-501."""
    numbers = _FLAT.findall(plain)[-3:]
    if len(numbers) < _FEWEST or len(numbers[-1]) < _ROOM_DIGITS or numbers[-1] not in numeric:
        return None
    between = r"[^0-9。;!?\n\x00]{1,4}"
    first = f"(?:{numbers[0]}{between})?" if len(numbers) > _FEWEST else ""
    return re.compile(rf"(?<![0-9]){first}{between.join(numbers[-2:])}(?![0-9])室?")
