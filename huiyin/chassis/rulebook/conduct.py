"""The sections of a rulebook that say how matters are taken in, routed, answered and kept."""

# ruff: noqa: RUF009 - key() is dataclasses.field with the mark of its readers

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from marshmallow import validate

from huiyin.chassis.rulebook.values import POSITIVE, Named, Period, Span, Term, key
from huiyin.contracts.events import Ground, Medium
from huiyin.contracts.roles import Role

Field = Literal["name", "phone", "work_unit", "occupation", "address", "email", "contact"]
Exempt = Literal[
    "anonymous_letter",
    "anonymous_without_contact",
    "unnamed_report",
    "emergency_transfer",
    "excluded_channel",
    "answered_on_the_spot",
    "praise",
]
Owner = Literal["office", "officer", "unit"]


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A way in: its letter in the case number, what it must ask, how it is answered (X-17, X-18)."""

    name: str
    name_en: str
    code: str = field(metadata={"validate": validate.Regexp(r"^[A-Z]\Z", error="Not one capital letter.")})
    required_fields: tuple[Field, ...]
    reply_media: tuple[Medium, ...]


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What is taken in, when, and what must be asked (X-17, X-18, X-20)."""

    channels: Mapping[str, Channel] = key(read_by=("intake", "notify"))
    required_fields: tuple[Field, ...] = key(read_by=("intake",))
    hours: Mapping[str, tuple[Span, ...]] = key()
    max_text: int = key(read_by=("intake",), validate=POSITIVE)
    on_the_spot: bool = key(read_by=("intake",))


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
class Classification:
    """The schemes by which matters are sorted (X-19)."""

    kinds: Mapping[str, Kind] = key(read_by=("intake",))
    difficulties: Mapping[str, Named] = key(read_by=("intake",))
    priorities: Mapping[str, Named] = key(read_by=("intake",))
    flags: Mapping[str, Named] = key(read_by=("intake",))
    schemes: Mapping[str, tuple[str, ...]] = key()


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """How a matter comes to its unit (X-09, XI-07)."""

    leader_gate: Literal["all", "flagged", "none"] = key(read_by=("dispatch",))
    gate_flags: tuple[str, ...] = key()
    forms: tuple[Literal["immediate", "assign", "direct", "submit"], ...] = key()
    submission_first: bool = key()
    grounds: tuple[Ground, ...] = key()
    accept_within: Term = key()
    return_within: Term = key()
    returns_to_leader: int = key(read_by=("dispatch",), validate=POSITIVE)
    leader_reminder: Term = key()
    leader_wait: Term = key()


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """The same person with the same matter again (X-10)."""

    policy: Literal["special", "tell_result", "link"] = key()
    window: Term = key()
    new_facts_reopen: bool = key()


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """Sudden danger; where life is at risk no leader is waited for (X-11)."""

    policy: Literal["report_first", "transfer", "verify_and_handle", "report_at_once"] = key()
    lines: tuple[str, ...] = key()
    report_to: tuple[Role, ...] = key()
    interim_replies: bool = key()


@dataclass(frozen=True, kw_only=True)
class MultiUnit:
    """A matter of several units (X-12)."""

    policy: Literal["submit", "lead_by_main_problem", "duty_room_designates", "catalogue", "by_subject"] = (
        key()
    )
    raises_to: str | None = key()
    office_may_lead: bool = key()


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """Units that disagree (X-13)."""

    policy: Literal["ask_leader", "joint_study", "submit", "none"] = key()
    answer_within: Term = key()


@dataclass(frozen=True, kw_only=True)
class Accusation:
    """Where accusing material goes, and what may lift the ban on the accused (X-14, XI-05)."""

    route: Literal["superior_head", "one_level_up", "discipline_channel"] = key(read_by=("dispatch",))
    staff_route: Role = key(read_by=("intake", "dispatch"))
    override: Literal["none", "organisation_approval"] = key(read_by=("intake",))
    staff_override: Literal["none", "organisation_approval"] = key(read_by=("intake",))
    last_resort: str = key(read_by=("dispatch",))


@dataclass(frozen=True, kw_only=True)
class Confidential:
    """What is secret without being asked for, and what units never see (X-15, X-35)."""

    default: tuple[Literal["everything", "marked", "accusing", "privacy", "informants"], ...] = key(
        read_by=("intake",)
    )
    masked_to_units: tuple[Field, ...] = key()


@dataclass(frozen=True, kw_only=True)
class Anonymous:
    """People who give no name (X-16)."""

    accept: bool = key(read_by=("intake",))
    reply: Literal["if_reachable", "none", "real_name_only"] = key(read_by=("feedback",))
    not_given_accepted: bool = key()


@dataclass(frozen=True, kw_only=True)
class LegalChannel:
    """A legal channel (lawsuit, discipline inspection, …) and the words that point to it."""

    name: str
    name_en: str
    hint: str


@dataclass(frozen=True, kw_only=True)
class ExcludedChannels:
    """Matters that belong to a legal channel (X-21)."""

    policy: Literal["point", "handle"] = key()
    channels: Mapping[str, LegalChannel] = key()


@dataclass(frozen=True, kw_only=True)
class OutOfScope:
    """Matters of another authority (X-22)."""

    policy: Literal["direct_and_contact", "transfer", "inform", "tell_or_phone", "none"] = key()
    follow_up: bool = key()


@dataclass(frozen=True, kw_only=True)
class Reply:
    """Who answers the complainant, and when nobody must (X-23, X-24, X-26, XI-02, XI-10)."""

    owner: Mapping[str, Owner] = key(read_by=("feedback",))
    exempt: tuple[Exempt, ...] = key(read_by=("feedback",))
    before_facts: Literal["block_allegations", "free"] = key()
    referral_counts: bool = key()


@dataclass(frozen=True, kw_only=True)
class Sms:
    """What every SMS of the office carries."""

    signature: str
    max_characters: int = field(metadata={"validate": POSITIVE})


@dataclass(frozen=True, kw_only=True)
class Notify:
    """How people are told (X-25, E-112)."""

    on_transfer: tuple[str, ...] = key()
    quiet_hours: Span = key(read_by=("notify",))
    media: tuple[Medium, ...] = key(read_by=("notify",))
    sms: Sms = key(read_by=("notify",))
    letter_registered: bool = key(read_by=("notify",))


@dataclass(frozen=True, kw_only=True)
class Callback:
    """Contacting the complainant afterwards (E-31, E-111)."""

    attempts: int = key(read_by=("feedback",), validate=POSITIVE)
    gap_hours: int = key(read_by=("feedback",), validate=POSITIVE)
    exempt: tuple[Exempt, ...] = key(read_by=("feedback",))
    letter_after: bool = key(read_by=("feedback",))


@dataclass(frozen=True, kw_only=True)
class Letters:
    """The desk for letters and what lies in them (XI-01)."""

    desk: Literal["window", "office"] = key()
    excerpt_for_leaders: bool = key()
    enclosures_returned_by: Literal["registered_mail", "mail", "in_person"] = key()


@dataclass(frozen=True, kw_only=True)
class ClassThree:
    """Whether legacy, difficult and multi-department count together or each alone (XI-06)."""

    match: Literal["any", "all"] = key()


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report the office issues (X-28)."""

    kind: str
    period: Period
    recipients: tuple[Role, ...]


@dataclass(frozen=True, kw_only=True)
class Reports:
    """All reports the office issues (X-28)."""

    issued: tuple[Report, ...] = key()
    zero_reported: bool = key()


@dataclass(frozen=True, kw_only=True)
class Contacts:
    """Where reports of unlawful conduct are taken, published to all (S4-59)."""

    phone: str
    address: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Publish:
    """Publication of anonymised results (X-29, E-113)."""

    enabled: bool = key()
    period: Period = key()
    min_group: int = key(validate=POSITIVE)
    contacts: Contacts = key()


@dataclass(frozen=True, kw_only=True)
class SiteVisit:
    """Whether media may join an inspection; never for confidential or accusing cases (X-30)."""

    media: Literal["may_join", "never"] = key()


@dataclass(frozen=True, kw_only=True)
class Archive:
    """What is kept in volumes, and how long (X-31, E-127)."""

    rule: Literal["all", "by_decision", "of_value"] = key()
    bound: bool = key()
    retention_years: int | None = key(read_by=("intake",), validate=POSITIVE)
    destroy: bool = key(read_by=("intake",))


@dataclass(frozen=True, kw_only=True)
class Misuse:
    """People who disrupt (X-32)."""

    policy: tuple[Literal["persuade", "report", "police", "limit"], ...] = key()


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """One step up: the role asked, and who holds it in this office."""

    role: Role
    title: str


@dataclass(frozen=True, kw_only=True)
class Roles:
    """Roles that must be held, and who stands over whom (X-33, E-126)."""

    mandatory: tuple[Role, ...] = key()
    escalation_chain: tuple[Escalation, ...] = key()
