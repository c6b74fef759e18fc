"""Who gets the order: the catalogue's nearest entry, else a person (S3-42, S3-43, E-60)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bson import Binary

from huiyin.chassis.rulebook import CatalogueEntry, Rulebook
from huiyin.contracts.events import (
    CaseRegistered,
    CatalogueGapFound,
    Event,
    Ground,
    InstructionAsked,
    InstructionGiven,
    Matter,
    MessageRequested,
    OrderDispatched,
    OrderRecalled,
    OrderRole,
    TakenOver,
)
from services.dispatch.domain.handling import Handling, Order
from services.dispatch.errors import NotAwaited, WrongState

Routed = tuple[Handling, list[Event]]


def open_handling(case: CaseRegistered, number: str, book: Rulebook, at: datetime) -> Routed:
    """A registered case: ask the leader first where the office wants it, else route it.

    S2-17…S2-19: nothing leaves before the leader's instruction; X-09 `dispatch.leader_gate`.
    A case answered on the spot needs no order.
    """
    handling = Handling(
        number=number,
        office=book.office.id,
        rulebook=case.rulebook,
        matters=case.matters,
        circle=case.circle,
    )
    if case.disposal == "answered":
        return handling, []
    if case.taken_over is not None:
        return _take_over(handling, case.taken_over, at)
    if book.dispatch.leader_gate == "all":
        return _ask_leader(handling)
    return route(handling, handling.matters, book, at)


def instruct(handling: Handling, words: Binary, leader: str, book: Rulebook, at: datetime) -> Routed:
    """The leader has read and instructed: now the matters go out (S2-18, S2-19)."""
    if handling.gate != "asked":
        raise NotAwaited("该诉求不在等待领导批示。")
    instructed = replace(handling, gate="instructed", instruction=words)
    routed, events = route(instructed, instructed.matters, book, at)
    return routed, [InstructionGiven(leader=leader, given_at=at), *events]


def route(handling: Handling, matters: Sequence[Matter], book: Rulebook, at: datetime) -> Routed:
    """Orders for each matter by the catalogue; a gap where none or several entries fit (E-60)."""
    events: list[Event] = []
    for matter in matters:
        entries = book.candidates(matter.category, matter.area)
        handling, said = (
            _by_entry(handling, matter, entries[0], at)
            if len(entries) == 1
            else _gap(handling, matter.id, entries)
        )
        events += said
    return handling, events


def assign(handling: Handling, matter_id: str, unit: str, role: OrderRole, at: datetime) -> Routed:
    """A person chooses the unit: for a gap, or to add an assisting one (E-60, S2-57)."""
    matter = handling.matter(matter_id)
    if handling.concluded:
        raise WrongState("该诉求已办结，不能再派单。")
    if handling.gate == "asked":
        raise WrongState("该诉求尚待领导批示，批示后方可派单。")
    leads = [o for o in handling.of_matter(matter_id) if o.live and o.role == "lead"]
    if role == "lead" and leads:
        raise WrongState(f"事项 {matter_id} 已有主办单位 {leads[0].unit}；请先由其退单。")
    cleared = replace(handling, gaps=tuple(gap for gap in handling.gaps if gap != matter_id))
    return _give(cleared, matter, unit, role, ("by_person", ""), at)


def find_another(handling: Handling, order: Order, book: Rulebook, at: datetime) -> Routed:
    """After a return: the catalogue's next entry, else a person; ping-pong goes up (E-57, E-58)."""
    matter = handling.matter(order.matter)
    tried = {o.unit for o in handling.of_matter(matter.id)}
    refused = sum(o.state == "returned" for o in handling.of_matter(matter.id))
    others = [e for e in book.catalogue if e.fits(matter.category, matter.area) and e.unit not in tried]
    if order.role == "assisting" or not others or refused >= book.dispatch.returns_to_leader:
        return _gap(handling, matter.id, others)
    nearest = max(others, key=CatalogueEntry.rank)
    return _give(handling, matter, nearest.unit, order.role, (nearest.ground, nearest.id), at)


def recall_all(handling: Handling, at: datetime) -> Routed:
    """Orders still out are called back: the case ended without them (E-29)."""
    out = [o for o in handling.orders if o.state in ("dispatched", "accepted", "replied")]
    for order in out:
        handling = handling.changed(order.id, lambda o: o.step("recall"))
    return handling, [OrderRecalled(order=o.id, unit=o.unit, recalled_at=at) for o in out]


def _ask_leader(handling: Handling) -> Routed:
    asked = InstructionAsked(matters=tuple(matter.id for matter in handling.matters))
    message = MessageRequested(
        message="instruction-needed", template="instruction_needed", addressee_kind="role", addressee="leader"
    )
    return replace(handling, gate="asked"), [asked, message]


def _take_over(handling: Handling, handed: TakenOver, at: datetime) -> Routed:
    """The unit that has it in the older system goes on: neither gate nor catalogue is asked again."""
    events: list[Event] = []
    handling = replace(handling, origin_number=handed.number)
    for matter in handling.matters:
        handling, said = _give(handling, matter, handed.unit, "lead", ("taken_over", ""), at)
        events += said
    return handling, events


def _by_entry(handling: Handling, matter: Matter, entry: CatalogueEntry, at: datetime) -> Routed:
    ground = (entry.ground, entry.id)
    handling, events = _give(handling, matter, entry.unit, "lead", ground, at)
    for unit in entry.assisting:
        handling, more = _give(handling, matter, unit, "assisting", ground, at)
        events += more
    return handling, events


def _give(
    handling: Handling, matter: Matter, unit: str, role: OrderRole, ground: tuple[Ground, str], at: datetime
) -> Routed:
    order = Order(
        id=f"{matter.id}-{len(handling.of_matter(matter.id)) + 1}",
        matter=matter.id,
        unit=unit,
        role=role,
        round=handling.round,
        ground=ground[0],
        entry=ground[1],
        state="dispatched",
        dispatched_at=at,
    )
    dispatched = OrderDispatched(
        order=order.id,
        matter=order.matter,
        unit=unit,
        role=role,
        round=order.round,
        ground=order.ground,
        entry=order.entry,
        dispatched_at=at,
    )
    message = MessageRequested(
        message=f"order-given:{order.id}", template="order_given", addressee_kind="unit", addressee=unit
    )
    return replace(handling, orders=(*handling.orders, order)), [dispatched, message]


def _gap(handling: Handling, matter: str, entries: Sequence[CatalogueEntry]) -> Routed:
    found = CatalogueGapFound(matter=matter, candidates=tuple(entry.id for entry in entries))
    gaps = handling.gaps if matter in handling.gaps else (*handling.gaps, matter)
    return replace(handling, gaps=gaps), [found]
