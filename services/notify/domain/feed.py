"""What of a case a department's feed is told: only of orders the unit has, and nothing behind a wall.

Everything about the unit's orders is noted as it is heard; `tellable` alone decides what may be said, at
the moment it is said. So what comes in any order is told in one, and what ends an order, or shuts the
unit out of a matter, stops even what was noted before and not yet told.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from huiyin.contracts.envelope import dump
from huiyin.contracts.events import Event
from huiyin.contracts.feeds import CONCLUDED, DEADLINE, GIVEN, LINES, RECALLED
from services.notify.domain.correspondence import Correspondence
from services.notify.domain.notices import Notice

#: Of one moment: first that there is an order, last that it is over.
_RANK: Final[Mapping[str, int]] = {GIVEN: 0, CONCLUDED: 2, RECALLED: 3}


def note(correspondence: Correspondence, event: Event, notice: Notice) -> Correspondence:
    """Keep what was heard about an order of a unit that has a feed."""
    if notice.type == RECALLED:
        correspondence = end_order(correspondence, notice.order, notice.at)
    told = replace(notice, data=_data(correspondence, event))
    return _conclude(replace(correspondence, notices=(*correspondence.notices, told)))


def end_order(correspondence: Correspondence, order: str, at: datetime) -> Correspondence:
    """The unit has the order no more: nothing further of it is told, but that it was recalled."""
    return replace(correspondence, ended={**correspondence.ended, order: at})


def conclude(correspondence: Correspondence, event: Event, notice: Notice) -> Correspondence:
    """The case is over: told to every unit that still had an order then."""
    told = replace(notice, data=_data(correspondence, event))
    return _conclude(replace(correspondence, conclusion=told))


def tellable(correspondence: Correspondence, unit: str) -> list[Notice]:
    """What may be said to the unit now, in the order in which it is to be said."""
    found = [n for n in correspondence.notices if n.unit == unit and not n.n and _may_tell(correspondence, n)]
    return sorted(found, key=lambda n: (n.at, _RANK.get(n.type, 1), n.heard))


def units_to_tell(correspondence: Correspondence) -> list[str]:
    """The units something may be said to now."""
    units = sorted({notice.unit for notice in correspondence.notices if not notice.n})
    return [unit for unit in units if tellable(correspondence, unit)]


def last_number(correspondence: Correspondence, unit: str) -> int:
    """The number of the last line the unit's feed was told of this case."""
    return max((n.n for n in correspondence.notices if n.unit == unit), default=0)


def told(correspondence: Correspondence, numbers: Mapping[str, int], unit: str) -> Correspondence:
    """The stream took these, by id, under these numbers."""
    marked = tuple(
        replace(n, n=numbers[n.id]) if n.unit == unit and n.id in numbers else n
        for n in correspondence.notices
    )
    return replace(correspondence, notices=marked)


def _may_tell(correspondence: Correspondence, notice: Notice) -> bool:
    """The one place that decides what a department learns (S0-35, S2-26, S2-58)."""
    given = _given(correspondence, notice.unit)
    if notice.type == RECALLED:
        return any(g.n for g in given if g.order == notice.order)
    given = [g for g in given if not _is_walled(correspondence, g)]
    if notice.type == CONCLUDED:
        return any(_learns_end(correspondence, g, notice.at) for g in given)
    has = any(g.order == notice.order for g in given)
    return has and notice.order not in correspondence.ended and not _replaced(correspondence, notice)


def _is_walled(correspondence: Correspondence, given: Notice) -> bool:
    """A feed is read by a whole department: what accuses somebody is for one person there, or for none."""
    shut = correspondence.circle.of(given.data["matter"]["id"])
    return shut.accusing or shut.names_somebody or given.unit in shut.recused_units


def _learns_end(correspondence: Correspondence, given: Notice, at: datetime) -> bool:
    """Whether the unit had the order until the case was over; one of which it never heard is none."""
    ended = correspondence.ended.get(given.order)
    return ended is None or (ended >= at and given.n > 0)


def _replaced(correspondence: Correspondence, notice: Notice) -> bool:
    """A date is said whole: a newer one of the order makes it old."""
    return notice.type == DEADLINE and any(
        n.type == DEADLINE and n.order == notice.order and n.heard > notice.heard
        for n in correspondence.notices
    )


def _given(correspondence: Correspondence, unit: str) -> list[Notice]:
    return [n for n in correspondence.notices if n.unit == unit and n.type == GIVEN]


def _conclude(correspondence: Correspondence) -> Correspondence:
    """One line of the end for each unit that was ever given an order, whichever was heard first."""
    end = correspondence.conclusion
    if end is None:
        return correspondence
    known = _units(correspondence, {CONCLUDED})
    new = sorted(_units(correspondence, {GIVEN}) - known)
    lines = tuple(replace(end, unit=unit) for unit in new)
    return replace(correspondence, notices=(*correspondence.notices, *lines))


def _units(correspondence: Correspondence, types: Collection[str]) -> set[str]:
    return {n.unit for n in correspondence.notices if n.type in types}


def _data(correspondence: Correspondence, event: Event) -> Mapping[str, Any]:
    """What of the event travels, with the matter its order is about."""
    whole = dump(event)
    data = {name: whole[name] for name in LINES[event.type].fields}
    order = whole.get("order")
    if order is None:
        return data
    return {"order": order, "matter": _matter(correspondence, whole), **data}


def _matter(correspondence: Correspondence, event: Mapping[str, Any]) -> Mapping[str, str]:
    """Kind, category, area and public place of the order's matter; an order's id begins with its matter's."""
    wanted = event.get("matter") or event["order"].rpartition("-")[0]
    found = next((m for m in correspondence.matters if m.id == wanted), None)
    if found is None:
        return {"id": wanted}
    return {
        "id": found.id,
        "kind": found.kind,
        "category": found.category,
        "area": found.area,
        "place": found.place,
    }
