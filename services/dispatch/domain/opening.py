"""A case was registered: its handling begins."""

from dataclasses import replace
from datetime import datetime

from huiyin.contracts.events import CaseRegistered, Event, TakenOver
from services.dispatch.domain.gate import ask_leaders
from services.dispatch.domain.giving import Given, To
from services.dispatch.domain.handling import Handling
from services.dispatch.domain.routing import give_to_unit, route
from services.dispatch.domain.rules import Rules, unit_at


def open_handling(case: CaseRegistered, number: str, rules: Rules, at: datetime) -> Given:
    """A registered case: ask the leader first where the office wants it, else route it.

    S2-17…S2-19: nothing leaves before the leader's instruction; X-09 `dispatch.leader_gate`.
    A case answered on the spot needs no order.
    """
    handling = Handling(
        number=number,
        office=rules.book.office.id,
        rulebook=case.rulebook,
        matters=case.matters,
        circle=case.circle,
    )
    if case.disposal == "answered":
        return handling, []
    if case.taken_over is not None:
        return _take_over(handling, case.taken_over, rules, at)
    if rules.book.dispatch.leader_gate == "all":
        return ask_leaders(handling, handling.matters, rules, at)
    return route(handling, handling.matters, rules, at)


def _take_over(handling: Handling, handed: TakenOver, rules: Rules, at: datetime) -> Given:
    """The unit that has it in the older system goes on: neither gate nor catalogue is asked again."""
    events: list[Event] = []
    handling = replace(handling, origin_number=handed.number)
    for matter in handling.matters:
        to = To(unit=unit_at(handed.unit, rules.office, at), ground="taken_over")
        handling, said = give_to_unit(handling, matter, to, rules, at)
        events += said
    return handling, events
