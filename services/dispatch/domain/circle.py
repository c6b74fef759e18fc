"""What the circle does to a handling: which orders must come back, and where they go instead."""

from dataclasses import replace

from huiyin.contracts.events import CircleApplied, CircleChanged, Event
from services.dispatch.domain.handling import Handling

Changed = tuple[Handling, list[Event]]


def change_circle(handling: Handling, changed: CircleChanged) -> Changed:
    """From now on it is decided by this circle; one older than held is ignored (E-73, E-75, E-80)."""
    if changed.circle.version <= handling.circle.version:
        return handling, []
    return replace(handling, circle=changed.circle), [CircleApplied(version=changed.circle.version)]
