"""What dispatch decides by: the rulebook frozen into the case, and the office as it stands now."""

from dataclasses import dataclass, replace
from datetime import datetime

from huiyin.chassis import walls
from huiyin.chassis.rulebook import CatalogueEntry, OfficeFolder, Rulebook
from huiyin.contracts.circle import Circle


@dataclass(frozen=True, kw_only=True)
class Rules:
    """One case's rulebook and its office's directory."""

    book: Rulebook
    office: OfficeFolder

    def may_hold(self, unit: str, head: str, circle: Circle, matter: str, order: str) -> walls.Decision:
        """Whether an order of the matter may lie with a unit or its head (S0-36, S2-24…S2-26)."""
        staff_role = self.book.accusation.staff_route
        return walls.may_hold(unit, head, circle, matter, self.office, staff_role=staff_role, order=order)

    def heads_above(self, circle: Circle, matter: str) -> tuple[walls.Head, ...]:
        """To whom an accusation may go by the office's route, the nearest first (X-14, S2-26, E-69)."""
        heads = walls.heads_above(circle.of(matter), self.office, self.book.accusation.staff_route)
        by_route = {"superior_head": heads, "one_level_up": heads[:1], "discipline_channel": ()}
        return by_route[self.book.accusation.route]


def rules_at(book: Rulebook, office: OfficeFolder, at: datetime) -> Rules:
    """What a case is decided by at a moment: orders go to whoever stands in a unit's place then (E-62)."""
    if not any(unit.successor for unit in office.units.values()):
        return Rules(book=book, office=office)
    catalogue = tuple(_succeeded(entry, office, at) for entry in book.catalogue)
    return Rules(book=replace(book, catalogue=catalogue), office=office)


def unit_at(unit: str, office: OfficeFolder, at: datetime) -> str:
    """The unit, or its successor; one that the directory does not know stays as it is."""
    return office.unit_at(unit, at).id if unit in office.units else unit


def _succeeded(entry: CatalogueEntry, office: OfficeFolder, at: datetime) -> CatalogueEntry:
    lead = unit_at(entry.unit, office, at)
    assisting = dict.fromkeys(unit_at(unit, office, at) for unit in entry.assisting)
    if (lead, tuple(assisting)) == (entry.unit, entry.assisting):
        return entry
    return replace(entry, unit=lead, assisting=tuple(unit for unit in assisting if unit != lead))
