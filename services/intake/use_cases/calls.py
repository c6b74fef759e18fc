"""Calls: heard of from the call centre, opened by operators, linked to what was taken down from them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from huiyin.chassis.draft import Answer, Record
from huiyin.chassis.errors import Conflict, NotFound
from huiyin.chassis.lookup import normal_phone
from huiyin.chassis.steps import Actor, Cause, machine
from services.intake.domain import emergency, hand_over, hearing_calls, misuse
from services.intake.domain.calls import Call, channel_of
from services.intake.domain.hearing_calls import Spoken, Told
from services.intake.domain.parties import PartyForm
from services.intake.domain.redaction import redact
from services.intake.domain.registration import Form
from services.intake.errors import NoSuchCall
from services.intake.use_cases import acts
from services.intake.use_cases.house import House


def call_id(office: str, sender: str) -> str:
    """What a call of the call centre's is known by here."""
    return "C" + sha256(f"{office}\x1f{sender}".encode()).hexdigest()[:24]


def hear(house: House, event: Spoken, cause: Cause) -> Answer:
    """Take one word of the call centre's; its id is handled once. The first of a call opens it."""
    office, key = cause.who.office, _key(house, cause.who.office, event)
    book = house.base.rulebooks.office(office).rulebook
    channel_of(book)
    told = _told(house, office, event)
    answer = _treatment(told, key, book.misuse.announcement)

    def decide(call: Call) -> tuple[Call, list[Any]]:
        return hearing_calls.hear(call, told, book)

    opened = Call(id=key, office=office, sender=event.call, opened_at=house.now())
    try:
        said = house.calls.take(key, cause, event.word, decide, lambda _: answer)
    except NotFound:
        try:
            said = house.calls.create(key, decide(opened), cause=cause, what=event.word, answer=answer)
        except Conflict:  # another word of the same call was faster
            said = house.calls.take(key, cause, event.word, decide, lambda _: answer)
    house.counts.words.labels(event.word).inc()
    if told.limited:
        house.counts.limited.inc()
    return said


def _key(house: House, office: str, event: Spoken) -> str:
    """The call a word is of: by the reference we gave, so also of a call that the desk made (E-51)."""
    ours = hand_over.call_of(event.reference)
    record = house.calls.look(ours) if ours else None
    return ours if record is not None and record.office == office else call_id(office, event.call)


def register(house: House, form: Form, cause: Cause) -> Answer:
    """Take down what was told in a call: the case names the call, and the call then learns its case.

    Killed in between, the call learns of it when it is looked for: nothing is registered twice (E-41).
    """
    if form.call is None or not form.call.id:
        return acts.register(house, form, cause)
    call = find(house, form.call.id, cause.who)
    if house.cases.answered(cause) is None:
        form = _filled(house, form, call)
    answer = acts.register(house, form, cause)
    link(house, call, str(answer["number"]))
    return answer


def link(house: House, call: Call, number: str) -> None:
    """The call learns what was taken down from it, once."""

    def decide(found: Call) -> tuple[Call, list[Any]]:
        return replace(found, cases=tuple(dict.fromkeys((*found.cases, number)))), []

    house.calls.take(call.id, by_itself(call, f"registered:{call.id}:{number}"), "register", decide)


def find(house: House, key: str, who: Actor) -> Call:
    """A call of the office; one whose case is walled off from somebody is as if there were none."""
    record = house.calls.look(key)
    if record is None or record.office != who.office or not _is_open(house, record, who):
        raise NoSuchCall("没有这通来电的记录。请核对来电编号。")
    return record.state


def number_of(house: House, call: Call) -> str:
    """The number that was shown, or nothing."""
    return str(house.base.sealer.open(call.number)) if call.number is not None else ""


def caller_of(house: House, call: Call) -> misuse.Caller | None:
    """What decisions there are about the number."""
    record = house.callers.look(call.caller) if call.caller else None
    return record.state if record else None


def by_itself(call: Call, cause: str) -> Cause:
    """The cause of what intake does with a call unasked."""
    return Cause(id=cause, kind="clock", who=machine("intake", call.office), correlation=call.id)


def _filled(house: House, form: Form, call: Call) -> Form:
    """The form with what the call knows. E-52: nobody is let go; E-47: danger is heard of anybody."""
    hand_over.require_taken(call)
    if not emergency.is_emergency(form.flags):
        misuse.require_unlimited(caller_of(house, call), house.now())
    number = number_of(house, call)
    parties = [_with_number(party, number) for party in form.parties]
    assert form.call is not None
    mark = call.mark if form.call.number == "shown" else form.call.number
    return replace(form, parties=parties, call=replace(call.ref(), number=mark))


def _with_number(party: PartyForm, number: str) -> PartyForm:
    """S0-02: who gave no other number is reached by the one that called."""
    if party.anonymous or party.role != "complainant" or party.identity.get("phone") or not number:
        return party
    return replace(party, identity={**party.identity, "phone": number})


def _told(house: House, office: str, event: Spoken) -> Told:
    now = house.now()
    number, number_hash, caller = _sealed(house, office, event.number, now)
    known = house.callers.look(caller) if caller else None
    return Told(
        word=event.word,
        at=min(event.at or now, now),
        mark=event.mark or ("shown" if event.number else "withheld"),
        number=number,
        number_hash=number_hash,
        caller=caller,
        line=event.line,
        operator=event.operator,
        limited=known is not None and known.state.limit(now) is not None,
        reference=event.reference,
        to=redact(event.to),
        outcome=event.outcome,
        ending=event.ending,
        recording=event.recording,
    )


def _sealed(house: House, office: str, number: str, now: datetime) -> tuple[Any, str, str]:
    if not number:
        return None, "", ""
    found = house.lookup.of(normal_phone(number))
    caller = house.lookup.of_text(f"caller\x1f{office}\x1f{found}")[:32]
    return house.base.sealer.seal(office, f"{now:%Y-%m}", number), found, caller


def _treatment(told: Told, key: str, announcement: str) -> Answer:
    """What the call centre does with the caller: a limited one is told so, and may still cry for help."""
    if told.limited:
        return {"call": key, "treatment": "limited", "announcement": announcement}
    return {"call": key, "treatment": "ordinary"}


def _is_open(house: House, record: Record[Call], who: Actor) -> bool:
    held = house.cases.load(record.state.cases).values()
    return all(house.cases.seen_in(case, who) is case.state for case in held)


def shown(call: Call) -> Mapping[str, Any]:
    """A call as staff see it: no number."""
    return {
        "id": call.id,
        "direction": call.direction,
        "state": call.state,
        "number": call.mark,
        "line": call.line,
        "operator": call.operator,
        "began_at": call.began_at.isoformat(),
        "answered_at": call.answered_at.isoformat() if call.answered_at else None,
        "ended_at": call.ended_at.isoformat() if call.ended_at else None,
        "ending": call.ending,
        "minutes": round(call.minutes, 1),
        "limited": call.limited,
        "cases": list(call.cases),
        "may_end": not call.waits_for_line,
        "hand_overs": [
            {
                "id": one.id,
                "line": one.line,
                "state": one.state,
                "attempts": one.attempts,
                "asked_at": one.asked_at.isoformat(),
                "settled_at": one.settled_at.isoformat() if one.settled_at else None,
                "settled_by": one.settled_by,
                "case": one.case,
            }
            for one in call.hand_overs
        ],
        "recordings": [
            {"id": one.id, "kept": list(one.kept), "refused": one.refused} for one in call.recordings
        ],
        "transfers": [
            {"to": one.to, "outcome": one.outcome, "at": one.at.isoformat()} for one in call.transfers
        ],
    }
