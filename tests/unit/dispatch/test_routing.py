"""Who gets the order (S0-11, S2-17…S2-19, S2-57, S3-42, S3-43, S4-19, S4-31, E-57, E-58, E-60)."""

from dataclasses import replace

import pytest
from bson import Binary

from huiyin.chassis.steps import Actor
from huiyin.contracts.events import (
    CatalogueGapFound,
    InstructionAsked,
    InstructionGiven,
    MessageRequested,
    OrderDispatched,
    OrderReturned,
)
from services.dispatch.domain import gate, opening, orders, routing
from services.dispatch.errors import NoSuchMatter, NotAwaited, WrongState
from tests.unit.dispatch.cases import AT, CITY, MAYORS, NUMBER, REASON, STREET, matter, opened, registered

LEADER = Actor(subject="cc-leader-1", role="leader", office="community-centre", unit="centre")
AMBIGUOUS = matter(category="environment/construction_noise")
GAP = matter(category="animals")


def test_an_emergency_waits_for_no_leader_whether_it_begins_or_becomes_one() -> None:
    case = replace(registered(matter(category="window/queue")), flags=("emergency",))
    at_once, events = opening.open_handling(case, NUMBER, STREET, AT)
    assert (at_once.gate, at_once.waits_for) == ("none", ())
    assert OrderDispatched in [type(event) for event in events]
    waiting, _ = opening.open_handling(replace(case, flags=()), NUMBER, STREET, AT)
    assert waiting.waits_for == ("leader",)
    opened, said = gate.open_for_danger(waiting, STREET, AT)
    assert (opened.awaiting, [type(event) for event in said]) == ((), [OrderDispatched, MessageRequested])
    assert gate.open_for_danger(opened, STREET, AT) == (opened, [])


def test_the_nearest_entry_gets_the_order_and_its_ground_and_entry_are_stored() -> None:
    handling, events = opening.open_handling(registered(), NUMBER, CITY, AT)
    order = handling.orders[0]
    assert (order.unit, order.role, order.ground, order.entry) == (
        "bus_company",
        "lead",
        "by_subject",
        "ml-030",
    )
    assert [type(event) for event in events] == [OrderDispatched, MessageRequested]


def test_a_narrower_area_beats_the_whole_city() -> None:
    street = matter(category="city_order/stalls", area="990101002")
    district = matter(category="city_order/stalls", area="990101003")
    elsewhere = matter(category="city_order/stalls", area="990103001")
    assert opened(street).orders[0].unit == "chenzhong_street"
    assert opened(district).orders[0].unit == "zhonggu"
    assert opened(elsewhere).orders[0].unit == "urban_management"


def test_an_entry_with_assisting_units_gives_one_lead_and_the_assisting_orders() -> None:
    handling = opened(matter(category="housing/lift"))
    assert [(o.unit, o.role) for o in handling.orders] == [
        ("market_regulation", "lead"),
        ("housing", "assisting"),
    ]


def test_each_matter_gets_its_own_orders() -> None:
    handling = opened(matter("m1", "transport/bus"), matter("m2", "utilities/gas"))
    assert [(o.id, o.matter, o.unit) for o in handling.orders] == [
        ("m1-1", "m1", "bus_company"),
        ("m2-1", "m2", "gas_company"),
    ]


@pytest.mark.parametrize("unclear", [AMBIGUOUS, GAP])
def test_no_entry_or_several_wait_for_a_person(unclear: object) -> None:
    handling, events = opening.open_handling(registered(unclear), NUMBER, CITY, AT)  # type: ignore[arg-type]
    assert handling.orders == ()
    assert handling.gaps == ("m1",)
    assert isinstance(events[0], CatalogueGapFound)


def test_the_gap_names_its_candidates() -> None:
    _, events = opening.open_handling(registered(AMBIGUOUS), NUMBER, CITY, AT)
    assert events == [CatalogueGapFound(matter="m1", candidates=("ml-012", "ml-013"))]


def test_a_person_fills_a_gap_and_the_ground_says_so() -> None:
    handling, events = routing.assign(opened(GAP), "m1", "police", "lead", CITY, AT)
    assert handling.gaps == ()
    assert handling.orders[0].ground == "by_person"
    assert isinstance(events[0], OrderDispatched)


def test_a_second_lead_is_refused_while_the_first_is_live() -> None:
    with pytest.raises(WrongState, match="主办"):
        routing.assign(opened(), "m1", "police", "lead", CITY, AT)


def test_an_assisting_unit_may_be_added_beside_the_lead() -> None:
    handling, _ = routing.assign(opened(), "m1", "police", "assisting", CITY, AT)
    assert [(o.unit, o.role) for o in handling.orders][-1] == ("police", "assisting")


def test_assigning_an_unknown_matter_is_refused() -> None:
    with pytest.raises(NoSuchMatter):
        routing.assign(opened(), "m9", "police", "lead", CITY, AT)


def test_nothing_is_assigned_after_the_case_is_concluded() -> None:
    with pytest.raises(WrongState, match="办结"):
        routing.assign(replace(opened(GAP), concluded=True), "m1", "police", "lead", CITY, AT)


def test_a_case_answered_on_the_spot_gets_no_order() -> None:
    handling, events = opening.open_handling(registered(disposal="answered"), NUMBER, CITY, AT)
    assert handling.orders == ()
    assert events == []


def test_where_the_leader_reads_first_nothing_leaves_before_the_instruction() -> None:
    handling, events = opening.open_handling(registered(), NUMBER, STREET, AT)
    assert handling.orders == ()
    assert handling.gate == "asked"
    assert [type(event) for event in events] == [InstructionAsked, MessageRequested]


def test_after_the_instruction_the_orders_go_out_and_the_words_are_kept_sealed() -> None:
    asked = opening.open_handling(registered(matter(category="window/queue")), NUMBER, STREET, AT)[0]
    handling, events = gate.instruct(asked, Binary(b"sealed"), LEADER, STREET, AT)
    assert handling.instructions == (Binary(b"sealed"),)
    assert len(handling.orders) >= 1
    assert events[0] == InstructionGiven(leader="cc-leader-1", given_at=AT)


def test_a_dispatcher_cannot_go_round_a_leader_who_is_still_to_instruct() -> None:
    asked = opening.open_handling(registered(), NUMBER, STREET, AT)[0]
    with pytest.raises(WrongState, match="批示"):
        routing.assign(asked, "m1", "police", "lead", CITY, AT)


def test_an_instruction_nobody_waits_for_is_refused() -> None:
    with pytest.raises(NotAwaited):
        gate.instruct(opened(), Binary(b"x"), LEADER, CITY, AT)


def test_a_returned_order_goes_to_the_next_entry_of_the_catalogue() -> None:
    stalls = opened(matter(category="city_order/stalls", area="990101002"))
    handling, events = orders.return_order(stalls, "m1-1", "chenzhong_street", REASON, CITY, AT)
    assert [(o.unit, o.state) for o in handling.orders] == [
        ("chenzhong_street", "returned"),
        ("zhonggu", "dispatched"),
    ]
    assert [type(event) for event in events] == [OrderReturned, OrderDispatched, MessageRequested]
    assert handling.order("m1-1").reason == REASON


def test_after_the_second_return_a_person_names_the_unit() -> None:
    stalls = opened(matter(category="city_order/stalls", area="990101002"))
    once = orders.return_order(stalls, "m1-1", "chenzhong_street", REASON, CITY, AT)[0]
    twice, events = orders.return_order(once, "m1-2", "zhonggu", REASON, CITY, AT)
    assert MAYORS.dispatch.returns_to_leader == 2
    assert twice.gaps == ("m1",)
    assert isinstance(events[-1], CatalogueGapFound)


def test_a_unit_that_returned_the_matter_does_not_get_it_again_from_the_catalogue() -> None:
    bus = opened(matter(category="transport/bus"))
    handling, _ = orders.return_order(bus, "m1-1", "bus_company", REASON, CITY, AT)
    assert [o.unit for o in handling.orders] == ["bus_company", "transport"]
