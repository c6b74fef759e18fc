"""The live side of an office: units, people, message templates. They change without a new rulebook."""

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from huiyin.contracts.roles import Role

UnitType = Literal[
    "office",
    "district_government",
    "department",
    "street_office",
    "township_government",
    "authorised_organisation",
    "public_service_enterprise",
    "section",
    "community",
    "superior",
]
Level = Literal["city", "district", "street", "centre", "community"]

ALWAYS_GIVEN: Final = frozenset({"addressee", "office", "number"})
"""What notify fills into every template; the addressee is the only identity."""

TEMPLATE_PARAMS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "case_registered": frozenset(),
        "case_told": frozenset({"words"}),
        "transfer_notice": frozenset(),
        "order_given": frozenset(),
        "accusation_letter": frozenset(),
        "order_urged": frozenset({"slip", "ordinal", "due_on"}),
        "supervision_issued": frozenset({"slip", "overdue_since", "due_on"}),
        "slip_withdrawn": frozenset({"slip", "notice"}),
        "reply_returned": frozenset({"due_on"}),
        "extension_decided": frozenset({"decision", "due_on"}),
        "instruction_needed": frozenset(),
        "result_ready": frozenset({"category", "text"}),
        "evaluation_call": frozenset({"category"}),
        "contact_failed_letter": frozenset({"category", "text"}),
        "case_concluded": frozenset(),
        "repeat_in_progress": frozenset(),
        "repeat_finished": frozenset(),
        "incident_alarm": frozenset({"cases", "minutes"}),
        "explain_overdue": frozenset({"due_on"}),
        "forwarder_told": frozenset(),
        "visitor_incident": frozenset(),
        "emergency_raised": frozenset(),
        "emergency_unanswered": frozenset({"line", "attempts"}),
        "emergency_unverified": frozenset(),
        "unread_post": frozenset(),
        "dropped_call": frozenset(),
        "progress_link": frozenset({"link"}),
        "enclosure_gift": frozenset({"voucher"}),
        "enclosure_incident": frozenset({"voucher"}),
        "enclosure_returned": frozenset({"voucher", "mail"}),
        "guidance_issued": frozenset({"title", "entry", "version", "valid_from", "text"}),
        "guidance_expiring": frozenset({"title", "entry", "version", "until"}),
    }
)
"""Every template an office must have, with the parameters its asker gives beside the usual ones."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A handling unit; one without an account gets its orders on paper (E-66). One that is abolished,
    merged or renamed names its successor (E-62), who has its orders from `abolished_on` on (where no
    day is named: now). `leader` is the subject of the person who leads it; `coordinates` is the district in
    which it coordinates the work (S3-10).
    """

    id: str
    name: str
    name_en: str
    type: UnitType
    level: Level
    parent: str | None
    phone: str
    email: str | None
    areas: tuple[str, ...]
    leader: str | None
    account: bool = True
    coordinates: str | None = None
    successor: str | None = None
    abolished_on: date | None = None

    def is_gone(self, on: date) -> bool:
        """Whether another unit stands in its place on that day (E-62)."""
        return self.successor is not None and (self.abolished_on is None or self.abolished_on <= on)


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member of staff: the token subject, the roles held, the unit served.

    From `left_on` on, the first day out of office, the person sees and does nothing (E-84);
    `successor` is the subject who took the work over. `posts` are those of the rulebook's that the person
    holds alone (S2-85).
    """

    subject: str
    name: str
    roles: tuple[Role, ...]
    unit: str
    left_on: date | None = None
    successor: str | None = None
    posts: tuple[str, ...] = ()

    def serves(self, on: date) -> bool:
        """Whether the person is in office on that day."""
        return self.left_on is None or on < self.left_on


@dataclass(frozen=True, kw_only=True)
class UnitsFile:
    """The content of units.yaml."""

    units: tuple[Unit, ...]


@dataclass(frozen=True, kw_only=True)
class PeopleFile:
    """The content of people.yaml."""

    people: tuple[Person, ...]


@dataclass(frozen=True)
class Template:
    """One message in one language; `$name` stands for a parameter."""

    subject: str
    body: str
    params: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        names = string.Template(f"{self.subject}\n{self.body}").get_identifiers()
        object.__setattr__(self, "params", frozenset(names))

    def render(self, params: Mapping[str, str]) -> tuple[str, str]:
        """Subject and body with the parameters filled in; KeyError names one that is missing."""
        return string.Template(self.subject).substitute(params), string.Template(self.body).substitute(params)
