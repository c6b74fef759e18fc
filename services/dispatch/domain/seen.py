"""What of a handling somebody sees: of a case that is partly walled off, the open matters."""

from collections.abc import Sequence
from dataclasses import replace

from services.dispatch.domain.handling import Handling


def narrow(handling: Handling, matters: Sequence[str]) -> Handling:
    """The handling as if it had these matters alone."""
    awaiting = tuple(matter for matter in handling.awaiting if matter in matters)
    return replace(
        handling,
        gate=handling.gate if awaiting or handling.gate != "asked" else "none",
        awaiting=awaiting,
        matters=tuple(matter for matter in handling.matters if matter.id in matters),
        orders=tuple(order for order in handling.orders if order.matter in matters),
        gaps=tuple(gap for gap in handling.gaps if gap in matters),
    )
