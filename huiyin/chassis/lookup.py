"""Finds a person again without keeping who it is: HMACs of the phone, or of name and address.

The key lies outside the database and is not the one that seals, so neither opens the other's secrets.
"""

import hashlib
import hmac
import re
import unicodedata
from pathlib import Path
from typing import Final, Self

from huiyin.chassis.errors import Invalid, WrongSetting
from huiyin.chassis.keyfile import read_key

LOOKUP_KEY_BYTES: Final = 32
_PARTED: Final = "\x1f"  # no normalised text holds it
#: What stands between a house's numbers and tells them apart: 1-2-301 is not 12-301.
_DASHES: Final = re.compile(r"[\u2010-\u2015\u2212\u2500\ufe58\ufe63~_-]+")


class Lookup:
    """Finds a phone or a person without keeping either: an HMAC of the normalised form."""

    def __init__(self, key: bytes, source: str = "the look-up key") -> None:
        if len(key) < LOOKUP_KEY_BYTES:
            raise WrongSetting(f"{source}: must be at least {LOOKUP_KEY_BYTES} bytes, not {len(key)}")
        self._key = key

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """A look-up whose key lies in a file."""
        return cls(read_key(path, LOOKUP_KEY_BYTES), str(path))

    def of(self, phone: str) -> str:
        """The HMAC-SHA256 of a phone, in hex."""
        return self.of_text(normal_phone(phone))

    def of_person(self, name: str, address: str) -> str | None:
        """The HMAC-SHA256 of a name at an address, in hex; None when either says nothing.

        For letters without a phone: neither alone tells one person from another.
        """
        who, where = normal_words(name), normal_words(address)
        return self.of_text(_PARTED.join(("person", who, where))) if who and where else None

    def of_text(self, text: str) -> str:
        """The HMAC-SHA256 of a text as it stands, in hex."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def normal_phone(phone: str) -> str:
    """A phone's digits in ASCII, without +86 and trunk zero, so that one phone has one form."""
    text = unicodedata.normalize("NFKC", phone).strip()
    digits = re.sub(r"[^0-9]", "", text)
    if re.match(r"\+\s*86|0086|86\D?1[3-9]\d{9}$", re.sub(r"[\s()-]", "", text)):
        digits = digits.removeprefix("00").removeprefix("86")
    digits = digits.removeprefix("0")
    if not digits:
        raise Invalid("a phone has digits", {"phone": "no digits in it"})
    return digits


def normal_words(text: str) -> str:
    """A name or an address as one form of its many spellings; province, city and district stay.

    Full width, compatibility forms and case are one; spaces and punctuation go, but a dash between
    two digits stays, as it tells one house from another. What is written is never completed: 回音市
    left out is another address, so that two people are not taken for one.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = unicodedata.normalize("NFKC", folded)
    dashed = re.sub(r"(?<=\d)\s*-\s*(?=\d)", "-", _DASHES.sub("-", folded))
    return "".join(_kept(dashed))


def _kept(text: str) -> list[str]:
    """Letters and digits of any script with their marks, and the dashes that part two numbers."""
    return [
        char
        for n, char in enumerate(text)
        if unicodedata.category(char)[0] in "LNM"
        or (char == "-" and text[n - 1 : n].isdigit() and text[n + 1 : n + 2].isdigit())
    ]
