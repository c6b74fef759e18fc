"""What is looked for: every value of every identity, in every way it may be spelled and encoded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ahocorasick_rs import BytesAhoCorasick, Implementation

from deploy.local.leaks.decoders import readings
from deploy.local.leaks.people import Identity

#: The ways bytes may hold text; JSON, URL and XML escapes, base64 and gzip are taken off before.
ENCODINGS: Final = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_FULL_WIDTH: Final = {0x20: 0x3000} | {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_CHINESE: Final = str.maketrans("0123456789", "零一二三四五六七八九")
_CHINESE_ROUND: Final = str.maketrans("0123456789", "〇一二三四五六七八九")


@dataclass(frozen=True, order=True)
class Hit:
    """One value of one person was found."""

    person: int
    field: str


class Needles:
    """Finds people in bytes, some 100 MB a second."""

    def __init__(self, people: Iterable[Identity]) -> None:
        found: dict[bytes, Hit] = {}
        for person in people:
            for field, text in _spelled(person):
                hit = Hit(person.number, field)
                found |= {text.encode(encoding): hit for encoding in ENCODINGS}
        self._hits = list(found.values())
        self._finder = BytesAhoCorasick(list(found), implementation=Implementation.ContiguousNFA)

    def look(self, content: bytes) -> set[Hit]:
        """Everybody in the content, however deep it is wrapped."""
        return {self._hits[n] for reading in readings(content) for n in self._matches(reading)}

    def _matches(self, reading: bytes) -> Iterator[int]:
        return (n for n, _, _ in self._finder.find_matches_as_indexes(reading, overlapping=True))


def _spelled(person: Identity) -> Iterator[tuple[str, str]]:
    """Each value with its derived spellings, by the name of its field."""
    yield "name", person.name
    yield "name", " ".join(person.name)
    yield "address", person.door
    yield "address", person.door.translate(_FULL_WIDTH)
    for field in ("email", "wechat"):
        value = getattr(person, field)
        yield from ((field, way) for way in (value, value.upper(), value.translate(_FULL_WIDTH)))
    for field in ("mobile", "landline", "id_card"):
        yield from ((field, way) for way in numbers_spelled(getattr(person, field)))
    yield "work_unit", person.work_unit
    yield "occupation", person.occupation


def numbers_spelled(number: str) -> set[str]:
    """A number as people write it: whole, in groups, full width, in Chinese numerals."""
    groups = number.split("-") if "-" in number else _groups(number)
    whole = "".join(groups)
    plain = {whole, *(sign.join(groups) for sign in (" ", "-", "－", "."))}
    return {
        *plain,
        *(way.translate(_FULL_WIDTH) for way in plain),
        *(way.translate(table) for way in plain for table in (_CHINESE, _CHINESE_ROUND)),
    }


def _groups(number: str) -> list[str]:
    """A mobile as 3-4-4, a card as 6-8-4."""
    cuts = (0, 3, 7, 11) if len(number) == 11 else (0, 6, 14, 18)  # noqa: PLR2004
    return [number[a:b] for a, b in pairwise(cuts)]
