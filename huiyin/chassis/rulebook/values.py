"""The small values a rulebook is made of: terms, checks, and the mark of who reads a key."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from marshmallow import validate

from huiyin.contracts.services import Service

Unit = Literal["minute", "hour", "day", "wd", "month"]
Start = Literal["accepted", "assigned", "unit_received"]
Period = Literal["day", "week", "month", "quarter", "at_once"]

CLOCK: Final = validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d\Z|^24:00\Z", error="Not a time of day (HH:MM).")
POSITIVE: Final = validate.Range(min=1)
_WORD: Final = validate.Regexp(r"[^\W_]+\Z", error="Not a word: letters and digits only.")


def are_words(words: Iterable[str]) -> None:
    """Refuse a list in which something stands that no text can hold as a word."""
    for word in words:
        _WORD(word)


def is_id(name: str) -> bool:
    """Whether the name may stand as a key in documents and events: lower-case ASCII."""
    return re.fullmatch(r"[a-z][a-z0-9_]*", name) is not None


def key(*, read_by: tuple[Service, ...] = (), **marshmallow: Any) -> Any:
    """A key of the rulebook; `read_by` names the services whose code asks for it."""
    return field(metadata={"metadata": {"read_by": read_by}, **marshmallow})


@dataclass(frozen=True, kw_only=True)
class Term:
    """A length of time as rules state it (X-01, X-03)."""

    amount: int = field(metadata={"validate": POSITIVE})
    unit: Unit


@dataclass(frozen=True, kw_only=True)
class Span:
    """A daily span of time; it may run over midnight."""

    from_: str = field(metadata={"data_key": "from", "validate": CLOCK})
    to: str = field(metadata={"validate": CLOCK})


@dataclass(frozen=True, kw_only=True)
class Named:
    """A thing with an id elsewhere and a name in both languages."""

    name: str
    name_en: str
