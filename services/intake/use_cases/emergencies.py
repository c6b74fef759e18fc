"""Danger found in what came in before: raised, handed over, verified; what nobody read is alarmed."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from pymongo import ASCENDING

from huiyin.chassis.draft import Answer
from huiyin.chassis.mongo import STORE_AWAY, due_by
from huiyin.chassis.sight import seen_by
from huiyin.chassis.steps import Actor, Cause, machine
from services.intake.domain import emergency, hand_over
from services.intake.domain.calls import Call
from services.intake.domain.case import Case
from services.intake.use_cases.hand_overs import bring_on, seal
from services.intake.use_cases.house import House
from services.intake.use_cases.views import summary

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 100


def raise_(house: House, number: str, line: str | None, words: str, cause: Cause) -> Answer:
    """A threat is found in a letter or a post: the line is rung first, then all learn of it (E-51, S4-33)."""
    record = house.cases.whole(number, cause.who, [cause.id])
    if line and cause.id not in record.handled:
        _ring(house, record.state, line, words, cause)
    book, by, now = house.base.rulebooks.version(record.state.rulebook), cause.who.subject, house.now()
    return house.cases.take(
        number, cause, "raise-emergency", lambda case: emergency.raise_(case, book, by, now), summary
    )


def _ring(house: House, case: Case, line: str, words: str, cause: Cause) -> None:
    """A call that the desk makes for the case: kept as a call like any other, so that no crash loses it."""
    key, now = f"C{cause.id[:24]}", house.now()
    book = house.base.rulebooks.office(case.office).rulebook
    opened = Call(
        id=key,
        office=case.office,
        sender="",
        opened_at=now,
        direction="out",
        operator=cause.who.subject,
        cases=(case.number,),
    )
    nowhere = ("", seal(house, case.office, ""))
    asked = hand_over.ask(
        opened, line, seal(house, case.office, words), nowhere, cause.who.subject, now, book
    )
    house.calls.create(key, (asked, []), cause=cause, what="ask-hand-over", answer={"call": key})
    bring_on(house, key)


def verify(house: House, number: str, real: bool, cause: Cause) -> Answer:
    """Somebody looked into it (S4-33)."""
    by, now = cause.who.subject, house.now()
    return house.cases.take(
        number, cause, "verify-emergency", lambda case: emergency.verify(case, real, by, now), summary
    )


def read(house: House, number: str, cause: Cause) -> Answer:
    """Somebody has read what came in (E-51)."""
    by, now = cause.who.subject, house.now()
    return house.cases.take(number, cause, "read", lambda case: (emergency.read(case, by, now), []), summary)


def unread(house: House, who: Actor, skip: int, limit: int) -> Mapping[str, Any]:
    """What came in writing and nobody has read, the oldest first (E-51)."""
    query = {**seen_by(who), "unread": True}
    oldest = (("accepted_at", ASCENDING), ("number", ASCENDING))
    found = house.cases.page(query, who, skip, limit, oldest)
    return {
        "total": house.cases.collection.count_documents(query),
        "cases": [summary(case) for case in found],
    }


def alarm(house: House) -> None:
    """Tell leaders of what danger demands and nobody did in time; one that fails does not stop the others."""
    due = due_by("alarm_at", house.now())
    for record in house.cases.find(due, sort=(("alarm_at", ASCENDING),), limit=_AT_ONCE):
        try:
            _alarm(house, record.key, record.office, record.state)
        except STORE_AWAY:
            raise
        except Exception:  # noqa: BLE001 - the others must be alarmed all the same
            _log.exception("an alarm could not be raised", extra={"case": record.key})


def _alarm(house: House, number: str, office: str, case: Case) -> None:
    at = emergency.alarm_at(case)
    assert at is not None
    book, now = house.base.rulebooks.version(case.rulebook), house.now()
    cause = Cause(
        id=f"alarm:{number}:{at.isoformat()}", kind="clock", who=machine("intake", office), correlation=number
    )
    house.cases.take(number, cause, "alarm", lambda found: emergency.fall_due(found, book, now))
