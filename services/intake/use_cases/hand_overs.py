"""Handing callers over to emergency lines: transfer first, register after, told until somebody took over.

The wish is saved, then the call centre is asked at once; whatever is killed in between is done by the
worker, which looks at every call that has something due (`call_work`). The same attempt has the same
reference, so that asking twice rings once.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from huiyin.chassis.draft import Answer
from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.steps import Actor, Cause, key_id
from huiyin.contracts.events import EMERGENCY
from services.intake.domain import emergency, hand_over
from services.intake.domain.calls import Call, HandOver, channel_of
from services.intake.domain.case import Case
from services.intake.domain.parties import PartyForm
from services.intake.domain.registration import Form, MatterForm
from services.intake.errors import CallCentreAway
from services.intake.use_cases import acts
from services.intake.use_cases.calls import by_itself, find, number_of
from services.intake.use_cases.house import House

_log = logging.getLogger(__name__)


def ask(house: House, key: str, line: str, words: str, where: tuple[str, str], cause: Cause) -> Answer:
    """Hand the caller over now; nothing is asked first, and the case is registered after (E-50, S3-46)."""
    call = find(house, key, cause.who)
    book, now = house.base.rulebooks.office(call.office).rulebook, house.now()
    sealed, by = seal(house, call.office, words), cause.who.subject
    there = _place(house, call.office, where, book)

    def decide(found: Call) -> tuple[Call, list[Any]]:
        return hand_over.ask(found, line, sealed, there, by, now, book), []

    answer = house.calls.take(key, cause, "ask-hand-over", decide, lambda c: _asked(c, line))
    bring_on(house, key)
    return answer


def settle(house: House, key: str, which: str, taken: bool, how: str, cause: Cause) -> Answer:
    """A person says how a hand-over ended: reached by other means, or needed no more (E-53)."""
    call = find(house, key, cause.who)
    sealed, by, now = seal(house, call.office, how), cause.who.subject, house.now()

    def decide(found: Call) -> tuple[Call, list[Any]]:
        return found.with_hand_over(hand_over.settle(found.hand_over(which), taken, sealed, by, now)), []

    answer = house.calls.take(
        key, cause, "settle-hand-over", decide, lambda c: {"state": c.hand_over(which).state}
    )
    bring_on(house, key)
    return answer


def bring_on(house: House, key: str) -> None:
    """All that is due of a call's hand-overs: lines are rung first, then cases are told (E-50)."""
    for one in house.calls.get(key).state.hand_overs:
        _ring(house, key, one.id)
    for one in house.calls.get(key).state.hand_overs:
        _tell(house, key, one.id)


def seal(house: House, office: str, words: str) -> Any:
    """Words under the office's key of the month."""
    return house.base.sealer.seal(office, f"{house.now():%Y-%m}", words)


def _place(house: House, office: str, where: tuple[str, str], book: Rulebook) -> tuple[str, Any]:
    """The area's id if it is one, and where help is needed: a house's number is for intake alone."""
    area, place = where
    known = area in book.areas
    return area if known else "", seal(house, office, place if known else f"{area} {place}".strip())


def _asked(call: Call, line: str) -> Answer:
    one = next(one for one in call.waits_for_line if one.line == line)
    return {"call": call.id, "hand_over": one.id, "line": line, "state": one.state}


def _ring(house: House, key: str, which: str) -> None:
    """Have the call centre ring a line that is due to be rung; silence for too long counts as no answer."""
    call, now = house.calls.get(key).state, house.now()
    one = call.hand_over(which)
    if not one.is_open or one.due_at is None or one.due_at > now:
        return
    book = house.base.rulebooks.office(call.office).rulebook
    reference = hand_over.reference(call, one)
    if one.state == "ringing":
        _change(house, call, one, f"silent:{reference}", lambda o: hand_over.unanswered(o, now, book))
        house.counts.transfers.labels("silent").inc()
        _ring(house, key, which)
        return
    try:
        # Whoever hung up cannot be put through; the line is rung for the desk, which knows what was told.
        house.call_centre.transfer(reference, call.office, _live(call), one.line)
    except CallCentreAway as away:
        _log.warning("an emergency line could not be asked for: %s", away)
        house.counts.transfers.labels("away").inc()
        _change(
            house, call, one, f"away:{reference}:{one.away}", lambda o: hand_over.away(o, one.attempts, now)
        )
    else:
        house.counts.transfers.labels("asked").inc()
        _change(house, call, one, f"rung:{reference}", lambda o: hand_over.sent(o, one.attempts, now, book))


def _live(call: Call) -> str:
    return call.sender if call.direction == "in" and call.ended_at is None else ""


def _tell(house: House, key: str, which: str) -> None:
    """The case learns how its hand-over stands; where there is none yet, it is registered now."""
    call = house.calls.get(key).state
    one = call.hand_over(which)
    if one.mark == one.told:
        return
    if not one.case:
        one, call = _registered(house, call, one)
    cause = by_itself(call, f"hand-over:{call.id}.{one.id}:{one.mark}")
    now = house.now()

    def note(case: Case) -> emergency.Outcome:
        return emergency.note(case, call.id, one, house.base.rulebooks.version(case.rulebook), now)

    house.cases.take(one.case, cause, "hand-over", note)
    mark = one.mark
    _change(house, call, one, f"told:{call.id}.{one.id}:{mark}", lambda o: replace(o, told=mark))


def _registered(house: House, call: Call, one: HandOver) -> tuple[HandOver, Call]:
    """S3-36, E-50: the case of a hand-over, registered after it, with what is known and no more."""
    who = Actor(subject=one.asked_by, role="operator", office=call.office)
    request = key_id(call.office, call.id, one.id)
    cause = Cause(id=request, kind="clock", who=who, correlation=call.id)
    if not house.cases.find({"_id": request}):
        acts.keep(house, _form(house, call, one), cause, by_call="handed_over")
        house.counts.by_itself.labels("emergency").inc()
    number = house.cases.find({"_id": request})[0].key

    def decide(found: Call) -> tuple[Call, list[Any]]:
        linked = replace(found, cases=tuple(dict.fromkeys((*found.cases, number))))
        return linked.with_hand_over(replace(linked.hand_over(one.id), case=number)), []

    house.calls.take(call.id, by_itself(call, f"registered:{call.id}:{number}"), "register", decide)
    call = house.calls.get(call.id).state
    return call.hand_over(one.id), call


def _form(house: House, call: Call, one: HandOver) -> Form:
    book, number = house.base.rulebooks.office(call.office).rulebook, number_of(house, call)
    matter = MatterForm(
        kind=book.emergency.kind,
        category=book.emergency.categories[one.line],
        area=one.area or min(book.areas, key=len),
        place=str(house.base.sealer.open(one.place)),
        text=str(house.base.sealer.open(one.words)) or f"来电反映紧急情况，已转接 {one.line}。",
        wish="",
    )
    return Form(
        channel=channel_of(book),
        language=book.office.languages[0],
        difficulty=next(iter(book.classification.difficulties)),
        legal_class=None,
        priority=book.emergency.priority,
        flags=(EMERGENCY,),
        received_at=min(call.began_at, one.asked_at),
        matters=[matter],
        parties=[caller_party(number)],
        answer=None,
        call=call.ref(),
    )


def caller_party(number: str) -> PartyForm:
    """Who called, as far as the number tells."""
    return PartyForm(role="complainant", anonymous=not number, identity={"phone": number} if number else {})


def _change(
    house: House, call: Call, one: HandOver, cause: str, change: Callable[[HandOver], HandOver]
) -> None:
    def decide(found: Call) -> tuple[Call, list[Any]]:
        return found.with_hand_over(change(found.hand_over(one.id))), []

    house.calls.take(call.id, by_itself(call, cause), cause.partition(":")[0], decide)
