"""The walls round a matter: the one place that says who may see it, act on it, or hold its orders.

Every service asks here with the circle it holds and the office's directory as it stands now. The
accused and those who recused themselves get nothing (S0-35, S0-36, S2-58, S2-89); what accuses
somebody of the directory is for the head of the unit above them alone (S2-26). Whoever is refused
is told the same as if there were no such thing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

from huiyin.chassis.rulebook import Person, Unit
from huiyin.chassis.steps import Actor
from huiyin.contracts.circle import Circle, MatterCircle
from huiyin.contracts.roles import Role

Why = Literal["open", "accused", "accused_unit", "recused", "not_the_head", "not_the_next"]

#: A unit, and the subject of its head.
Head = tuple[str, str]


class Directory(Protocol):
    """Units and people of the office as they stand now (an `OfficeFolder`)."""

    @property
    def units(self) -> Mapping[str, Unit]:
        """The units by id."""

    @property
    def people(self) -> Mapping[str, Person]:
        """The people by token subject."""

    def member(self, subject: str, at: datetime) -> Person | None:
        """The person of this subject, while in office."""

    def head_of(self, unit: str, at: datetime) -> Person | None:
        """Who leads a unit at a moment."""

    def holders(self, role: str) -> tuple[Person, ...]:
        """The people who hold a role, in their order."""


@dataclass(frozen=True)
class Decision:
    """Whether it may be, and by which wall it may not."""

    why: Why = "open"

    def __bool__(self) -> bool:
        return self.why == "open"


OPEN: Final = Decision()


def may(who: Actor, circle: Circle, matter: str, directory: Directory, at: datetime) -> Decision:
    """Whether somebody may see and act on a matter at a moment, by the office's clock.

    Who complained of one matter complained of all: what tells that is shown only to those to whom the
    whole case is open (E-72), and to no unit by its role (S4-60).
    """
    return OPEN if who.role == "service" else _may_see(who, circle.of(matter), directory, at)


def open_matters(
    who: Actor, circle: Circle, matters: Iterable[str], directory: Directory, at: datetime
) -> tuple[str, ...]:
    """Those of the matters that somebody may see; a case without any is hidden from them."""
    return tuple(matter for matter in matters if may(who, circle, matter, directory, at))


def may_judge(
    who: Actor,
    role: Role,
    circle: Circle,
    matters: Collection[str],
    units: Collection[str],
    directory: Directory,
    at: datetime,
) -> Decision:
    """Whether somebody to whom these matters are open may judge, as a role does, what these units did.

    A leader, the next level up, may where no holder of the role is left: each is accused, recused, has
    left (S2-89, E-76), or serves one of the units (E-77).
    """
    if who.role == role:
        return OPEN
    others = (
        Actor(subject=person.subject, role=role, office=who.office, unit=person.unit)
        for person in directory.holders(role)
        if person.unit not in units
    )
    left = any(all(may(one, circle, matter, directory, at) for matter in matters) for one in others)
    return OPEN if who.role == "leader" and not left else Decision("not_the_next")


def may_hold(
    unit: str,
    head: str,
    circle: Circle,
    matter: str,
    directory: Directory,
    at: datetime,
    *,
    staff_role: str,
    first: str = "",
    order: str,
) -> Decision:
    """Whether an order of the matter may lie with a unit, addressed to its head or (`""`) to all of it.

    What accuses somebody goes only to a head above them (S2-26), and nothing to a head who has left
    (E-84). An approval opens a unit for one `order` (S2-25); the person accused stays shut out all the same.
    """
    shut = circle.of(matter)
    if not head:
        return _may_unit_hold(unit, shut, order, directory)
    decision = _may_head_hold(unit, head, shut, directory, at)
    if not decision or not shut.names_somebody:
        return decision
    above = heads_above(shut, directory, at, staff_role, first)
    return OPEN if (unit, head) in above else Decision("not_the_head")


def _may_unit_hold(unit: str, shut: MatterCircle, order: str, directory: Directory) -> Decision:
    if unit in shut.recused_units:
        return Decision("recused")
    if any(approval.unit == unit and approval.order in ("", order) for approval in shut.approvals):
        return OPEN
    if unit in shut.accused_units or unit in related_units(shut, directory):
        return Decision("accused_unit")
    return Decision("not_the_head") if shut.names_somebody else OPEN


def heads_above(
    shut: MatterCircle, directory: Directory, at: datetime, staff_role: str, first: str = ""
) -> tuple[Head, ...]:
    """To whom an accusation may go: the heads of the units above all accused, the nearest first.

    S2-26, S2-59, E-69, E-70. Before them the head of the office's own unit for accusations, if it has one
    (X-14). When none is left, the next holder of the office's `staff_role` behind an
    accused one (E-76); when there is none either, no one in the system may have it (E-71).
    """
    own = [first] if first in directory.units else []
    above = dict.fromkeys([*own, *_common_ancestors(shut, directory)])
    leaders = ((unit, head.subject) for unit in above if (head := directory.head_of(unit, at)))
    found = [head for head in leaders if _may_head_hold(*head, shut, directory, at)]
    return tuple(found or _next_holders(shut, directory, at, staff_role))


def related_units(shut: MatterCircle, directory: Directory) -> frozenset[str]:
    """The units the accused serve in, and what stands under an accused unit (S2-24, S2-58)."""
    if not shut.names_somebody:
        return frozenset()
    own = {directory.people[one].unit for one in shut.accused if one in directory.people}
    accused = set(shut.accused_units)
    below = {unit for unit in directory.units if accused.intersection(_ancestors(unit, directory))}
    return frozenset(own | below)


def marks(who: Actor) -> list[str]:
    """The marks by which somebody is found among those who are shut out, under an index."""
    return [f"person:{who.subject}", *([f"unit:{who.unit}"] if who.unit else [])]


def _may_see(who: Actor, shut: MatterCircle, directory: Directory, at: datetime) -> Decision:
    by_name = _by_name(who, shut)
    if by_name.why in ("accused", "recused"):
        return by_name
    if who.role == "unit" and any(a.unit == who.unit and a.order for a in shut.approvals):
        return OPEN
    if by_name and who.role == "unit" and shut.names_somebody:
        return _may_unit_see(who, shut, directory, at)
    return by_name


def _by_name(who: Actor, shut: MatterCircle) -> Decision:
    """Whether somebody, or their unit, stands in the circle itself."""
    if who.subject in shut.accused:
        return Decision("accused")
    if who.subject in shut.recused or who.unit in shut.recused_units:
        return Decision("recused")
    return Decision("accused_unit") if who.unit in shut.accused_units else OPEN


def _may_unit_see(who: Actor, shut: MatterCircle, directory: Directory, at: datetime) -> Decision:
    if who.unit in related_units(shut, directory):
        return Decision("accused_unit")
    head = directory.head_of(who.unit, at)
    return OPEN if head is not None and head.subject == who.subject else Decision("not_the_head")


def _may_head_hold(unit: str, head: str, shut: MatterCircle, directory: Directory, at: datetime) -> Decision:
    person = directory.member(head, at)
    if person is None or person.unit != unit:
        return Decision("not_the_head")
    as_head = Actor(subject=head, role=person.roles[0], office="", unit=unit)
    return _may_see(as_head, shut, directory, at)


def _common_ancestors(shut: MatterCircle, directory: Directory) -> Iterator[str]:
    people = (directory.people[one].unit for one in shut.accused if one in directory.people)
    chains = [list(_ancestors(unit, directory)) for unit in (*shut.accused_units, *people)]
    if chains:
        yield from (unit for unit in chains[0] if all(unit in chain for chain in chains))


def _ancestors(unit: str, directory: Directory) -> Iterator[str]:
    """The units above a unit, the nearest first."""
    at = directory.units.get(unit)
    while at is not None and at.parent is not None:
        yield at.parent
        at = directory.units.get(at.parent)


def _next_holders(shut: MatterCircle, directory: Directory, at: datetime, staff_role: str) -> list[Head]:
    holders = directory.holders(staff_role)
    accused = [n for n, person in enumerate(holders) if person.subject in shut.accused]
    behind = holders[max(accused) + 1 :] if accused else ()
    heads = ((person.unit, person.subject) for person in behind)
    return [head for head in heads if _may_head_hold(*head, shut, directory, at)]
