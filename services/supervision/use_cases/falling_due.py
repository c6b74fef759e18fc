"""Finds what is due and does it once, however many workers look.

A moment is acted on when dispatch's tide has passed it, so that a reply which was in time has
been heard, and when nothing of the case waits to be handled (E-22). A tide that stays out is
not waited for longer than `hold_seconds`: no limit slips silently.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Final

from huiyin.chassis.draft import Record
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


def fall_due(house: House) -> int:
    """Do all that is due and released; returns how much was done."""
    now = house.now()
    due = store.due(house.supervisions, now)
    done = sum(
        _fall_due_case(house, number, now) for number, moment in due if _released(house, (number, moment))
    )
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


def _fall_due_case(house: House, number: str, now: datetime) -> int:
    with _kept_apart(number):
        if house.base.waiting.holds(number):
            return 0
        record = house.supervisions.get(number)
        acts = falling_due.due_acts(record.state, now)
        return sum(_do(house, record, act) for act in acts if _released(house, (number, act.moment)))
    return 0


def _do(house: House, record: Record[Supervision], act: Act) -> int:
    cause = _cause(record, f"{cause_of(record.key, act.order, act.kind)}{act.moment.isoformat()}")
    with suppress(NoLongerDue):
        house.supervisions.take(
            record.key,
            cause,
            act.kind,
            lambda s: falling_due.fall_due(s, act, house.rules(s), house.now()),
        )
        return 1
    return 0


def cause_of(number: str, order: str, kind: str) -> str:
    """How the cause of a clock's act begins; the moment it fell due follows."""
    return f"clock:{number}:{order}:{kind}:"


def _cause(record: Record[Supervision], cause_id: str) -> Cause:
    who = machine("supervision", record.office)
    return Cause(id=cause_id, kind="clock", who=who, correlation=record.correlation)


@contextmanager
def _kept_apart(number: str) -> Iterator[None]:
    """One case that fails is logged and tried again; it does not stop the others' clocks."""
    try:
        yield
    except STORE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - whatever one case's failure is, the others' limits must not slip
        _log.exception("what is due on a case could not be done", extra={"case": number})
