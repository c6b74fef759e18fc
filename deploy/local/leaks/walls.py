"""The walls that are put round cases, in turn, once they are archived; each names somebody in its reason."""

from collections.abc import Callable
from typing import Final

from deploy.local.desks import Desks
from deploy.local.leaks.planting import Crowd

Wall = Callable[[Desks, str, Crowd], None]


def _opened(desks: Desks, number: str, crowd: Crowd) -> None:
    """A custodian opens who complained."""
    reason = f"核实身份。{crowd.named('custodian')}"
    desks.role("custodian").post("intake", f"/cases/{number}/identity", {"reason": reason})


def _restricted(desks: Desks, number: str, crowd: Crowd) -> None:
    """At a person's request the view is restricted (E-35)."""
    why = f"应本人要求。{crowd.named('restriction')}"
    desks.role("custodian").post("intake", f"/cases/{number}/restriction", {"why": why})


#: In turn, case by case.
WALLS: Final[tuple[Wall, ...]] = (_opened, _restricted)
