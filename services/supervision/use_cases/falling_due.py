"""Finds what is due and does it once, however many workers look.

A moment is acted on when dispatch's tide has passed it, so that a reply which was in time has
been heard, and when nothing of the case waits to be handled (E-22). A tide that stays out is
not waited for longer than `hold_seconds`: no limit slips silently.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from huiyin.chassis.draft import Draft, Record
from huiyin.chassis.mongo import STORE_AWAY
from huiyin.chassis.steps import Cause, machine
from services.supervision import store
from services.supervision.domain import clocks, falling_due
from services.supervision.domain.falling_due import Act
from services.supervision.domain.supervision import Supervision
from services.supervision.errors import NoLongerDue
from services.supervision.use_cases.house import House
from services.supervision.use_cases.patience import Held

_log = logging.getLogger(__name__)

_RECOUNTED_AT_ONCE: Final = 100
_LOOKED_AT_ONCE: Final = 50


def fall_due(house: House) -> int:
    """Do all that is due and released; returns how much was done."""
    now = house.now()
    due = store.due(house.supervisions, now)
    released = [number for number, moment in due if _released(house, (number, moment))]
    done = sum(_fall_due_case(house, record, now) for record in _at_rest(house, released))
    house.patience.forget_but({number for number, _ in due})
    return done


def recompute(house: House) -> int:
    """Count again the dates of open cases that were counted by another calendar (E-10)."""
    stale = store.counted_otherwise(house.supervisions, house.calendar_mark, _RECOUNTED_AT_ONCE)
    for record in stale:
        with _kept_apart(record.key):
            house.supervisions.take(
                record.key,
                _cause(record, f"calendar:{record.key}:{house.calendar_mark}"),
                "recompute",
                lambda s: clocks.recompute(s, house.rules(s), house.calendar_mark),
            )
    return len(stale)


def _released(house: House, held: Held) -> bool:
    tide = house.base.tides.of("dispatch")
    risen = tide is not None and tide >= held[1]
    return risen or house.patience.is_over(held)


def _at_rest(house: House, numbers: Sequence[str]) -> Iterator[Record[Supervision]]:
    """The cases, oldest moment first, of which nothing waits to be handled."""
    for start in range(0, len(numbers), _LOOKED_AT_ONCE):
        some = numbers[start : start + _LOOKED_AT_ONCE]
        held = house.base.waiting.held(some)
        found = house.supervisions.load([number for number in some if number not in held])
        yield from (found[number] for number in some if number in found)


def _fall_due_case(house: House, found: Record[Supervision], now: datetime) -> int:
    """All that is due in a case is one save; what was done meanwhile is not done again."""

    done = 0

    def decide(draft: Draft[Supervision]) -> Draft[Supervision]:
        nonlocal done
        for act in falling_due.due_acts(draft.state, now):
            if _released(house, (found.key, act.moment)):
                with _kept_apart(found.key):
                    draft = _done(house, draft, act)
        done = len(draft.steps)
        return draft

    with _kept_apart(found.key):
        house.supervisions.follow(found, decide)
        return done
    return 0


def _done(house: House, draft: Draft[Supervision], act: Act) -> Draft[Supervision]:
    cause = _cause(draft, f"{cause_of(draft.key, act.order, act.kind)}{act.moment.isoformat()}")
    try:
        outcome = falling_due.fall_due(draft.state, act, house.rules(draft.state), house.now())
    except NoLongerDue:  # an act before it in this save settled it
        return draft
    return draft.step(outcome, cause=cause, what=act.kind, at=house.now())


def cause_of(number: str, order: str, kind: str) -> str:
    """How the cause of a clock's act begins; the moment it fell due follows."""
    return f"clock:{number}:{order}:{kind}:"


def _cause(case: Record[Supervision] | Draft[Supervision], cause_id: str) -> Cause:
    who = machine("supervision", case.office)
    return Cause(id=cause_id, kind="clock", who=who, correlation=case.correlation)


@contextmanager
def _kept_apart(number: str) -> Iterator[None]:
    """One case that fails is logged and tried again; it does not stop the others' clocks."""
    try:
        yield
    except STORE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - whatever one case's failure is, the others' limits must not slip
        _log.exception("what is due on a case could not be done", extra={"case": number})
