"""What intake says of cases that are one: linked, and how large an incident grew."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from huiyin.contracts.events.base import Event

#: What somebody who comes again says: the same, something new, or that the result is not good enough.
Claim = Literal["same", "new_facts", "dissatisfied"]


@dataclass(frozen=True, kw_only=True)
class CaseLinked(Event):
    """A person decided that the case is one with another, or (`apart`) that it is not after all.

    It does not name the other: whoever may read the one case's journal need not know of the other.
    """

    type: ClassVar[str] = "case.linked"
    kind: Literal["repeat", "incident", "apart"]
    linked_at: datetime


@dataclass(frozen=True, kw_only=True)
class IncidentGrew(Event):
    """How many cases tell of the incident whose first case this is, said whole (E-37, E-56).

    `peak` is the most of them that came in within the minutes of the office's `incident.mass`. Cases
    with a wall are not counted: nobody is to learn of one by a sum.
    """

    type: ClassVar[str] = "incident.grew"
    cases: int
    peak: int
    grew_at: datetime
