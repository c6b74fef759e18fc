"""Whether a matter is put concisely, accurately and clearly (S0-03, S1-30, S1-31, S2-14, S2-16)."""

import unicodedata
from collections.abc import Iterator
from typing import Protocol

from huiyin.chassis.rulebook import Rulebook

Problem = tuple[str, str]


class Words(Protocol):
    """The words of a matter, as taken down or corrected."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def text(self) -> str:
        """What happened."""

    @property
    def wish(self) -> str:
        """What is asked for."""

    @property
    def object(self) -> str:
        """Whom or what it is about."""


def problems(words: Words, book: Rulebook) -> Iterator[Problem]:
    """What is missing, too short to be an account, too long to be concise, or no words at all."""
    if len(words.text) > book.intake.max_text:
        yield "text", f"不得超过 {book.intake.max_text} 字"
    elif _letters(words.text) < book.taking.min_text:
        yield "text", f"须写清事情经过，至少 {book.taking.min_text} 字"
    elif "\ufffd" in words.text:
        yield "text", "含有乱码，请重新录入"
    if len(words.wish) > book.taking.max_wish:
        yield "wish", f"不得超过 {book.taking.max_wish} 字"
    yield from _object_problems(words, book)


def _object_problems(words: Words, book: Rulebook) -> Iterator[Problem]:
    """The object of complaint is clearly named where the office wants one (S1-30)."""
    named = words.object.strip()
    if named and named in book.taking.vague_objects:
        yield "object", "投诉对象不明确，请写明单位、人员或地点的名称"
    wanted = book.taking.object_named and words.kind not in book.taking.no_object_kinds
    if wanted and not named:
        yield "object", "须写明投诉对象（单位、人员或地点的名称）"


def _letters(text: str) -> int:
    """How many letters, digits or characters a text has, without signs and spaces."""
    return sum(unicodedata.category(one)[0] in "LN" for one in text)
