"""Abuse of the line: who calls too often is shown to a person; a person limits, a person lifts (S3-33)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from huiyin.chassis.draft import Answer
from huiyin.chassis.errors import Conflict
from huiyin.chassis.steps import Actor, Cause
from services.intake.domain import misuse
from services.intake.domain.misuse import Caller
from services.intake.domain.terms import length
from services.intake.errors import NoSuchCaller
from services.intake.store.calls import busy_callers
from services.intake.use_cases.hand_overs import seal
from services.intake.use_cases.house import House


def proposed(house: House, who: Actor) -> list[Mapping[str, Any]]:
    """The marks of numbers that the office's rules call malicious (V-07); nothing follows by itself."""
    now, book = house.now(), house.base.rulebooks.office(who.office).rulebook
    since = now - length(book.terms.malicious.within)
    found = busy_callers(house.calls, who.office, since, book.terms.malicious)
    known = house.callers.load([row["_id"] for row in found])
    return [_told(row, known[row["_id"]].state if row["_id"] in known else None, now) for row in found]


def limit(house: House, caller: str, reason: str, until: datetime, cause: Cause) -> Answer:
    """Limit a number; the audit has who did so, and no number."""
    who, now, sealed = cause.who, house.now(), seal(house, cause.who.office, reason)
    book = house.base.rulebooks.office(who.office).rulebook

    def decide(found: Caller) -> misuse.Outcome:
        return misuse.limit(found, sealed, until, who.subject, now, book)

    return _step(house, caller, "limit", decide, lambda c: _limited(c, until), cause)


def record(house: House, caller: str, measure: misuse.Measure, words: str, cause: Cause) -> Answer:
    """Record malicious calling, and what was done short of a limit."""
    who, now, sealed = cause.who, house.now(), seal(house, cause.who.office, words)
    book = house.base.rulebooks.office(who.office).rulebook

    def decide(found: Caller) -> misuse.Outcome:
        return misuse.record(found, measure, sealed, who.subject, now, book)

    return _step(house, caller, "record", decide, _recorded, cause)


def _step(
    house: House,
    caller: str,
    what: str,
    decide: Callable[[Caller], misuse.Outcome],
    answer: Callable[[Caller], Answer],
    cause: Cause,
) -> Answer:
    """A step of a number, the first of which opens it."""
    _require_known(house, caller, cause.who)
    _audit(house, f"misuse.{what}", cause.who, caller)
    if house.callers.look(caller) is None:
        opened = decide(Caller(id=caller, office=cause.who.office))
        try:
            return house.callers.create(caller, opened, cause=cause, what=what, answer=answer(opened[0]))
        except Conflict:  # another was faster: the rule says what follows
            pass
    return house.callers.take(caller, cause, what, decide, answer)


def lift(house: House, caller: str, limit_id: str, reason: str, cause: Cause) -> Answer:
    """Lift a limit before its end."""
    who, now, sealed = cause.who, house.now(), seal(house, cause.who.office, reason)
    _require_known(house, caller, who)
    _audit(house, "misuse.lift", who, caller)
    return house.callers.take(
        caller,
        cause,
        "lift",
        lambda found: misuse.lift(found, limit_id, sealed, who.subject, now),
        lambda _: {"caller": caller, "limit": limit_id, "lifted": True},
    )


def _limited(caller: Caller, until: datetime) -> Answer:
    return {"caller": caller.id, "limit": caller.limits[-1].id, "until": until.isoformat()}


def _recorded(caller: Caller) -> Answer:
    return {"caller": caller.id, "incident": caller.incidents[-1].id, "measure": caller.incidents[-1].measure}


def _require_known(house: House, caller: str, who: Actor) -> None:
    if not house.calls.keys({"office": who.office, "caller": caller}):
        raise NoSuchCaller("没有这个号码标记的来电。请从滥用线路的提示中选择。")


def _audit(house: House, what: str, who: Actor, caller: str) -> None:
    house.base.audit.record(what, who, "", house.now(), {"caller": caller})


def _told(row: Mapping[str, Any], caller: Caller | None, now: datetime) -> Mapping[str, Any]:
    held = caller.limit(now) if caller else None
    return {
        "caller": row["_id"],
        "calls": row["calls"],
        "minutes": round(row["minutes"], 1),
        "last": row["last"].isoformat(),
        "incidents": len(caller.incidents) if caller else 0,
        "limit": {"id": held.id, "by": held.by, "until": held.until.isoformat()} if held else None,
    }
