"""A case was registered: its handling begins."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from huiyin.contracts.events import (
    EMERGENCY,
    CaseRegistered,
    Event,
    Matter,
    MatterCorrected,
    RoundRaised,
    TakenOver,
)
from services.dispatch.domain.gate import ask_leaders
from services.dispatch.domain.giving import Given, To
from services.dispatch.domain.handling import Handling
from services.dispatch.domain.routing import give_to_unit, route
from services.dispatch.domain.rules import Rules, unit_at


def open_handling(case: CaseRegistered, number: str, rules: Rules, at: datetime) -> Given:
    """A registered case: ask the leader first where the office wants it, else route it.

    S2-17…S2-19: nothing leaves before the leader's instruction; X-09 `dispatch.leader_gate`.
    A case answered on the spot, told or filed needs no order. An emergency waits for no leader (E-50,
    S4-33). Of one that doubts an earlier result, that is reviewed first (E-39).
    """
    urgent = EMERGENCY in case.flags
    handling = Handling(
        number=number,
        office=rules.book.office.id,
        rulebook=case.rulebook,
        flags=case.flags,
        matters=case.matters,
        circle=case.circle,
    )
    if case.disposal != "dispatch" or (case.repeat == "dissatisfied" and not urgent):
        return handling, []
    if case.taken_over is not None:
        return _take_over(handling, case.taken_over, rules, at)
    return begin(handling, handling.matters, rules, at, urgent=urgent)


def begin(
    handling: Handling, matters: Sequence[Matter], rules: Rules, at: datetime, *, urgent: bool = False
) -> Given:
    """Those of the matters that are dispatched: straight to the unit that a leader handed them to or
    that is to guide (E-95, S3-50), else past the gate to the catalogue.

    The others have no order (E-45, S3-45). What is `urgent` passes the gate at once (E-50).
    """
    dispatched = [matter for matter in matters if matter.dispatched]
    events: list[Event] = []
    for matter in dispatched:
        if matter.given is not None:
            to = To(unit=unit_at(matter.given.unit, rules.office, at), ground=matter.given.ground)
            handling, said = give_to_unit(handling, matter, to, rules, at)
            events += said
    rest = [matter for matter in dispatched if matter.given is None]
    if not rest:
        return handling, events
    ask = rules.read_first(handling.flags) and not urgent
    handling, said = (ask_leaders if ask else route)(handling, rest, rules, at)
    return handling, [*events, *said]


def correct(handling: Handling, corrected: MatterCorrected) -> Handling:
    """The place of a matter as it truly is; a correction older than held is ignored (S0-05)."""
    matter, place = corrected.matter.id, corrected.matter.place
    if corrected.revision <= handling.corrected.get(matter, 0):
        return handling
    matters = (replace(m, place=place) if m.id == matter else m for m in handling.matters)
    known = {**handling.corrected, matter: corrected.revision}
    return replace(handling, matters=tuple(matters), corrected=known)


def begin_after_review(handling: Handling, raised: RoundRaised, rules: Rules, at: datetime) -> Given:
    """The review of an earlier result wants it handled again: this case, never dispatched, begins (E-39)."""
    return begin(replace(handling, round=raised.round), handling.matters, rules, at)


def _take_over(handling: Handling, handed: TakenOver, rules: Rules, at: datetime) -> Given:
    """The unit that has it in the older system goes on: neither gate nor catalogue is asked again."""
    events: list[Event] = []
    handling = replace(handling, origin_number=handed.number)
    for matter in handling.matters:
        to = To(unit=unit_at(handed.unit, rules.office, at), ground="taken_over")
        handling, said = give_to_unit(handling, matter, to, rules, at)
        events += said
    return handling, events
