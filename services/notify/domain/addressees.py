"""Who a message is for as the office stands now, and whether a wall stands before them."""

from collections.abc import Sequence
from datetime import datetime

from huiyin.chassis import walls
from huiyin.chassis.rulebook import OfficeFolder, Person, Unit
from huiyin.chassis.steps import Actor
from services.notify.domain.correspondence import Correspondence, Message


def person_of(
    correspondence: Correspondence, message: Message, folder: OfficeFolder, at: datetime
) -> Person | None:
    """The person a message is for: by subject, or the first holder of a role who may be told (E-76)."""
    if message.addressee_kind == "person":
        return folder.people.get(message.addressee)
    holders = folder.holders(message.addressee) if message.addressee_kind == "role" else ()
    return next((one for one in holders if _may_know(correspondence, message, _as(one), folder, at)), None)


def unit_of(
    correspondence: Correspondence, message: Message, folder: OfficeFolder, at: datetime
) -> Unit | None:
    """The unit now in charge (E-62), or that of the person."""
    person = person_of(correspondence, message, folder, at)
    unit = person.unit if person else message.addressee
    return folder.unit_at(unit, at) if unit in folder.units else None


def may_be_told(correspondence: Correspondence, message: Message, folder: OfficeFolder, at: datetime) -> bool:
    """Whether the addressee may hear of it: never the accused, their units, or who recused (S0-35, S2-58)."""
    if message.addressee_kind in ("party", "outside"):
        return True
    if message.addressee_kind == "unit":
        unit = Actor(subject="", role="unit", office=correspondence.office, unit=message.addressee)
        return _may_know(correspondence, message, unit, folder, at)
    person = person_of(correspondence, message, folder, at)
    if person is None:
        return not correspondence.circle.matters  # nobody holds the role: another failure, told as such
    return _may_know(correspondence, message, _as(person), folder, at)


def _may_know(
    correspondence: Correspondence, message: Message, who: Actor, folder: OfficeFolder, at: datetime
) -> bool:
    circle = correspondence.circle
    matters: Sequence[str] = [message.matter] if message.matter else [one.matter for one in circle.matters]
    return all(walls.may(who, circle, matter, folder, at) for matter in matters)


def _as(person: Person) -> Actor:
    return Actor(subject=person.subject, role=person.roles[0], office="", unit=person.unit)
