"""A household's address: building, unit and room are cut; street and community stay, to work with.

A building that stands alone (3号楼停水) tells where the matter is and not who complains: it stays,
unless words such as 我住 make it somebody's home.
"""

import re
from collections.abc import Iterator
from typing import Final

from services.intake.domain.redaction.page import HAN, Page, Span

_NUMBER: Final = r"(?:[A-Za-z]{0,2}-?[0-9十百廿]{1,6}[A-Za-z]?|[A-Za-z]|[甲乙丙丁东西南北])"
_PART: Final = (
    r"(?:号楼|号院|号房|号铺|单元|楼座|栋|幢|座(?![座位谈山])|弄|组(?![织成长])|排(?![队水污放])|梯|门(?![面店口前卫市])|层(?![次面])"
    r"|楼|室|房|户(?![型口主籍均外数])|号(?![线文令公通召称机码])|#)"
)
_GAP: Final = r"[ \t,\-·.]{0,2}"
_CHAIN: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?:附|第)?{_NUMBER}\s?{_PART}{_GAP}){{1,7}}"
    r"(?:[0-9]{3,4}(?![0-9年月日元米号路%℃.])|[0-9]{1,2}-[0-9]{3,4}(?![0-9]))?"
)
_COMPACT: Final = re.compile(
    r"(?<![0-9\-.])[A-Za-z]?[0-9]{1,3}\s?[-—–]\s?(?:[0-9]{1,2}\s?[-—–]\s?){1,2}[0-9]{3,4}(?![0-9\-.年月日元])"
)
_COMMUNITY: Final = re.compile(
    r"(?:小区|社区|花园|花苑|家园|新村|公寓|大厦|广场|[苑园村城府庭里邨湾郡墅居巷弄路街楼])[ \t(,]{0,2}$"
)
#: What a room ends in; 室 and 户 also count rooms and families.
_ROOM: Final = re.compile(
    r"(?:[0-9]{1,4}[A-Za-z]?\s?(?:室|号房|房)(?![一二两三0-9]?[厅卫间屋产价内租])|[0-9]{1,4}\s?户(?!居民|人|业主|家|村民|住|籍|均|型|都|以|左|没|被|的)"
    r"|(?:单元|栋|幢|座|号楼|楼|层|#)[ \t\-,]{0,2}[0-9]{3,4}(?:号|$)|[0-9]{1,2}-[0-9]{3,4})"
)
_ALONE: Final = re.compile(r"(?<![0-9第])[0-9]{3,4}\s?(?:室|号房)(?![内外]?[一二两三0-9]?厅)")
_HOME: Final = re.compile(
    r"(?:家住|住在|住址|现住|居住于|居住在|居住地|我住|本人住|我们住|我家在|我家是|家在|地址|户籍|户口所在地|户口在|"
    r"租住|住于|暂住|寄到|送到我家|我家|本人家|通讯处|门牌号|房号)"
)
_CLAUSE: Final = re.compile(r"[^。;!?\n\x00]{0,60}")
_FOLLOWS: Final = re.compile(rf"[{HAN}]")


def cut(page: Page) -> None:
    """Cut building, unit and room where a room is told, or where it is said to be somebody's home."""
    page.cut("地址", _households(page.numeric))
    page.cut("地址", _compact(page.numeric))
    page.cut("地址", (found.span() for found in _ALONE.finditer(page.numeric)))


def _households(text: str) -> Iterator[Span]:
    homes = _homes(text)
    for found in _CHAIN.finditer(text):
        start = found.start()
        told = found.group().rstrip(" \t,-·.")
        if homes[start] or (_ROOM.search(told) and _parts(told) > 1):
            yield start, start + len(told)


def _compact(text: str) -> Iterator[Span]:
    homes = _homes(text)
    for found in _COMPACT.finditer(text):
        before = text[max(0, found.start() - 6) : found.start()]
        if homes[found.start()] or _COMMUNITY.search(before):
            yield found.span()


def _parts(chain: str) -> int:
    return len(re.findall(r"[0-9十百廿]+", chain))


def _homes(text: str) -> bytearray:
    """Which positions stand in a clause behind words that tell of a home."""
    homes = bytearray(len(text) + 1)
    for found in _HOME.finditer(text):
        clause = _CLAUSE.match(text, found.end())
        assert clause is not None
        homes[found.end() : clause.end()] = b"\x01" * (clause.end() - found.end())
    return homes
