"""What somebody sees of a service's documents: the walls of each circle, in keys, lists and counts.

A case of which somebody may see no matter is, to them, as if there were none: its key is not found,
lists leave it out and counts do not count it (S0-35, S2-58, S2-89). So that pages and totals agree,
the database leaves it out, by two scalars beside the state: `bars`, who is shut out of each matter,
and `barred`, all of them, under an index. They hold directory subjects and unit ids, no names.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, Protocol, TypeVar, cast

from pymongo import ASCENDING, IndexModel

from huiyin.chassis.mongo import Doc
from huiyin.chassis.rulebook import OfficeFolder
from huiyin.chassis.steps import Actor
from huiyin.chassis.walls import marks, open_matters
from huiyin.contracts.circle import Circle, MatterCircle

S = TypeVar("S")

#: Finds what is walled off from somebody, for counts.
BARRED: Final = IndexModel([("office", ASCENDING), ("barred", ASCENDING)])


class Encircled(Protocol):
    """A state that has a circle."""

    @property
    def circle(self) -> Circle:
        """Who may see it, as this service holds it."""

    @property
    def matter_ids(self) -> tuple[str, ...]:
        """Every matter of the case."""


@dataclass(frozen=True)
class Sight(Generic[S]):
    """Decides by the circle that a document holds, and by the directory as it stands now (office time).

    `narrow` leaves of a state what belongs to these matters, or nothing where it cannot be split.
    """

    office: Callable[[str], OfficeFolder]
    now: Callable[[], datetime]
    narrow: Callable[[S, Sequence[str]], S | None]

    def seen(self, who: Actor, state: S) -> S | None:
        """What somebody sees: the state itself where all is open, nothing where all is shut."""
        walled = cast(Encircled, state)
        if not walled.circle.matters:
            return state
        office = self.office(who.office)
        matters = open_matters(who, walled.circle, walled.matter_ids, office, self.now())
        if len(matters) == len(walled.matter_ids):
            return state
        return self.narrow(state, matters) if matters else None


def bars_of(state: Encircled) -> Doc:
    """The scalars by which a case is left out; both are empty for a case without walls."""
    by_matter = [shut_out(state.circle.of(matter)) for matter in state.matter_ids]
    barred = sorted({mark for shut in by_matter for mark in shut})
    return {"barred": barred, "bars": [{"shut": shut} for shut in by_matter] if barred else []}


def seen_by(who: Actor) -> Doc:
    """Selects what somebody of the office's own staff sees any matter of: for lists and totals."""
    some = {"bars": {"$elemMatch": {"shut": {"$nin": marks(who)}}}}
    return {"office": who.office, "$or": [{"barred": {"$nin": marks(who)}}, some]}


def untouched_by(who: Actor) -> Doc:
    """Selects what has no wall against somebody: it can be counted without being looked into."""
    return {"office": who.office, "barred": {"$nin": marks(who)}}


def walled_from(who: Actor) -> Doc:
    """Selects what has a wall against somebody: few, to be looked into one by one."""
    return {"office": who.office, "barred": {"$in": marks(who)}}


def shut_out(shut: MatterCircle) -> list[str]:
    """The marks of everybody a matter's circle names: they see nothing of it."""
    people = {f"person:{subject}" for subject in (*shut.accused, *shut.recused)}
    return sorted(people | {f"unit:{unit}" for unit in (*shut.accused_units, *shut.recused_units)})
