"""Danger to life and property in a case: raised, verified, told to leaders; what opens every gate.

E-50: what is an emergency waits for no leader, no required field, no duplicate, no limit of its caller.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import (
    EMERGENCY,
    CaseConcluded,
    EmergencyHandedOver,
    EmergencyRaised,
    Event,
    MessageRequested,
)
from services.intake.domain import course, reclassifying
from services.intake.domain.calls import HandOver
from services.intake.domain.case import Case
from services.intake.domain.danger import Danger, Reading
from services.intake.domain.terms import length
from services.intake.domain.weighing import rank_of
from services.intake.errors import AlreadySettled, NoEmergency

Outcome = tuple[Case, list[Event]]


def is_emergency(flags: Collection[str]) -> bool:
    """Whether a case that carries these flags is one."""
    return EMERGENCY in flags


def begin(case: Case, book: Rulebook) -> Case:
    """A case as it is taken down: an emergency is urgent at once (S4-33), a post unread (E-51)."""
    if is_emergency(case.flags):
        return _endangered(case, case.registered_by, case.accepted_at, book)
    return replace(case, reading=_unread(case, book))


def alarms(case: Case, book: Rulebook) -> list[Event]:
    """Who is told at once of an emergency: the duty leader, and whom else the office names (X-11, S4-33)."""
    if case.danger is None:
        return []
    return _to_leaders("emergency_raised", "emergency-raised", book)


def raise_(case: Case, book: Rulebook, by: str, at: datetime) -> Outcome:
    """Danger is found in what came in before, such as a letter: the same rules from this moment (E-51)."""
    if case.danger is not None:
        return case, []
    raised = read(_endangered(case, by, at, book), by, at)
    said = EmergencyRaised(flags=raised.flags, priority=raised.priority, raised_at=at)
    return raised, [said, *alarms(raised, book)]


def note(case: Case, call: str, one: HandOver, book: Rulebook, at: datetime) -> Outcome:
    """What became of a hand-over: told to leaders while nobody comes (E-53), to the journal at its end."""
    raised, events = raise_(case, book, one.asked_by, one.asked_at)
    assert raised.danger is not None
    before = {told for told in raised.danger.told if told.startswith(f"{call}.{one.id}:")}
    now = f"{call}.{one.id}:{one.mark}"
    if now in before:
        return case, []
    over = one.state == "taken" and book.emergency.policy == "transfer"  # what S3-46 demands is done
    watched = None if over else raised.danger.verify_by
    danger = replace(
        raised.danger, verify_by=watched, told=(*(t for t in raised.danger.told if t not in before), now)
    )
    noted, settled = _settled(replace(raised, danger=danger), one, at)
    return noted, [*events, *_news(call, one, before, book, at), *settled]


def to_line(case: Case, book: Rulebook) -> Case:
    """Where the office's way is to transfer (X-11), a hand-over's case is the line's instead of a unit's: it
    is not dispatched, unless it turns out that no line took over (S3-45, S3-46).
    """
    if book.emergency.policy != "transfer" or case.danger is None:
        return case
    matters = tuple(replace(matter, dispatched=False) for matter in case.matters)
    return replace(case, matters=matters, danger=replace(case.danger, at_line=True))


def _settled(case: Case, one: HandOver, at: datetime) -> Outcome:
    """A line took over: its case is told and over. None did, by a person's word: it is dispatched."""
    if case.danger is None or not case.danger.at_line or one.is_open:
        return case, []
    case = replace(case, danger=replace(case.danger, at_line=False))
    if one.state == "taken":
        told = CaseConcluded(outcome="told", round=case.stage.round, concluded_at=at)
        return course.conclude(replace(case, disposal="told"), told)
    return reclassifying.dispatch_all(case, f"{one.line} 未接管，转为派单办理。", one.settled_by, at)


def verify(case: Case, real: bool, by: str, at: datetime) -> Outcome:
    """Somebody looked into it: it is real, or a false alarm; the case goes on as what it is (S4-33)."""
    if case.danger is None:
        raise NoEmergency("该诉求不是紧急事件。发现险情的，请先按紧急事件上报。")
    if case.danger.verified_at is not None:
        raise AlreadySettled("该紧急事件已核实。")
    danger = replace(case.danger, verify_by=None, verified_at=at, verified_by=by, real=real)
    return replace(case, danger=danger), []


def read(case: Case, by: str, at: datetime) -> Case:
    """Somebody has read what came in: nobody need be alarmed for it (E-51)."""
    if case.reading is None or case.reading.read_at is not None:
        return case
    return replace(case, reading=Reading(alarm_at=None, read_at=at, read_by=by))


def alarm_at(case: Case) -> datetime | None:
    """When leaders must be told that nobody did what danger demands; an index of the case."""
    if case.outcome is not None:
        return None
    moments = (case.reading and case.reading.alarm_at, case.danger and case.danger.verify_by)
    return min((moment for moment in moments if moment), default=None)


def fall_due(case: Case, book: Rulebook, at: datetime) -> Outcome:
    """Nobody has read the post (E-51), or verified the emergency (S4-33), in time: leaders are told, once."""
    events: list[Event] = []
    if case.reading and case.reading.alarm_at and case.reading.alarm_at <= at:
        case = replace(case, reading=replace(case.reading, alarm_at=None))
        events += _to_leaders("unread_post", "unread", book)
    if case.danger and case.danger.verify_by and case.danger.verify_by <= at:
        case = replace(case, danger=replace(case.danger, verify_by=None))
        events += _to_leaders("emergency_unverified", "emergency-unverified", book)
    return case, events


def _endangered(case: Case, by: str, at: datetime, book: Rulebook) -> Case:
    watched = book.emergency.policy in ("verify_and_handle", "transfer")
    until = at + length(book.terms.immediately) if watched else None  # S3-46, S4-33, V-02
    return replace(
        case,
        flags=tuple(dict.fromkeys((*case.flags, EMERGENCY))),
        priority=book.emergency.priority,
        sorting=replace(case.sorting, rank=rank_of(book.emergency.priority, book)),
        danger=Danger(raised_at=at, raised_by=by, verify_by=until),
    )


def _unread(case: Case, book: Rulebook) -> Reading | None:
    within = book.emergency.unread_after.get(case.channel)
    if within is None or case.taken_over is not None:
        return None
    words = [word for matter in case.matters for word in (matter.text, matter.wish)]
    threat = any(danger in word for danger in book.emergency.words for word in words)
    return Reading(alarm_at=case.accepted_at if threat else case.accepted_at + length(within))


def _news(call: str, one: HandOver, before: Collection[str], book: Rulebook, at: datetime) -> Sequence[Event]:
    known = max((int(told.rpartition(":")[2]) for told in before), default=0)
    events: list[Event] = []
    for n in range(known + 1, one.alarms + 1):
        params = {"line": one.line, "attempts": str(max(one.attempts - 1, 1))}
        events += _to_leaders("emergency_unanswered", f"unanswered:{call}.{one.id}:{n}", book, params)
    if not one.is_open:
        outcome: Literal["taken", "not_taken"] = "taken" if one.state == "taken" else "not_taken"
        settled = one.settled_at or at
        events.append(
            EmergencyHandedOver(line=one.line, outcome=outcome, attempts=one.attempts, settled_at=settled)
        )
    return events


def _to_leaders(
    template: str, message: str, book: Rulebook, params: dict[str, str] | None = None
) -> list[Event]:
    roles = book.emergency.report_to or ("leader",)
    return [
        MessageRequested(
            message=f"{message}:{role}",
            template=template,
            addressee_kind="role",
            addressee=role,
            params=params or {},
            urgent=True,
        )
        for role in roles
    ]
