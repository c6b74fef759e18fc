"""The sections of a rulebook that set dates: limits, more time, urging, overdue, review, words."""

# ruff: noqa: RUF009 - key() is dataclasses.field with the mark of its readers

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from huiyin.chassis.rulebook.values import CLOCK, POSITIVE, Period, Start, Term, key
from huiyin.contracts.roles import Role

OverdueAction = Literal["written_supervision", "explain_to_assigner", "explain_to_complainant", "tell_leader"]


@dataclass(frozen=True, kw_only=True)
class ChannelLimit:
    """A channel with a limit of its own, for the difficulty classes named (X-04, XI-04)."""

    term: Term
    start: Start
    classes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LeaderLimit:
    """Matters a leader assigns: the given limit first, else these (XI-03)."""

    general: Term
    complex: Term
    start: Start


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """How long handling may take, and from when (X-01…X-05)."""

    general: Term | None = key(read_by=("supervision",))
    target: Term | None = key()
    classes: Mapping[str, Term] = key(read_by=("supervision",))
    urgency: Mapping[str, Term] = key(read_by=("supervision",))
    start: Start = key(read_by=("supervision",))
    by_channel: Mapping[str, ChannelLimit] = key(read_by=("supervision",))
    leader_assigned: LeaderLimit | None = key()
    cap: Term | None = key(read_by=("supervision",))
    closing_hour: str = key(read_by=("supervision",), validate=CLOCK)
    waits_for_complainant: bool = key()
    reminders: tuple[Term, ...] = key()


@dataclass(frozen=True, kw_only=True)
class Extension:
    """More time: whether, who consents, how much in all, for what never (X-06, XI-09)."""

    allowed: bool = key(read_by=("supervision",))
    approver: Role | None = key(read_by=("supervision",))
    cap: Term | None = key(read_by=("supervision",))
    cap_counts: Literal["total", "added"] = key(read_by=("supervision",))
    not_for: tuple[str, ...] = key(read_by=("supervision",))
    lead_only: bool = key(read_by=("supervision",))


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """What happens at expiry when the matter is unfinished (X-07)."""

    actions: tuple[OverdueAction, ...] = key(read_by=("supervision",))
    new_limit: Term | None = key(read_by=("supervision",))
    max_slips: int = key(read_by=("supervision",), validate=POSITIVE)
    explain_to: Role = key(read_by=("supervision",))


@dataclass(frozen=True, kw_only=True)
class Urge:
    """The reminder before the limit, or at its end where no written supervision goes out (X-08)."""

    before: Term | None = key(read_by=("supervision",))
    at: str = key(read_by=("supervision",), validate=CLOCK)
    form: Literal["slip", "message", "none"] = key()
    after: bool = key(read_by=("supervision",))
    by: Role = key()
    by_priority: bool = key(read_by=("supervision",))


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One thing a reply is judged by (S2-43…S2-48, E-105)."""

    id: str
    name: str
    name_en: str
    may_be_not_applicable: bool


@dataclass(frozen=True, kw_only=True)
class Review:
    """How a reply is judged before closing (X-27)."""

    criteria: tuple[Criterion, ...] = key(read_by=("supervision",))
    owner: Role = key()
    within: Term = key()
    rehandle_limit: Term = key(read_by=("supervision",))
    rounds_to_leader: int = key(read_by=("supervision",), validate=POSITIVE)
    dissatisfied: Literal["review", "none"] = key(read_by=("supervision",))
    evaluation_window: Term = key(read_by=("feedback",))


@dataclass(frozen=True, kw_only=True)
class LegalClass:
    """A class whose limit is law and beats the office's own (X-34)."""

    name: str
    name_en: str
    term: Term | None
    start: Start
    extendable: bool
    tell_result: Literal["always", "real_name_with_evidence"]
    hide_complainant: bool


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """When a word such as "hot" is proposed; an officer decides and the reason is stored (V-06)."""

    cases: int | None = field(metadata={"validate": POSITIVE})
    within: Term | None
    any_of: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Malicious:
    """From when a caller is shown to a person as possibly malicious (V-07)."""

    calls: int = field(metadata={"validate": POSITIVE})
    minutes: int = field(metadata={"validate": POSITIVE})
    within: Term


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The words without numbers, as this office measures them (V-01…V-07)."""

    timely: Term = key()
    immediately: Term = key(read_by=("intake",))
    quickly: Term = key()
    regularly: Period = key()
    within_limit: Term = key()
    criteria: Mapping[str, Criteria] = key(read_by=("intake",))
    malicious: Malicious = key(read_by=("intake",))
