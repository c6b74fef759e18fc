"""Who gets the order: the catalogue's nearest entry, else a person (S3-42, S3-43, E-60).

What accuses somebody of the directory goes to the head above them instead, whatever the catalogue
says; the other matters of the case travel without it (E-69, E-72).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from huiyin.chassis.rulebook import CatalogueEntry
from huiyin.contracts.events import Event, Matter, OrderRecalled, OrderRole
from services.dispatch.domain.accusation import for_a_person, to_head_above
from services.dispatch.domain.giving import Given, To, give, next_order
from services.dispatch.domain.handling import Handling, Order
from services.dispatch.domain.rules import Rules
from services.dispatch.errors import BarredUnit, WrongState


def route(handling: Handling, matters: Sequence[Matter], rules: Rules, at: datetime) -> Given:
    """Orders for each matter by the catalogue; a gap where none or several entries fit (E-60).

    What the office's own centre handles itself goes there, whatever the catalogue says (S1-20, S1-21).
    """
    events: list[Event] = []
    for matter in matters:
        handling, said = _route_one(handling, matter, rules, at)
        events += said
    return handling, events


def give_to_unit(handling: Handling, matter: Matter, to: To, rules: Rules, at: datetime) -> Given:
    """The lead order to a unit that is named, if it may have it; what accuses goes to the head above."""
    if _may_hold(handling, matter.id, to, rules):
        return give(handling, matter, to, "lead", at)
    return _elsewhere(handling, matter, rules, at)


def assign(
    handling: Handling, matter_id: str, unit: str, role: OrderRole, rules: Rules, at: datetime
) -> Given:
    """A person chooses the unit: for a gap, or to add an assisting one (E-60, S2-57).

    What accuses goes to a head above and no other; to the accused's own unit only by approval, which
    takes it from the head who has it (S2-25, S2-26).
    """
    matter = handling.matter(matter_id)
    _require_assignable(handling, matter_id)
    to = _chosen(handling, matter_id, unit, rules)
    transfer = any(approval.unit == unit for approval in handling.circle.of(matter_id).approvals)
    handling, events = _without_lead(handling, matter_id, transfer, at) if role == "lead" else (handling, [])
    cleared = replace(handling, gaps=tuple(gap for gap in handling.gaps if gap != matter_id))
    given, said = give(cleared, matter, to, role, at)
    return given, [*events, *said]


def find_another(handling: Handling, order: Order, rules: Rules, at: datetime) -> Given:
    """After a return: the catalogue's next entry, else a person; ping-pong goes up (E-57, E-58)."""
    matter = handling.matter(order.matter)
    refused = sum(o.state == "returned" for o in handling.of_matter(matter.id))
    fitting = [e for e in rules.book.catalogue if e.fits(matter.category, matter.area)]
    others = _untried(handling, matter.id, fitting, rules)
    if handling.circle.of(matter.id).names_somebody:
        return to_head_above(handling, matter, rules, at)
    if order.role == "assisting" or not others or refused >= rules.book.dispatch.returns_to_leader:
        return for_a_person(handling, matter.id, _ids(others))
    nearest = max(others, key=CatalogueEntry.rank)
    return give(handling, matter, _by(nearest, nearest.unit), order.role, at)


def recall_all(handling: Handling, at: datetime) -> Given:
    """Orders still out are called back: the case ended without them (E-29)."""
    events: list[Event] = []
    for order in handling.orders:
        if order.state in ("held", "dispatched", "accepted", "replied"):
            handling, said = take_back(handling, order, at)
            events += said
    return handling, events


def take_back(handling: Handling, order: Order, at: datetime) -> Given:
    """One order is called back; of one that was still held nobody need be told."""
    verb = "recall" if order.sent else "withhold"
    said = [OrderRecalled(order=order.id, unit=order.unit, recalled_at=at)] if order.sent else []
    return handling.changed(order.id, lambda o: o.step(verb)), [*said]


def _route_one(handling: Handling, matter: Matter, rules: Rules, at: datetime) -> Given:
    if handling.circle.of(matter.id).names_somebody:
        return to_head_above(handling, matter, rules, at)
    centre = rules.book.dispatch.direct
    if centre is not None and rules.handles_directly(handling.flags):
        return give_to_unit(handling, matter, To(unit=centre.unit, ground="direct_handling"), rules, at)
    entries = _untried(handling, matter.id, rules.book.candidates(matter.category, matter.area), rules)
    if len(entries) != 1:
        return for_a_person(handling, matter.id, _ids(entries))
    return _by_entry(handling, matter, entries[0], rules, at)


def _elsewhere(handling: Handling, matter: Matter, rules: Rules, at: datetime) -> Given:
    if handling.circle.of(matter.id).names_somebody:
        return to_head_above(handling, matter, rules, at)
    return for_a_person(handling, matter.id)


def _by_entry(handling: Handling, matter: Matter, entry: CatalogueEntry, rules: Rules, at: datetime) -> Given:
    handling, events = give(handling, matter, _by(entry, entry.unit), "lead", at)
    for unit in entry.assisting:
        if _may_hold(handling, matter.id, _by(entry, unit), rules):
            handling, more = give(handling, matter, _by(entry, unit), "assisting", at)
            events += more
    return handling, events


def _by(entry: CatalogueEntry, unit: str) -> To:
    return To(unit=unit, ground=entry.ground, entry=entry.id)


def _untried(
    handling: Handling, matter: str, entries: Sequence[CatalogueEntry], rules: Rules
) -> list[CatalogueEntry]:
    """The entries whose unit did not have the matter yet, and may have it (S2-89)."""
    tried = {order.unit for order in handling.of_matter(matter)}
    fresh = (entry for entry in entries if entry.unit not in tried)
    return [entry for entry in fresh if _may_hold(handling, matter, _by(entry, entry.unit), rules)]


def _chosen(handling: Handling, matter: str, unit: str, rules: Rules) -> To:
    whole = To(unit=unit, ground="by_person")
    leader = rules.office.head_of(unit, rules.at)
    head = To(unit=unit, ground="by_person", head=leader.subject if leader else "")
    for to in (whole, head):
        if _may_hold(handling, matter, to, rules):
            return to
    raise BarredUnit(
        "该事项不能派给这一单位：检举控告只能派给被反映单位上级的主要负责人，"
        "向被反映单位移送须先经组织批准；已回避的单位不再承办。"
    )


def _may_hold(handling: Handling, matter: str, to: To, rules: Rules) -> bool:
    order = next_order(handling, matter)
    return bool(rules.may_hold(to.unit, to.head, handling.circle, matter, order))


def _without_lead(handling: Handling, matter: str, transfer: bool, at: datetime) -> Given:
    """A second lead is refused; an approved transfer takes the matter from whoever leads it."""
    leads = [o for o in handling.of_matter(matter) if o.live and o.role == "lead"]
    if not leads:
        return handling, []
    if not transfer:
        raise WrongState(f"事项 {matter} 已有主办单位 {leads[0].unit}；请先由其退单。")
    return take_back(handling, leads[0], at)


def _require_assignable(handling: Handling, matter: str) -> None:
    if handling.concluded:
        raise WrongState("该诉求已办结，不能再派单。")
    if matter in handling.awaiting:
        raise WrongState("该事项尚待领导批示，批示后方可派单。")


def _ids(entries: Sequence[CatalogueEntry]) -> tuple[str, ...]:
    return tuple(entry.id for entry in entries)
