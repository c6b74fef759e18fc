"""What dispatch decides by: the rulebook frozen into the case, and the office as it stands now."""

from dataclasses import dataclass

from huiyin.chassis import walls
from huiyin.chassis.rulebook import OfficeFolder, Rulebook
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
