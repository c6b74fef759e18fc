"""The sections of a rulebook that say how matters are sorted: schemes, special classes, priority."""

# ruff: noqa: RUF009 - key() is dataclasses.field with the mark of its readers

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from marshmallow import validate

from huiyin.chassis.rulebook.values import POSITIVE, Named, key

SpecialClass = Literal["legal_channel", "secret", "out_of_scope", "unlawful", "outside_area", "not_accepted"]
OutOfScopePolicy = Literal["direct_and_contact", "transfer", "inform", "tell_or_phone", "none"]

#: What an officer does by each policy for matters of another authority (X-22): `needs` says whether
#: all of it or any of it must be recorded. By `none` the office's rules say nothing of such matters.
OUT_OF_SCOPE_DUTIES: Final[Mapping[OutOfScopePolicy, tuple[str, ...]]] = {
    "direct_and_contact": ("authority", "procedure", "contact"),
    "transfer": ("authority",),
    "inform": ("channels",),
    "tell_or_phone": ("authority", "phoned"),
    "none": (),
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of demand; what is not dispatched is registered and answered or filed (E-45).

    A kind that is `accusing` makes its complainant an informant (S2-23, S4-60).
    """

    name: str
    name_en: str
    dispatched: bool
    on_the_spot: bool
    accusing: bool = False


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A further way of sorting a matter (X-19): one class of it each matter.

    Where it is `required`, nothing is accepted without a class (S1-12). In an `open` one an officer may
    name, in a few words, a class that is not listed (S3-24).
    """

    name: str
    name_en: str
    required: bool
    open: bool
    classes: Mapping[str, Named]


@dataclass(frozen=True, kw_only=True)
class Classification:
    """The schemes by which matters are sorted (X-19), and the signs that speak for a word of V-06."""

    kinds: Mapping[str, Kind] = key(read_by=("intake",))
    difficulties: Mapping[str, Named] = key(read_by=("intake",))
    priorities: Mapping[str, Named] = key(read_by=("intake", "supervision"))
    flags: Mapping[str, Named] = key(read_by=("intake",))
    schemes: Mapping[str, Scheme] = key(read_by=("intake",))
    signs: Mapping[str, Named] = key(read_by=("intake",))


@dataclass(frozen=True, kw_only=True)
class ClassThree:
    """Which difficulty stands for legacy, very difficult, several units; whether each of these alone
    makes it or only all together (XI-06).
    """

    match: Literal["any", "all"] = key(read_by=("intake",))
    difficulty: str | None = key(read_by=("intake",))
    signs: tuple[str, ...] = key(read_by=("intake",))


@dataclass(frozen=True, kw_only=True)
class Duty:
    """What must be said to the complainant; without standard `words` the officer finds them."""

    name: str
    name_en: str
    words: str | None


@dataclass(frozen=True, kw_only=True)
class Which:
    """One kind of a special class, with what is said of it; of a `sealed` one no word is worked on (E-82)."""

    name: str
    name_en: str
    hint: str
    sealed: bool = False


@dataclass(frozen=True, kw_only=True)
class Special:
    """A class with a treatment of its own instead of ordinary dispatch (S3-45): what must be said.

    `which` lists its kinds, one of which must be named; those of `legal_channel` are `excluded_channels`.
    In standard words `$which` and `$hint` stand for the kind's name and hint.
    """

    name: str
    name_en: str
    duties: Mapping[str, Duty]
    which: Mapping[str, Which]


@dataclass(frozen=True, kw_only=True)
class ExcludedChannels:
    """Matters that belong to a legal channel (X-21): only pointed to it, or handled all the same."""

    policy: Literal["point", "handle"] = key(read_by=("intake",))
    channels: Mapping[str, Which] = key(read_by=("intake",))


@dataclass(frozen=True, kw_only=True)
class OutOfScope:
    """Matters of another authority (X-22)."""

    policy: OutOfScopePolicy = key(read_by=("intake",))
    follow_up: bool = key()


@dataclass(frozen=True, kw_only=True)
class Weight:
    """A reason that makes a matter weightier (S0-13); any one of its conditions is enough."""

    name: str
    name_en: str
    points: int = field(metadata={"validate": POSITIVE})
    words: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    affected: int | None = field(default=None, metadata={"validate": POSITIVE})


@dataclass(frozen=True, kw_only=True)
class Level:
    """From how many points on a matter has a priority."""

    priority: str
    from_: int = field(metadata={"data_key": "from", "validate": validate.Range(min=0)})


@dataclass(frozen=True, kw_only=True)
class Priority:
    """How the priority follows from the content (S0-13, V-06); levels go from the weightiest down."""

    levels: tuple[Level, ...] = key(read_by=("intake",), validate=validate.Length(min=1))
    reasons: Mapping[str, Weight] = key(read_by=("intake",))
