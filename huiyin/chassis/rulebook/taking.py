"""The section of a rulebook that says how complaints are taken down: what is asked, read out and kept."""

# ruff: noqa: RUF009 - key() is dataclasses.field with the mark of its readers

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from marshmallow import validate

from huiyin.chassis.rulebook.values import CLOCK, POSITIVE, Named, Term, key

#: How a complaint comes in; it says which facts of its arrival there can be.
WayIn = Literal["call", "visit", "letter", "message"]
#: What may be asked of the arrival itself, beside who complained and of what.
Fact = Literal["calling_number", "line", "account", "reference", "posted_at", "visitors", "dated_on"]


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a channel's complaints come in, and what must be known of it (X-18).

    One that is `open_to_all` refuses nobody for a field or a check (S0-09).
    """

    way: WayIn
    facts: tuple[Fact, ...] = ()
    open_to_all: bool = False


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What a complainant is told of truthfulness, and whether it must be stated (S1-31, S1-32, S3-31)."""

    required: bool
    words: str
    warning: str


@dataclass(frozen=True, kw_only=True)
class Unsorted:
    """Where a matter stands that nobody has sorted yet (S0-09)."""

    kind: str
    category: str
    area: str


@dataclass(frozen=True, kw_only=True)
class Duty:
    """A turn of duty: from this hour on, until the next one begins."""

    name: str
    name_en: str
    from_: str = field(metadata={"data_key": "from", "validate": CLOCK})


@dataclass(frozen=True, kw_only=True)
class Taking:
    """How complaints are taken down (S1-30…S1-33, S2-14, S2-20, S3-34, S4-22)."""

    ways: Mapping[str, Way] = key(read_by=("intake",))
    lines: Mapping[str, Named] = key(read_by=("intake",))
    object_named: bool = key(read_by=("intake",))
    no_object_kinds: tuple[str, ...] = key(read_by=("intake",))
    vague_objects: tuple[str, ...] = key(read_by=("intake",))
    min_text: int = key(read_by=("intake",), validate=POSITIVE)
    max_wish: int = key(read_by=("intake",), validate=POSITIVE)
    truth: Truth = key(read_by=("intake",))
    representatives: int = key(read_by=("intake",), validate=POSITIVE)
    unsorted: Unsorted = key(read_by=("intake",))
    draft_kept: Term = key(read_by=("intake",))
    book_name: str = key(read_by=("intake",))
    duties: Mapping[str, Duty] = key(read_by=("intake",), validate=validate.Length(min=1))
