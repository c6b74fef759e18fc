"""How a unit's member stands to an order: the one place that knows own units and those above."""

from datetime import datetime
from typing import Literal

from huiyin.chassis.rulebook import OfficeFolder
from huiyin.chassis.steps import Actor

Standing = Literal["own", "above", "none"]


def standing(who: Actor, unit: str, office: OfficeFolder, at: datetime) -> Standing:
    """`own`: it is their unit's, or that of one their unit succeeded (E-62); they read and act.

    `above`: they lead a unit above it, in the directory's order of units; they read. Else there is
    no such order for them.
    """
    if unit not in office.units:
        return "none"
    now = office.unit_at(unit, at).id
    if now == who.unit:
        return "own"
    head = office.head_of(who.unit, at) if who.unit in office.above(now) else None
    return "above" if head is not None and head.subject == who.subject else "none"
