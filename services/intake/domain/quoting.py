"""Whether a text that goes out repeats the words of what is for staff only (E-128)."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

#: So many characters in a row, marks and spaces left out, are no coincidence.
RUN: Final = 12
#: What stands in their place.
CUT: Final = "〔内部指引〕"


def quoted(text: str, internal: Iterable[str], public: Iterable[str]) -> list[tuple[int, int]]:
    """Where a text repeats what is internal, as [from, to) in order; what is public as well may be said."""
    letters, places = _letters(text)
    free = {window for one in public for window in _windows(_letters(one)[0])}
    shut = {window for one in internal for window in _windows(_letters(one)[0])} - free
    hits = (at for at, window in enumerate(_windows(letters)) if window in shut)
    return _joined([(places[at], places[at + RUN - 1] + 1) for at in hits])


def cut(text: str, internal: Iterable[str], public: Iterable[str]) -> str:
    """The text without what it repeats."""
    for start, end in reversed(quoted(text, internal, public)):
        text = f"{text[:start]}{CUT}{text[end:]}"
    return text


def _letters(text: str) -> tuple[str, Sequence[int]]:
    """Letters and digits in one width and case, each with its place in the text."""
    found = [
        (letter, at)
        for at, character in enumerate(text)
        for letter in unicodedata.normalize("NFKC", character).casefold()
        if letter.isalnum()
    ]
    return "".join(letter for letter, _ in found), [at for _, at in found]


def _windows(letters: str) -> Iterator[str]:
    return (letters[at : at + RUN] for at in range(len(letters) - RUN + 1))


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
