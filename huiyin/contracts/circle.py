"""The circle: who may see a matter. Intake owns it; every service decides on the copy it holds.

It travels whole, with a version: `case.registered` carries the first, `circle.changed` each later one.
People stand in it as directory subjects, units by their ids; it holds neither names nor words.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Approval:
    """An organisation's leave to give one order of the matter to the accused's own unit (S2-25, E-74).

    `order` is the order it was spent on, once. Its text stays sealed in intake.
    """

    id: str
    unit: str
    approver: str
    approved_on: date
    order: str = ""


@dataclass(frozen=True, kw_only=True)
class MatterCircle:
    """The circle of one matter; a matter that is not mentioned has an empty one.

    `accused` and `recused` are people; a matter that accuses somebody is `accusing` (S2-23).
    """

    matter: str
    accusing: bool = False
    confidential: bool = False
    accused: tuple[str, ...] = ()
    accused_units: tuple[str, ...] = ()
    recused: tuple[str, ...] = ()
    recused_units: tuple[str, ...] = ()
    approvals: tuple[Approval, ...] = ()

    @property
    def names_somebody(self) -> bool:
        """Whether the accused are known: only then can they be kept out (S0-37)."""
        return bool(self.accused or self.accused_units)

    @property
    def guarded(self) -> bool:
        """Whether nothing of it is disclosed before intake was asked."""
        return self.accusing or self.confidential or self.names_somebody


@dataclass(frozen=True, kw_only=True)
class Circle:
    """The circle of a case; a greater version is newer."""

    version: int = 1
    matters: tuple[MatterCircle, ...] = ()

    def of(self, matter: str) -> MatterCircle:
        """The circle of one matter."""
        found = (one for one in self.matters if one.matter == matter)
        return next(found, MatterCircle(matter=matter))
