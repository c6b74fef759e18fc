"""A case that was taken over goes on at the unit that had it: neither gate nor catalogue is asked."""

from dataclasses import replace
from datetime import date

import pytest

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import MessageRequested, OrderDispatched, TakenOver
from services.dispatch.domain import orders, routing
from tests.unit.dispatch.cases import AT, CENTRE, MAYORS, NUMBER, REASON, matter, registered

HANDED = TakenOver(number="信2024第0031号", unit="water", due_on=date(2024, 10, 8), urged=2)


@pytest.mark.parametrize("book", [MAYORS, CENTRE], ids=["no gate", "leader gate"])
def test_the_order_goes_straight_to_the_unit(book: Rulebook) -> None:
    handling, events = routing.open_handling(replace(registered(), taken_over=HANDED), NUMBER, book, AT)
    assert [type(event) for event in events] == [OrderDispatched, MessageRequested]
    (order,) = handling.orders
    assert (order.unit, order.role, order.ground, order.entry) == ("water", "lead", "taken_over", "")
    assert (handling.gate, handling.gaps, handling.origin_number) == ("none", (), "信2024第0031号")


def test_each_matter_has_its_order() -> None:
    case = replace(registered(matter("m1"), matter("m2", category="animals")), taken_over=HANDED)
    handling, _ = routing.open_handling(case, NUMBER, MAYORS, AT)
    assert [(o.id, o.unit) for o in handling.orders] == [("m1-1", "water"), ("m2-1", "water")]


def test_after_a_return_the_catalogue_finds_another() -> None:
    handling, _ = routing.open_handling(replace(registered(), taken_over=HANDED), NUMBER, MAYORS, AT)
    returned, _ = orders.return_order(handling, "m1-1", "water", REASON, MAYORS, AT)
    assert [(o.unit, o.ground) for o in returned.orders] == [
        ("water", "taken_over"),
        ("bus_company", "by_subject"),
    ]
