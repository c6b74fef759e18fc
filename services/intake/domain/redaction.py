"""The redactor, the only one: frees a text of what tells who complained.

It cuts the parties' own registered values wherever they stand, and what has the shape of a
telephone or card number, an e-mail address, an account, or a name after the usual words; and
it marks where it cut. Full-width digits and spaced numbers count as digits.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import partial
from typing import Final

_SEPARATED: Final = r"(?:\d[\s\-－—–·.]?)"
_INTRODUCED: Final = r"我叫|本人姓名|我的名字是|联系人[是为：:]?|本人(?=[^，。,.\s]{2,3}[，,])"
_RULES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("邮箱", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    ("证件号", re.compile(rf"(?<!\d){_SEPARATED}{{17}}[\dXx](?!\d)")),
    ("卡号", re.compile(rf"(?<![\d-]){_SEPARATED}{{15,18}}\d(?!\d)")),
    ("电话", re.compile(rf"(?<!\d)(?:\+?86[\s-]?)?1[\s-]?[3-9]{_SEPARATED}{{8}}\d(?!\d)")),
    ("电话", re.compile(r"(?<!\d)0\d{2,3}[\s-]?[2-9]\d{6,7}(?!\d)")),
    ("电话", re.compile(r"(?:电话|座机|号码)[是为：:\s]*([2-9]\d{6,7})(?!\d)")),
    ("账号", re.compile(r"(?i)(微信|QQ|qq|wechat)(号|号码|：|:|\s)*([A-Za-z0-9_-]{5,})")),
    ("姓名", re.compile(rf"(?:{_INTRODUCED})\s*([\u4e00-\u9fff]{{2,3}})")),
)
_SHORTEST: Final = 2


def redact(text: str, registered: Iterable[str] = ()) -> str:
    """The text with identity cut out; `registered` are the values the case's parties gave."""
    plain = _ascii_digits(text)
    for value in sorted({v.strip() for v in registered}, key=len, reverse=True):
        if len(value) >= _SHORTEST:
            plain = plain.replace(_ascii_digits(value), "【已隐去】")
    for word, pattern in _RULES:
        plain = pattern.sub(partial(_cut, word), plain)
    return plain


def _cut(word: str, found: re.Match[str]) -> str:
    if not found.lastindex:
        return f"【{word}】"
    start, end = found.span(found.lastindex)
    whole, offset = found.group(), found.start()
    return f"{whole[: start - offset]}【{word}】{whole[end - offset :]}"


def _ascii_digits(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", c) if "０" <= c <= "９" else c for c in text)
