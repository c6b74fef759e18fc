"""What dispatch decides by: the rulebook frozen into the case, and the office as it stands now."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from huiyin.chassis import walls
from huiyin.chassis.rulebook import CatalogueEntry, OfficeFolder, Rulebook
from huiyin.contracts.circle import Circle


@dataclass(frozen=True, kw_only=True)
class Rules:
    """One case's rulebook and its office's directory, at a moment of the office's clock."""

    book: Rulebook
    office: OfficeFolder
    at: datetime

    def may_hold(self, unit: str, head: str, circle: Circle, matter: str, order: str) -> walls.Decision:
        """Whether an order of the matter may lie with a unit or its head (S0-36, S2-24…S2-26)."""
        return walls.may_hold(
            unit,
            head,
            circle,
            matter,
            self.office,
            self.at,
            staff_role=self.book.accusation.staff_route,
            first=self.book.accusation.unit or "",
            order=order,
        )

    def heads_above(self, circle: Circle, matter: str) -> tuple[walls.Head, ...]:
        """To whom an accusation may go by the office's route, the nearest first (X-14, S2-26, E-69)."""
        heads = walls.heads_above(
            circle.of(matter),
            self.office,
            self.at,
            self.book.accusation.staff_route,
            self.book.accusation.unit or "",
        )
        by_route = {"one_level_up": heads[:1], "discipline_channel": ()}
        return by_route.get(self.book.accusation.route, heads)

    def handles_directly(self, flags: Collection[str]) -> bool:
        """Whether the office's own centre handles a case with these flags itself (S1-20, S1-21).

        A submission goes before direct handling where the office has it so (XI-07).
        """
        centre = self.book.dispatch.direct
        direct = centre is not None and not set(flags).isdisjoint(centre.flags)
        return direct and not (self.book.dispatch.submission_first and self._gated(flags))

    def read_first(self, flags: Collection[str]) -> bool:
        """Whether a leader reads a case with these flags before anything of it leaves (X-09).

        S2-17: every one. S0-30: flagged ones. S1-24: submissions.
        """
        if self.book.dispatch.leader_gate == "flagged":
            return self._gated(flags) and not self.handles_directly(flags)
        return self.book.dispatch.leader_gate == "all"

    def _gated(self, flags: Collection[str]) -> bool:
        return not set(flags).isdisjoint(self.book.dispatch.gate_flags)


def rules_at(book: Rulebook, office: OfficeFolder, at: datetime) -> Rules:
    """What a case is decided by at a moment: orders go to whoever stands in a unit's place then (E-62)."""
    if not any(unit.successor for unit in office.units.values()):
        return Rules(book=book, office=office, at=at)
    catalogue = tuple(_succeeded(entry, office, at) for entry in book.catalogue)
    return Rules(book=replace(book, catalogue=catalogue), office=office, at=at)


def unit_at(unit: str, office: OfficeFolder, at: datetime) -> str:
    """The unit, or its successor; one that the directory does not know stays as it is."""
    return office.unit_at(unit, at).id if unit in office.units else unit


def _succeeded(entry: CatalogueEntry, office: OfficeFolder, at: datetime) -> CatalogueEntry:
    lead = unit_at(entry.unit, office, at)
    assisting = dict.fromkeys(unit_at(unit, office, at) for unit in entry.assisting)
    if (lead, tuple(assisting)) == (entry.unit, entry.assisting):
        return entry
    return replace(entry, unit=lead, assisting=tuple(unit for unit in assisting if unit != lead))
