"""Telephone, identity card and bank card numbers, however they are grouped, spaced or spelled.

A run of digits and separators is taken apart into groups, and each group, with those that follow,
is held against the few shapes that tell a person. No shape is sought by a backtracking pattern.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from stdnum import luhn
from stdnum.cn import ric

from services.intake.domain.redaction.page import Page, Span

_SEPARATOR: Final = r"[ \t\r\n\-‐‑‒–—―−.·•・‧_~()\[\],、/|*]"
_RUN: Final = re.compile(rf"[0-9](?:{_SEPARATOR}{{0,3}}[0-9])*(?:{_SEPARATOR}?[xX](?![A-Za-z0-9]))?")
#: Between the numbers of a list, or lines: one number is written so only digit by digit.
_FIGURES: Final = re.compile(r"[0-9]+")
_LISTING: Final = re.compile(r"[,、/|\n]")
_LONGEST: Final = 19
_SHORTEST: Final = 7
_IDENTITY: Final = 18
_OLD_IDENTITY: Final = 15
_CARD_LEAST: Final = 13
_TOLD_CARD_LEAST: Final = 12
_UNIONPAY_LEAST: Final = 16
_CARD_GROUP: Final = 4
_LOCAL_GROUPS: Final = 2
_BRACKETS_MOST: Final = 40
_REACH: Final = 18  # how far before a number its word may stand

_FILL: Final = r"(?:号码|号|码|是|为|[::;()\[\]\s,，我的家里在本人机\-—]){0,8}$"
_TELLS_PHONE: Final = re.compile(
    r"(?:电话|手机|座机|固话|联系方式|联络方式|传真|热线|致电|来电|拨打|拨通|回电|(?<![牌证编卡])号码|打给我|联系我|联系|"
    r"(?<![A-Za-z])(?:tel|phone|mobile|call)\.?)" + _FILL,
    re.IGNORECASE,
)
_TELLS_CARD: Final = re.compile(
    r"(?:银行卡|储蓄卡|信用卡|工资卡|社保卡|医保卡|存折|卡号|账号|帐号|账户|帐户)" + _FILL
)
_TELLS_DOCUMENT: Final = re.compile(r"(?:身份证|身份证件|证件|身份号)" + _FILL)
_TELLS_FILE: Final = re.compile(
    r"(?:工单|订单|单号|编号|流水|受理|案号|信件|合同|快递|运单|发票|批号|许可|备案|信用代码|税号|No\.?)"
    + _FILL,
    re.IGNORECASE,
)
_SPEAKS_OF_IDENTITY: Final = re.compile(r"身份|证件")
_EXTENSION: Final = re.compile(
    r"\s?(?:总机转|转|分机号?|ext\.?|[-—#,xX])\s?[:是]?\s?[0-9]{1,6}(?![0-9])", re.IGNORECASE
)
_MOBILE: Final = re.compile(r"(?:0|(?:00)?86)?1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile(r"(?:(?:00)?86)?0?(?:10|[2-9][0-9]{1,2}|00)[2-9][0-9]{6,7}")
_LOCAL: Final = re.compile(r"[2-9][0-9]{6,7}")
_PROVINCES: Final = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)


class _Piece(NamedTuple):
    """Some neighbouring groups of a run: where they stand, their digits, how they are parted."""

    span: Span
    digits: str
    widths: tuple[int, ...]
    parted_by: str
    before: str

    @property
    def whole(self) -> bool:
        """Whether it is written as one number: in one, digit by digit, or without a list's separators."""
        return len(self.widths) == 1 or set(self.widths) == {1} or not _LISTING.search(self.parted_by)


def cut(page: Page) -> None:
    """Cut the numbers; those in figures first, since a numeral may follow them as a word."""
    for numeric in (False, True):
        plain = page.plain
        found: dict[str, list[Span]] = {}
        for mark, span in _numbers(page.numeric if numeric else plain, plain):
            found.setdefault(mark, []).append(span)
        for mark, spans in found.items():
            page.cut(mark, spans)


def _numbers(text: str, plain: str) -> Iterator[tuple[str, Span]]:
    told_until: int | None = None  # where a telephone number ended, of which more may follow
    for run in _RUN.finditer(text):
        groups = _groups(text, plain, run.span())
        at = 0
        while at < len(groups):
            hit = _first(text, groups, at, told_until)
            if hit is None:
                at += 1
                continue
            mark, piece, count = hit
            span = _widened(text, piece.span, mark)
            yield mark, span
            told_until = span[1] if mark == "电话" else None
            at += count
            while at < len(groups) and groups[at][0] < span[1]:
                at += 1


def _groups(text: str, plain: str, run: Span) -> list[Span]:
    """The groups of a run; a spelled numeral is one by itself, since a word may follow it at once (一直)."""
    groups: list[Span] = []
    for found in _FIGURES.finditer(plain, *run):
        last = groups[-1][1] if groups else run[0]
        groups += [(at, at + 1) for at in range(last, found.start()) if text[at].isdecimal()]
        groups.append(found.span())
    last = groups[-1][1] if groups else run[0]
    groups += [(at, at + 1) for at in range(last, run[1]) if text[at].isdecimal()]
    if text[run[1] - 1] in "xX":
        groups[-1] = (groups[-1][0], run[1])
    return groups


def _first(text: str, groups: list[Span], at: int, told_until: int | None) -> tuple[str, _Piece, int] | None:
    pieces = list(_pieces(text, groups, at))
    for mark, fits in _SHAPES:
        for piece in reversed(pieces):
            if fits(piece):
                return mark, piece, len(piece.widths)
    follows = told_until is not None and not text[told_until : groups[at][0]].strip(" 、,/;或和及与\t")
    for piece in reversed(pieces):
        if _is_local(piece, following=follows):
            return "电话", piece, len(piece.widths)
    return None


def _pieces(text: str, groups: list[Span], at: int) -> Iterator[_Piece]:
    start = groups[at][0]
    before = text[max(0, start - _REACH) : start]
    digits, parted_by = "", ""
    widths: tuple[int, ...] = ()
    for n in range(at, len(groups)):
        left, right = groups[n]
        if n > at:
            parted_by += text[groups[n - 1][1] : left]
        group = text[left:right]
        digits += group if group.isdecimal() else "".join(c for c in group if c.isdecimal() or c in "xX")
        widths = (*widths, right - left)
        if len(digits) > _LONGEST:
            return
        if len(digits) >= _SHORTEST:
            yield _Piece((start, right), digits, widths, parted_by, before)


def _is_card_of_identity(piece: _Piece) -> bool:
    """GB 11643: 18 places with a birth date; cut also when the check digit is a slip of the pen.

    After 订单号 and the like nobody's pen slipped: six digits, a day and four more are an order's number.
    """
    digits = piece.digits
    if not piece.whole:
        return False
    if len(digits) == _IDENTITY and digits[:17].isdecimal():
        return (_is_date(digits[6:14]) and not _is_order(piece)) or bool(_TELLS_DOCUMENT.search(piece.before))
    if len(digits) == _OLD_IDENTITY and digits.isdecimal() and not _TELLS_FILE.search(piece.before):
        known = digits[:2] in _PROVINCES or bool(_TELLS_DOCUMENT.search(piece.before))
        return known and _is_date("19" + digits[6:12])
    return False


def _is_order(piece: _Piece) -> bool:
    told = _TELLS_FILE.search(piece.before) and not _SPEAKS_OF_IDENTITY.search(piece.before)
    return bool(told) and ric.calc_check_digit(piece.digits) != piece.digits[-1].upper()


def _is_bank_card(piece: _Piece) -> bool:
    """13 to 19 digits that pass Luhn, UnionPay's whatever the check, any after the usual words."""
    digits = piece.digits
    if not digits.isdecimal() or not piece.whole or len(digits) < _TOLD_CARD_LEAST:
        return False
    if _TELLS_CARD.search(piece.before):
        return True
    if len(digits) < _CARD_LEAST or not _grouped_as_card(piece.widths) or _TELLS_FILE.search(piece.before):
        return False
    if digits.startswith("62") and len(digits) >= _UNIONPAY_LEAST:
        return True
    return digits[0] in "34569" and luhn.is_valid(digits)


def _grouped_as_card(widths: tuple[int, ...]) -> bool:
    return len(widths) == 1 or set(widths) == {1} or all(width >= _CARD_GROUP for width in widths[:-1])


def _is_mobile(piece: _Piece) -> bool:
    stray_zero = piece.digits[0] == "0" and piece.widths[0] == 1 < max(piece.widths)
    return piece.whole and not stray_zero and bool(_MOBILE.fullmatch(piece.digits))


def _is_landline(piece: _Piece) -> bool:
    """With its area code, which begins by 0, or by 86 from abroad."""
    if not piece.whole or not piece.digits.startswith(("0", "86")) or not _LANDLINE.fullmatch(piece.digits):
        return False
    is_code = re.search(r"[A-Za-z]-?$", piece.before.rstrip("(+"))
    return not is_code or bool(_TELLS_PHONE.search(piece.before))


def _is_local(piece: _Piece, *, following: bool) -> bool:
    """Seven or eight digits, after the usual words or after another number."""
    if len(piece.widths) > _LOCAL_GROUPS and set(piece.widths) != {1}:
        return False
    if not piece.whole or not _LOCAL.fullmatch(piece.digits):
        return False
    told = _TELLS_PHONE.search(piece.before)
    if told is None:
        return following
    return not _is_date(piece.digits) or told.group()[-1] in ":是为"


def _is_date(digits: str) -> bool:
    if len(digits) != len("20240927") or digits[:2] not in ("18", "19", "20"):
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _widened(text: str, span: Span, mark: str) -> Span:
    """With the plus or bracket before a number, and the extension behind it."""
    start, end = span
    if mark != "电话":
        return span
    while start and text[start - 1] in "+(" and end - start < _BRACKETS_MOST:
        start -= 1
    extension = _EXTENSION.match(text, end)
    return start, extension.end() if extension else end


_SHAPES: Final = (
    ("证件号", _is_card_of_identity),
    ("卡号", _is_bank_card),
    ("电话", _is_mobile),
    ("电话", _is_landline),
)
