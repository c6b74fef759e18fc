"""A case that was taken over goes on at the unit that had it: neither gate nor catalogue is asked."""

from dataclasses import replace
from datetime import date

import pytest

from huiyin.contracts.circle import Circle, MatterCircle
from huiyin.contracts.events import MessageRequested, OrderDispatched, TakenOver
from services.dispatch.domain import opening, orders
from services.dispatch.domain.rules import Rules
from tests.unit.dispatch.cases import AT, CITY, NUMBER, REASON, STREET, matter, registered

HANDED = TakenOver(number="信2024第0031号", unit="water", due_on=date(2024, 10, 8), urged=2)


@pytest.mark.parametrize("rules", [CITY, STREET], ids=["no gate", "leader gate"])
def test_the_order_goes_straight_to_the_unit(rules: Rules) -> None:
    handling, events = opening.open_handling(replace(registered(), taken_over=HANDED), NUMBER, rules, AT)
    assert [type(event) for event in events] == [OrderDispatched, MessageRequested]
    (order,) = handling.orders
    assert (order.unit, order.role, order.ground, order.entry) == ("water", "lead", "taken_over", "")
    assert (handling.gate, handling.gaps, handling.origin_number) == ("none", (), "信2024第0031号")


def test_each_matter_has_its_order() -> None:
    case = replace(registered(matter("m1"), matter("m2", category="animals")), taken_over=HANDED)
    handling, _ = opening.open_handling(case, NUMBER, CITY, AT)
    assert [(o.id, o.unit) for o in handling.orders] == [("m1-1", "water"), ("m2-1", "water")]


@pytest.mark.clause("S2-24", "S2-26")
def test_a_case_that_accuses_the_unit_that_had_it_goes_to_the_head_above() -> None:
    handed = replace(HANDED, unit="bus_company")
    shut = MatterCircle(matter="m1", accusing=True, accused_units=("bus_company",))
    accusing = registered(circle=Circle(matters=(shut,)))
    handling, events = opening.open_handling(replace(accusing, taken_over=handed), NUMBER, CITY, AT)
    assert [(o.unit, o.head, o.state) for o in handling.orders] == [
        ("city_government", "ml-leader-1", "held")
    ]
    assert events == []


def test_after_a_return_the_catalogue_finds_another() -> None:
    handling, _ = opening.open_handling(replace(registered(), taken_over=HANDED), NUMBER, CITY, AT)
    returned, _ = orders.return_order(handling, "m1-1", "water", REASON, CITY, AT)
    assert [(o.unit, o.ground) for o in returned.orders] == [
        ("water", "taken_over"),
        ("bus_company", "by_subject"),
    ]
