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
    "special_class",
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
class Opening(Span):
    """When a channel is looked at (X-20): within one day, on all days or on working days alone."""

    days: Literal["all", "working"]


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What is taken in, when and where, and what must be asked (S2-01, X-17, X-18, X-20).

    `windows` names, for a channel, the one unit whose operators take it down; without one any may.
    """

    channels: Mapping[str, Channel] = key(read_by=("intake", "notify"))
    required_fields: tuple[Field, ...] = key(read_by=("intake",))
    hours: Mapping[str, tuple[Opening, ...]] = key(read_by=("intake",))
    windows: Mapping[str, str] = key(read_by=("intake",))
    max_text: int = key(read_by=("intake",), validate=POSITIVE)
    on_the_spot: bool = key(read_by=("intake",))


@dataclass(frozen=True, kw_only=True)
class Direct:
    """What the office's own centre handles itself: the flags of it, and the unit (S1-20, S1-21)."""

    flags: tuple[str, ...]
    unit: str


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """How a matter comes to its unit (X-09, XI-07)."""

    leader_gate: Literal["all", "flagged", "none"] = key(read_by=("dispatch",))
    gate_flags: tuple[str, ...] = key(read_by=("dispatch",))
    forms: tuple[Literal["immediate", "assign", "direct", "submit"], ...] = key()
    direct: Direct | None = key(read_by=("dispatch",))
    submission_first: bool = key(read_by=("dispatch",))
    grounds: tuple[Ground, ...] = key()
    accept_within: Term = key()
    return_within: Term = key()
    returns_to_leader: int = key(read_by=("dispatch",), validate=POSITIVE)
    leader_reminder: Term = key()
    leader_wait: Term = key()


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """The same person with the same matter again (X-10)."""

    policy: Literal["special", "tell_result", "link"] = key(read_by=("intake",))
    window: Term = key(read_by=("intake",))
    new_facts_reopen: bool = key(read_by=("intake",))
    flag: str | None = key(read_by=("intake",))


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
    """Where accusing material goes, and what may lift the ban on the accused (X-14, XI-05).

    With `named_unit` it goes to the head of the `unit` first, and from there on as with `superior_head`.
    """

    route: Literal["superior_head", "one_level_up", "discipline_channel", "named_unit"] = key(
        read_by=("dispatch",)
    )
    unit: str | None = key(read_by=("intake", "dispatch"))
    staff_route: Role = key(read_by=("intake", "dispatch"))
    override: Literal["none", "organisation_approval"] = key(read_by=("intake",))
    staff_override: Literal["none", "organisation_approval"] = key(read_by=("intake",))
    last_resort: Literal["discipline_inspection"] = key(read_by=("dispatch",))


@dataclass(frozen=True, kw_only=True)
class Confidential:
    """What is secret without being asked for (X-15); who complained is masked to units everywhere (X-35)."""

    default: tuple[Literal["everything", "marked", "accusing", "privacy", "informants"], ...] = key(
        read_by=("intake",)
    )


@dataclass(frozen=True, kw_only=True)
class Anonymous:
    """People who give no name (X-16)."""

    accept: bool = key(read_by=("intake",))
    reply: Literal["if_reachable", "none", "real_name_only"] = key(read_by=("feedback",))
    not_given_accepted: bool = key(read_by=("intake",))


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

    on_transfer: tuple[str, ...] = key(read_by=("intake",))
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

    desk: Literal["window", "office"] = key(read_by=("intake",))
    excerpt_for_leaders: bool = key()
    enclosures_returned_by: Literal["registered_mail", "mail", "in_person"] = key(read_by=("intake",))


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
class Misuse:
    """People who disrupt (X-32); a number is limited by a person's decision alone (S3-33, V-07).

    `longest` caps a limit's length; `announcement` is what a limited caller hears.
    """

    policy: tuple[Literal["persuade", "report", "police", "limit"], ...] = key(read_by=("intake",))
    longest: Term = key(read_by=("intake",))
    announcement: str = key(read_by=("intake",))


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """One step up: the role asked, and who holds it in this office."""

    role: Role
    title: str


@dataclass(frozen=True, kw_only=True)
class Roles:
    """Roles that must be held, who stands over whom (X-33, E-126), and which one unit alone holds.

    So whoever runs the platform and whoever sets its rules are of two units, and two people (S3-11, S3-52).
    Each of the `posts` is held by one named person (S2-85), each of the areas `coordinated` by one named
    unit (S3-10); the directory says by whom.
    """

    mandatory: tuple[Role, ...] = key()
    posts: Mapping[str, Named] = key()
    coordinated: tuple[str, ...] = key()
    held_in: Mapping[Role, str] = key()
    escalation_chain: tuple[Escalation, ...] = key()
