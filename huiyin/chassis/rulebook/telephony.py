"""The sections of a rulebook that say how calls come in, and what danger to life and property changes."""

# ruff: noqa: RUF009 - key() is dataclasses.field with the mark of its readers

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from huiyin.chassis.rulebook.values import POSITIVE, Named, Term, key
from huiyin.contracts.roles import Role


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """Sudden danger; where life is at risk no leader is waited for (X-11, E-50).

    `priority` and `kind` are those of what a hand-over registers by itself, `categories` by line. A line
    that has not answered after `answer_within` is rung again: `rings` times in a row, and then after each
    such time (E-53). What comes by a channel of `unread_after` is alarmed when nobody has read it after
    that time, at once where it holds one of the `words` (E-51).
    """

    policy: Literal["report_first", "transfer", "verify_and_handle", "report_at_once"] = key(
        read_by=("intake",)
    )
    lines: tuple[str, ...] = key(read_by=("intake",))
    report_to: tuple[Role, ...] = key(read_by=("intake",))
    interim_replies: bool = key()
    priority: str = key(read_by=("intake",))
    kind: str = key(read_by=("intake",))
    categories: Mapping[str, str] = key(read_by=("intake",))
    rings: int = key(read_by=("intake",), validate=POSITIVE)
    answer_within: Term = key(read_by=("intake",))
    unread_after: Mapping[str, Term] = key(read_by=("intake",))
    words: tuple[str, ...] = key(read_by=("intake",))


@dataclass(frozen=True, kw_only=True)
class Telephony:
    """How calls come in: their channel if the office has a telephone, the lines that were merged into it
    (S3-05, S4-07).

    Where `number_required`, a call is taken down with its number, or with why there is none (S0-02,
    E-25). A call that ended without a registration is registered by itself after `unregistered_after`,
    as `dropped_kind` and `dropped_category` (E-41).
    """

    channel: str | None = key(read_by=("intake",))
    lines: Mapping[str, Named] = key(read_by=("intake",))
    number_required: bool = key(read_by=("intake",))
    unregistered_after: Term = key(read_by=("intake",))
    dropped_kind: str = key(read_by=("intake",))
    dropped_category: str = key(read_by=("intake",))
