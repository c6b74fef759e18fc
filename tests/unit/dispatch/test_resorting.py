"""A case is sorted anew or opened again: orders follow, whatever is heard first (E-45, E-46, E-95, S3-50)."""

from dataclasses import replace

import pytest

from huiyin.chassis.errors import NotYet
from huiyin.contracts.events import (
    CaseReclassified,
    CaseReopened,
    Given,
    HandlingCompleted,
    InstructionAsked,
    Matter,
)
from services.dispatch.domain import opening, orders, resorting
from services.dispatch.domain.handling import Handling
from tests.unit.dispatch.cases import AT, CITY, NUMBER, OVER, STREET, a_reply, matter, opened, registered

FINAL = replace(a_reply(), n=1)
REOPENED = CaseReopened(round=2, reopened_at=AT)


def sorted_anew(*matters: Matter, version: int = 2, circle: int = 1) -> CaseReclassified:
    return CaseReclassified(
        version=version,
        matters=matters,
        difficulty="ordinary",
        legal_class=None,
        priority="normal",
        flags=(),
        evidence=None,
        circle=circle,
        reclassified_at=AT,
    )


def answered() -> Handling:
    told = replace(matter(), dispatched=False)
    handling = opening.open_handling(registered(told, disposal="answered"), NUMBER, CITY, AT)[0]
    return orders.conclude(handling, OVER, 3, AT)[0]


def orders_of(handling: Handling) -> list[tuple[str, str, int]]:
    return [(order.unit, order.state, order.round) for order in handling.orders]


@pytest.mark.parametrize("first", ["reclassified", "reopened"])
def test_an_answered_case_is_routed_when_it_was_sorted_anew_and_opened_again(first: str) -> None:
    steps = [
        lambda h: resorting.reclassify(h, sorted_anew(matter()), CITY, AT)[0],
        lambda h: resorting.reopen(h, REOPENED, CITY, AT)[0],
    ]
    handling = answered()
    for step in steps if first == "reclassified" else reversed(steps):
        handling = step(handling)
    assert orders_of(handling) == [("bus_company", "dispatched", 2)]
    assert orders.conclude(handling, OVER, 9, AT) == (handling, []), "an old end ends nothing"


def test_what_is_told_instead_loses_its_order_and_an_older_sorting_is_ignored() -> None:
    told = replace(matter(), dispatched=False, special="unlawful")
    handling = resorting.reclassify(opened(matter()), sorted_anew(told), CITY, AT)[0]
    assert orders_of(handling) == [("bus_company", "recalled", 1)]
    assert resorting.reclassify(handling, sorted_anew(matter()), CITY, AT) == (handling, [])


def test_nothing_is_routed_by_the_walls_of_before() -> None:
    with pytest.raises(NotYet):
        resorting.reclassify(answered(), sorted_anew(matter(), circle=2), CITY, AT)


def test_of_a_letter_only_what_is_dispatched_has_orders_and_they_complete_it_e45() -> None:
    praise = replace(matter("m2"), kind="praise", dispatched=False)
    handling = opened(matter(), praise)
    assert [order.matter for order in handling.orders] == ["m1"]
    done = replace(handling, orders=(replace(handling.orders[0], state="approved", replies=(FINAL,)),))
    assert [type(event) for event in orders.complete(done, AT)[1]] == [HandlingCompleted]


def test_what_a_leader_handed_to_a_department_passes_the_gate_and_the_catalogue_e95() -> None:
    handed = Given(unit="relief", ground="by_leader", leader="cc-leader-1")
    area, category = "990102002001", "window/queue"
    straight = replace(matter(category=category, area=area), given=handed)
    handling, said = opening.open_handling(registered(straight), NUMBER, STREET, AT)
    assert [(o.unit, o.ground, o.state) for o in handling.orders] == [("relief", "by_leader", "dispatched")]
    assert not any(isinstance(event, InstructionAsked) for event in said)
