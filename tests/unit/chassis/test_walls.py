"""Who may see a matter, know who complained of it, and hold its orders, by circle and directory."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from huiyin.chassis.rulebook import OfficeFolder
from huiyin.chassis.steps import Actor, machine
from huiyin.chassis.walls import Decision, heads_above, may, may_hold, may_judge, open_matters
from huiyin.contracts.circle import Approval, Circle, MatterCircle
from tests.unit.offices import folder

CENTRE = folder("community-centre")
CITY = folder("mayors-line")
AT = datetime(2026, 6, 5, 4, 0, tzinfo=UTC)
APPROVAL = Approval(id="a1", unit="relief", approver="cc-leader-2", approved_on=date(2026, 6, 5))


def circle(**shut: Any) -> Circle:
    return Circle(matters=(MatterCircle(matter="m1", **shut),))


def staff(subject: str) -> Actor:
    """A member of the centre's staff as the directory has them."""
    person = CENTRE.people[subject]
    return Actor(subject=subject, role=person.roles[0], office="community-centre", unit=person.unit)


def why(subject: str, of: Circle) -> str:
    return may(staff(subject), of, "m1", CENTRE, AT).why


def holds(unit: str, head: str = "", *, of: Circle, order: str = "m1-1") -> Decision:
    return may_hold(unit, head, of, "m1", CENTRE, AT, staff_role="leader", order=order)


def test_without_a_circle_every_matter_is_open_to_all() -> None:
    everyone = [staff(subject) for subject in CENTRE.people]
    assert all(may(who, Circle(), "m1", CENTRE, AT) for who in everyone)


@pytest.mark.clause("S0-35", "S2-58", "E-70")
def test_the_accused_sees_nothing_whatever_their_role() -> None:
    for subject in ("cc-leader-1", "cc-custodian-1", "cc-auditor-1", "cc-unit-relief-head"):
        assert why(subject, circle(accused=(subject,))) == "accused"


@pytest.mark.clause("S0-35", "S0-36", "S2-24")
def test_everyone_of_an_accused_unit_sees_nothing_and_neither_do_units_under_it() -> None:
    assert why("cc-unit-relief-head", circle(accused_units=("relief",))) == "accused_unit"
    assert why("cc-operator-1", circle(accused_units=("window",))) == "accused_unit"
    assert why("cc-unit-insurance-head", circle(accused_units=("centre",))) == "accused_unit"
    assert why("cc-operator-1", circle(accused_units=("centre",))) == "open"  # somebody must pass it up


@pytest.mark.clause("S2-24", "S2-58")
def test_the_unit_the_accused_serves_in_sees_nothing_but_colleagues_in_the_office_pass_it_on() -> None:
    assert why("cc-unit-insurance-1", circle(accused=("cc-unit-insurance-head",))) == "accused_unit"
    assert why("cc-operator-2", circle(accused=("cc-operator-1",))) == "open"


@pytest.mark.clause("S2-26")
def test_of_a_unit_that_is_not_accused_only_its_head_sees_accusing_material() -> None:
    shut = circle(accused_units=("relief",))
    assert why("cc-unit-insurance-head", shut) == "open"
    assert why("cc-unit-insurance-1", shut) == "not_the_head"
    assert why("cc-unit-insurance-1", circle(accusing=True)) == "open"  # nobody of the directory is accused


@pytest.mark.clause("S2-89", "E-75")
def test_whoever_recused_themselves_sees_nothing_and_their_colleagues_do() -> None:
    shut = circle(recused=("cc-supervisor-1",))
    assert why("cc-supervisor-1", shut) == "recused"
    assert why("cc-callback-1", shut) == "open"
    assert why("cc-callback-1", circle(recused_units=("centre_office",))) == "recused"


def judges(subject: str, of: Circle, *, unit: str = "relief", office: OfficeFolder = CENTRE) -> bool:
    return bool(may_judge(staff(subject), "supervisor", of, ("m1",), (unit,), office, AT))


@pytest.mark.clause("S2-89", "E-76")
@pytest.mark.parametrize("shut", ["accused", "recused"])
def test_a_leader_judges_only_where_every_supervisor_is_inside_the_circle(shut: str) -> None:
    both = ("cc-supervisor-1", "cc-supervisor-2")
    assert not judges("cc-leader-1", Circle())
    assert not judges("cc-leader-1", circle(**{shut: both[:1]}))
    assert judges("cc-leader-1", circle(**{shut: both}))
    assert not judges("cc-operator-1", circle(**{shut: both}))
    assert judges("cc-supervisor-2", circle(**{shut: both[:1]}))


@pytest.mark.clause("E-76", "E-77")
def test_a_supervisor_who_has_left_or_serves_the_unit_that_is_judged_is_none_that_is_left() -> None:
    gone = replace(CENTRE.people["cc-supervisor-2"], left_on=date(2026, 1, 1))
    without = replace(CENTRE, people={**CENTRE.people, gone.subject: gone})
    shut = circle(recused=("cc-supervisor-1",))
    assert judges("cc-leader-1", shut, office=without)
    assert not judges("cc-leader-1", shut)
    assert judges("cc-leader-1", shut, unit="street_office")


@pytest.mark.clause("E-72")
def test_the_accused_sees_the_ordinary_matter_alone() -> None:
    mixed, relief = circle(accused_units=("relief",)), staff("cc-unit-relief-head")
    assert open_matters(relief, mixed, ("m1", "m2"), CENTRE, AT) == ("m2",)


def test_the_services_themselves_are_no_people() -> None:
    assert may(machine("notify", "community-centre"), circle(accused_units=("relief",)), "m1", CENTRE, AT)


@pytest.mark.clause("S2-24", "S2-26", "E-69")
def test_an_order_that_accuses_lies_with_a_head_and_never_with_the_accused() -> None:
    def held(unit: str, head: str = "") -> str:
        return holds(unit, head, of=circle(accused_units=("relief",))).why

    assert held("relief") == "accused_unit"
    assert held("relief", "cc-unit-relief-head") == "accused_unit"
    assert held("employment") == "not_the_head"
    assert held("centre", "cc-leader-1") == "open"
    assert held("centre", "cc-leader-2") == "not_the_head"  # who serves elsewhere
    assert holds("relief", of=circle(recused_units=("relief",))).why == "recused"
    assert held("street_office", "cc-leader-2") == "open"  # further up, when the nearer is away
    assert held("social_insurance", "cc-unit-insurance-head") == "not_the_head"  # beside, not above


@pytest.mark.clause("S2-25", "E-74")
def test_an_approval_opens_the_accused_unit_for_one_order_but_never_for_the_accused_person() -> None:
    given = circle(accused=("cc-unit-relief-head",), approvals=(APPROVAL,))
    spent = circle(accused=("cc-unit-relief-head",), approvals=(replace(APPROVAL, order="m1-2"),))
    assert holds("relief", of=given, order="m1-2")
    assert holds("relief", of=spent, order="m1-2")
    assert not holds("relief", of=spent, order="m1-3")
    assert not holds("employment", of=given, order="m1-2")
    clerk = Actor(subject="cc-unit-relief-1", role="unit", office="community-centre", unit="relief")
    assert not may(clerk, given, "m1", CENTRE, AT)
    assert may(clerk, spent, "m1", CENTRE, AT)
    assert why("cc-unit-relief-head", spent) == "accused"


@pytest.mark.parametrize(
    ("office", "shut", "first"),
    [
        pytest.param(
            CENTRE,
            {"accused_units": ("relief",)},
            ("centre", "cc-leader-1"),
            marks=pytest.mark.clause("S2-26", "E-69"),
        ),
        pytest.param(
            CENTRE,
            {"accused": ("cc-operator-1",)},
            ("centre", "cc-leader-1"),
            marks=pytest.mark.clause("S2-59"),
        ),
        pytest.param(
            CENTRE,
            {"accused": ("cc-leader-1",)},
            ("street_office", "cc-leader-2"),
            marks=pytest.mark.clause("E-70"),
        ),
        (CENTRE, {"accused_units": ("centre_office", "guihang")}, ("street_office", "cc-leader-2")),
        pytest.param(
            CENTRE,
            {"accused_units": ("relief",), "recused": ("cc-leader-1",)},
            ("street_office", "cc-leader-2"),
            marks=pytest.mark.clause("E-76"),
        ),
        pytest.param(CENTRE, {"accused": ("cc-leader-2",)}, None, marks=pytest.mark.clause("E-71")),
        pytest.param(CENTRE, {"accused_units": ("street_office",)}, None, marks=pytest.mark.clause("E-71")),
        pytest.param(
            CITY,
            {"accused_units": ("bus_company",)},
            ("city_government", "ml-leader-1"),
            marks=pytest.mark.clause("E-69"),
        ),
        pytest.param(
            CITY,
            {"accused": ("ml-leader-1",)},
            ("city_government", "ml-leader-2"),
            marks=pytest.mark.clause("E-70"),
        ),
        (CITY, {"accused": ("ml-leader-2", "ml-unit-bus-1")}, None),
    ],
)
def test_an_accusation_goes_to_the_nearest_untouched_head_above(
    office: Any, shut: dict[str, Any], first: tuple[str, str] | None
) -> None:
    found = heads_above(MatterCircle(matter="m1", **shut), office, AT, "leader")
    assert next(iter(found), None) == first


# -- heads who have left -------------------------------------------------------------------------

RELIEF = MatterCircle(matter="m1", accused_units=("relief",))
DIRECTOR, DEPUTY, ABOVE = "cc-leader-1", "cc-deputy-1", ("street_office", "cc-leader-2")
EVE = datetime(2026, 6, 4, 15, 59, tzinfo=UTC)  # 23:59 of the day before, in the office
DAY = datetime(2026, 6, 4, 16, 0, tzinfo=UTC)


def left(successor: str | None, unit: str = "centre") -> OfficeFolder:
    """The centre whose director is out of office from 2026-06-05 on, and the deputy."""
    director = replace(CENTRE.people[DIRECTOR], left_on=date(2026, 6, 5), successor=successor)
    deputy = replace(CENTRE.people[DIRECTOR], subject=DEPUTY, unit=unit)
    return replace(CENTRE, people={**CENTRE.people, DIRECTOR: director, DEPUTY: deputy})


@pytest.mark.clause("S2-26", "E-84")
@pytest.mark.parametrize(
    ("office", "first"),
    [
        (left(DEPUTY), ("centre", DEPUTY)),
        (left(None), ABOVE),
        (left(DEPUTY, unit="relief"), ABOVE),  # who serves elsewhere leads nothing here
    ],
)
def test_from_the_day_a_head_leaves_an_accusation_goes_to_the_successor_or_further_up(
    office: OfficeFolder, first: tuple[str, str]
) -> None:
    assert heads_above(RELIEF, office, EVE, "leader")[0] == ("centre", DIRECTOR)
    assert heads_above(RELIEF, office, DAY, "leader")[0] == first


@pytest.mark.clause("S2-26", "E-84")
def test_no_order_lies_with_a_head_who_has_left_and_the_successor_may_hold_it() -> None:
    def held(head: str, at: datetime, of: Circle) -> str:
        return may_hold("centre", head, of, "m1", left(DEPUTY), at, staff_role="leader", order="m1-1").why

    for of in (circle(accused_units=("relief",)), Circle()):
        assert held(DIRECTOR, EVE, of) == held(DEPUTY, DAY, of) == "open"
        assert held(DIRECTOR, DAY, of) == "not_the_head"


@pytest.mark.clause("S2-26", "E-84")
def test_accusing_material_is_open_in_a_unit_to_whoever_leads_it_that_day() -> None:
    deputy = Actor(subject=DEPUTY, role="unit", office="community-centre", unit="centre")
    shut = circle(accused_units=("relief",))
    assert may(deputy, shut, "m1", left(DEPUTY), EVE).why == "not_the_head"
    assert may(deputy, shut, "m1", left(DEPUTY), DAY)
