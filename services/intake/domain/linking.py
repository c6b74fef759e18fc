"""Cases that are one: what the machine proposed, what a person decided, and what follows (E-36…E-39)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import CaseLinked, Event, IncidentGrew
from services.intake.domain.alike import Link, Unlike
from services.intake.domain.case import Case
from services.intake.domain.likeness import Proposal
from services.intake.errors import AlreadyLinked, NotLinked

Outcome = tuple[Case, list[Event]]


def issue_of(case: Case) -> str:
    """The first case of the issue a case belongs to: cases of one issue count as one (E-37)."""
    return case.alike.first or case.number


def proposed(case: Case, found: Sequence[Proposal]) -> Case:
    """The machine's guesses, kept with the case for whoever decides."""
    return replace(case, alike=replace(case.alike, proposals=tuple(found)))


def link(case: Case, link: Link, first: str) -> Outcome:
    """A person links the case to an earlier one, of the issue whose first is `first` (E-36, E-37).

    Nothing that is under way is recalled by it: each is answered, and counted once.
    """
    if case.alike.link is not None:
        raise AlreadyLinked("该诉求已作关联；如需改动，请先撤销原关联。")
    if first == case.number:
        raise AlreadyLinked("该诉求是这一事件的首件；请在另一件上办理关联。")
    linked = replace(case.alike, link=link, first=first, left="")
    return replace(case, alike=linked), [CaseLinked(kind=link.kind, linked_at=link.at)]


def part(case: Case, at: datetime) -> Outcome:
    """A link is taken back; what it led to (an answer told, an order not given) is taken back by nobody."""
    if case.alike.link is None:
        raise NotLinked("该诉求没有可撤销的关联。")
    alone = replace(case.alike, link=None, first="", left=case.alike.first)
    return replace(case, alike=alone), [CaseLinked(kind="apart", linked_at=at)]


def refuse(case: Case, unlike: Unlike) -> Outcome:
    """A person finds another case to be a different matter, and says why: it is proposed no more (V-06)."""
    return replace(case, alike=replace(case.alike, not_alike=(*case.alike.not_alike, unlike))), []


def follow(case: Case, was: str, first: str) -> Outcome:
    """The case's first was itself linked to another, which is the first of both now."""
    if case.alike.first != was:
        return case, []
    return replace(case, alike=replace(case.alike, first=first)), []


@dataclass(frozen=True)
class Members:
    """Who belongs to an issue beside its first: how many in all, and when those of the incident came in."""

    amount: int
    came_in: tuple[datetime, ...]


def count(case: Case, members: Members, book: Rulebook, at: datetime) -> Outcome:
    """The first case learns how large its issue is; an incident that changed is said whole (E-37, E-56)."""
    times = sorted((case.received_at, *members.came_in))
    within = timedelta(minutes=book.incident.mass.minutes)
    peak = max(sum(begin <= time <= begin + within for time in times) for begin in times)
    held = case.alike
    cases = len(times) if members.came_in or held.told else 0
    counted = replace(held, others=members.amount, told=cases, peak=peak if cases else 0)
    grew = IncidentGrew(cases=cases, peak=peak, grew_at=at)
    changed = (cases, counted.peak) != (held.told, held.peak)
    return replace(case, alike=counted), [grew] if changed else []
