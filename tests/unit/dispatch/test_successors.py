"""A unit that was abolished, merged or renamed: its orders go to whoever stands in its place (E-62)."""

from dataclasses import replace
from datetime import date, timedelta

from huiyin.chassis.standing import standing
from huiyin.chassis.steps import Actor
from services.dispatch.domain import opening
from services.dispatch.domain.handling import Handling
from services.dispatch.domain.rules import rules_at
from tests.unit.dispatch.cases import AT, MAYORS, NUMBER, registered
from tests.unit.offices import folder

CITY = folder("mayors-line")
MERGED = replace(CITY.units["bus_company"], successor="transport", abolished_on=date(2024, 9, 27))
OFFICE = replace(CITY, units={**CITY.units, "bus_company": MERGED})
EVE = AT - timedelta(days=1)


def _opened(at: object = AT) -> Handling:
    return opening.open_handling(registered(), NUMBER, rules_at(MAYORS, OFFICE, at), AT)[0]  # type: ignore[arg-type]


def test_from_the_day_of_its_end_the_catalogue_means_the_successor() -> None:
    assert [order.unit for order in _opened(EVE).orders] == ["bus_company"]
    assert [order.unit for order in _opened(AT).orders] == ["transport"]


def test_an_order_given_before_is_the_successors_own() -> None:
    transport = Actor(subject="ml-unit-transport-1", role="unit", office="mayors-line", unit="transport")
    assert standing(transport, "bus_company", OFFICE, EVE) == "none"
    assert standing(transport, "bus_company", OFFICE, AT) == "own"


def test_the_head_of_a_unit_above_reads_and_its_other_members_do_not() -> None:
    head = Actor(subject="ml-unit-housing-head", role="unit", office="mayors-line", unit="housing")
    assert standing(head, "gas_company", CITY, AT) == "above"
    assert standing(replace(head, subject="ml-unit-housing-2"), "gas_company", CITY, AT) == "none"
    assert standing(head, "bus_company", CITY, AT) == "none"
    assert standing(head, "nowhere", CITY, AT) == "none"
    mayor = Actor(subject="ml-leader-1", role="leader", office="mayors-line", unit="city_government")
    assert standing(mayor, "chenzhong_street", CITY, AT) == "above"


def test_whoever_takes_over_from_a_head_reads_the_units_below_from_that_day_on() -> None:
    head = Actor(subject="ml-unit-housing-head", role="unit", office="mayors-line", unit="housing")
    after = replace(head, subject="ml-unit-housing-2")
    leaver = replace(CITY.people[head.subject], left_on=AT.date(), successor=after.subject)
    taken = replace(CITY.people[head.subject], subject=after.subject)
    office = replace(CITY, people={**CITY.people, head.subject: leaver, after.subject: taken})
    stands = {
        who.subject: [standing(who, "gas_company", office, at) for at in (EVE, AT)] for who in (head, after)
    }
    assert stands == {head.subject: ["above", "none"], after.subject: ["none", "above"]}
