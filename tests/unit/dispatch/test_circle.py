"""Accusing material goes to the head above and comes back from where it may not lie (E-69…E-76)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from bson import Binary

from huiyin.chassis.errors import NotFound
from huiyin.chassis.steps import Actor
from huiyin.contracts.circle import Approval, Circle, MatterCircle
from huiyin.contracts.events import (
    CircleApplied,
    CircleChanged,
    InstructionAsked,
    MessageRequested,
    OrderDispatched,
    OrderRecalled,
    ReplyApproved,
    RoundRaised,
)
from services.dispatch.domain import circle, gate, giving, opening, orders, routing
from services.dispatch.domain.handling import Handling
from services.dispatch.domain.rules import Rules
from services.dispatch.errors import BarredUnit, WrongState
from tests.unit.dispatch.cases import (
    AT,
    CITY,
    NUMBER,
    OVER,
    REASON,
    STREET,
    matter,
    opened,
    registered,
    replied,
)

BUS = "bus_company"
ACCUSES_BUS = MatterCircle(matter="m1", accusing=True, accused_units=(BUS,))
APPROVAL = Approval(id="approval-1", unit=BUS, approver="ml-leader-2", approved_on=date(2024, 9, 27))


def of(*shut: MatterCircle, version: int = 1) -> Circle:
    return Circle(version=version, matters=shut)


def begun(*shut: MatterCircle, rules: Rules = CITY, matters: Any = ()) -> Handling:
    case = registered(*matters, circle=of(*shut))
    return opening.open_handling(case, NUMBER, rules, AT)[0]


def told(*shut: MatterCircle, version: int = 2, matters: tuple[str, ...] = ("m1",)) -> CircleChanged:
    return CircleChanged(circle=of(*shut, version=version), matters=matters, cause="accused", changed_at=AT)


def change(handling: Handling, *shut: MatterCircle, rules: Rules = CITY, **more: Any) -> Any:
    return circle.change_circle(handling, told(*shut, **more), rules, AT)


def lying(handling: Handling) -> list[tuple[str, str, str, str]]:
    return [(o.id, o.unit, o.head, o.state) for o in handling.orders]


def leader(subject: str) -> Actor:
    person = STREET.office.people[subject]
    return Actor(subject=subject, role="leader", office="community-centre", unit=person.unit)


@pytest.mark.clause("S0-36", "S2-26", "E-69")
def test_what_accuses_the_competent_unit_is_held_for_the_head_above_it_and_said_to_nobody() -> None:
    handling, events = opening.open_handling(registered(circle=of(ACCUSES_BUS)), NUMBER, CITY, AT)
    assert lying(handling) == [("m1-1", "city_government", "ml-leader-1", "held")]
    assert events == []


@pytest.mark.clause("S2-26")
def test_with_leave_the_order_goes_to_the_head_by_name_and_its_time_begins() -> None:
    later = AT.replace(hour=5)
    handling, events = giving.send(begun(ACCUSES_BUS), "m1-1", 1, CITY, later)
    dispatched, message = events
    assert isinstance(dispatched, OrderDispatched)
    assert (dispatched.unit, dispatched.head) == ("city_government", "ml-leader-1")
    assert dispatched.dispatched_at == handling.orders[0].dispatched_at == later
    assert isinstance(message, MessageRequested)
    assert (message.addressee_kind, message.addressee, message.matter) == ("person", "ml-leader-1", "m1")


@pytest.mark.clause("S2-26", "E-84")
def test_an_order_held_for_a_head_who_leaves_meanwhile_goes_to_the_successor() -> None:
    leaver = replace(CITY.office.people["ml-leader-1"], left_on=AT.date(), successor="ml-leader-2")
    office = replace(CITY.office, people={**CITY.office.people, leaver.subject: leaver})
    before, after = (replace(CITY, office=office, at=at) for at in (AT - timedelta(days=1), AT))
    held = begun(ACCUSES_BUS, rules=before)
    assert held.orders[0].head == "ml-leader-1"
    with pytest.raises(WrongState):
        giving.send(held, "m1-1", 1, after, AT)
    rerouted, _ = circle.refuse(held, "m1-1", 1, after, AT)
    assert [(o.head, o.state) for o in rerouted.orders][1:] == [("ml-leader-2", "held")]


def test_leave_by_another_version_of_the_circle_sends_nothing() -> None:
    with pytest.raises(WrongState):
        giving.send(begun(ACCUSES_BUS), "m1-1", 2, CITY, AT)


@pytest.mark.clause("S1-34")
def test_a_confidential_matter_waits_for_leave_and_an_ordinary_one_does_not() -> None:
    assert begun(MatterCircle(matter="m1", confidential=True)).orders[0].state == "held"
    assert begun().orders[0].state == "dispatched"


@pytest.mark.clause("S2-23", "E-72")
def test_of_a_mixed_case_the_ordinary_matter_travels_without_the_accusation() -> None:
    two = (matter("m1"), matter("m2"))
    handling, events = opening.open_handling(registered(*two, circle=of(ACCUSES_BUS)), NUMBER, CITY, AT)
    assert lying(handling) == [
        ("m1-1", "city_government", "ml-leader-1", "held"),
        ("m2-1", BUS, "", "dispatched"),
    ]
    assert {getattr(event, "matter", "") for event in events} == {"m2"}


@pytest.mark.clause("S2-26", "E-71")
def test_where_nobody_stands_above_it_goes_to_discipline_inspection_by_paper() -> None:
    shut = MatterCircle(matter="m1", accusing=True, accused_units=("city_government",))
    handling, events = opening.open_handling(registered(circle=of(shut)), NUMBER, CITY, AT)
    letter = events[-1]
    assert isinstance(letter, MessageRequested)
    assert (letter.addressee_kind, letter.addressee) == ("outside", "discipline_inspection")
    assert (handling.orders, handling.gaps) == ((), ("m1",))


@pytest.mark.clause("S2-26")
def test_a_head_who_gives_it_back_sends_it_further_up_and_not_to_the_catalogue() -> None:
    shut = MatterCircle(matter="m1", accusing=True, accused_units=("relief",))
    asked = begun(shut, rules=STREET)
    instructed = gate.instruct(asked, Binary(b"x"), leader("cc-leader-1"), STREET, AT)[0]
    sent = giving.send(instructed, "m1-1", 1, STREET, AT)[0]
    assert lying(sent) == [("m1-1", "centre", "cc-leader-1", "dispatched")]
    back = orders.return_order(sent, "m1-1", "centre", REASON, STREET, AT)[0]
    assert lying(back)[1:] == [("m1-2", "street_office", "cc-leader-2", "held")]


@pytest.mark.clause("S2-59", "E-70", "E-76")
def test_the_leader_who_is_accused_is_not_asked_and_cannot_instruct() -> None:
    shut = MatterCircle(matter="m1", accusing=True, accused=("cc-leader-1",))
    asked = begun(shut, rules=STREET)
    with pytest.raises(NotFound, match=NUMBER):
        gate.instruct(asked, Binary(b"x"), leader("cc-leader-1"), STREET, AT)
    instructed = gate.instruct(asked, Binary(b"x"), leader("cc-leader-2"), STREET, AT)[0]
    assert lying(instructed) == [("m1-1", "street_office", "cc-leader-2", "held")]


@pytest.mark.clause("E-72", "E-76")
def test_of_a_mixed_case_each_leader_instructs_what_is_open_to_them() -> None:
    shut = MatterCircle(matter="m1", accusing=True, accused=("cc-leader-1",))
    two = (matter("m1", "relief", "990102002001"), matter("m2", "relief", "990102002001"))
    asked, events = opening.open_handling(registered(*two, circle=of(shut)), NUMBER, STREET, AT)
    assert [e.matter for e in events if isinstance(e, MessageRequested)] == ["", "m1"]
    first = gate.instruct(asked, Binary(b"1"), leader("cc-leader-1"), STREET, AT)[0]
    assert (first.gate, first.awaiting) == ("asked", ("m1",))
    assert {o.matter for o in first.orders} == {"m2"}
    second = gate.instruct(first, Binary(b"2"), leader("cc-leader-2"), STREET, AT)[0]
    assert (second.gate, len(second.instructions)) == ("instructed", 2)


@pytest.mark.clause("E-71", "E-76")
def test_when_every_leader_is_touched_none_is_asked() -> None:
    shut = MatterCircle(matter="m1", accusing=True, accused=("cc-leader-1", "cc-leader-2"))
    handling, events = opening.open_handling(registered(circle=of(shut)), NUMBER, STREET, AT)
    assert (handling.gate, handling.gaps) == ("none", ("m1",))
    assert not any(isinstance(event, InstructionAsked) for event in events)


@pytest.mark.clause("S0-37", "E-73")
def test_when_the_accused_are_learned_late_the_order_comes_back_and_goes_to_the_head_above() -> None:
    handling, events = change(replied(opened(), "m1-1"), ACCUSES_BUS)
    assert lying(handling) == [
        ("m1-1", BUS, "", "recalled"),
        ("m1-2", "city_government", "ml-leader-1", "held"),
    ]
    assert events == [
        OrderRecalled(order="m1-1", unit=BUS, recalled_at=AT),
        CircleApplied(version=2, recalled=("m1-1",)),
    ]


def test_an_older_circle_than_held_changes_nothing() -> None:
    newer = change(opened(), ACCUSES_BUS, version=3)[0]
    for version in (2, 3):
        assert change(newer, version=version) == (newer, [])


@pytest.mark.clause("S2-89", "E-75")
def test_a_unit_that_declares_a_conflict_late_gives_its_order_to_the_next_of_the_catalogue() -> None:
    handling, events = change(opened(), MatterCircle(matter="m1", recused_units=(BUS,)))
    assert lying(handling) == [("m1-1", BUS, "", "recalled"), ("m1-2", "transport", "", "dispatched")]
    assert CircleApplied(version=2, recalled=("m1-1",)) in events


def test_a_held_order_that_may_not_lie_there_any_more_is_withheld_in_silence() -> None:
    shut = replace(ACCUSES_BUS, recused=("ml-leader-1",))
    handling, events = change(begun(ACCUSES_BUS), shut)
    assert lying(handling)[0][3] == "withheld"
    assert events[0] == CircleApplied(version=2)
    assert not any(isinstance(event, OrderRecalled) for event in events)


@pytest.mark.clause("E-80")
def test_confidentiality_asked_late_takes_nothing_back() -> None:
    handling, events = change(opened(), MatterCircle(matter="m1", confidential=True))
    assert lying(handling) == [("m1-1", BUS, "", "dispatched")]
    assert events == [CircleApplied(version=2)]


def test_what_waits_at_the_gate_is_asked_again_of_a_leader_whom_it_does_not_touch() -> None:
    asked = begun(rules=STREET)
    shut = MatterCircle(matter="m1", accusing=True, accused=("cc-leader-1",))
    handling, events = change(asked, shut, rules=STREET)
    assert (handling.gate, handling.awaiting, handling.orders) == ("asked", ("m1",), ())
    assert [e.matter for e in events if isinstance(e, MessageRequested)] == ["m1"]


@pytest.mark.clause("S2-24", "S2-25", "E-74")
def test_a_dispatcher_gives_the_accused_unit_an_order_only_by_approval_and_once() -> None:
    sent = giving.send(begun(ACCUSES_BUS), "m1-1", 1, CITY, AT)[0]
    for unit in (BUS, "police"):
        with pytest.raises(BarredUnit):
            routing.assign(sent, "m1", unit, "lead", CITY, AT)
    approved = change(sent, replace(ACCUSES_BUS, approvals=(APPROVAL,)))[0]
    given, events = routing.assign(approved, "m1", BUS, "lead", CITY, AT)
    assert [o.state for o in given.orders] == ["recalled", "held"]
    assert events == [OrderRecalled(order="m1-1", unit="city_government", recalled_at=AT)]
    spent = change(
        given, replace(ACCUSES_BUS, approvals=(replace(APPROVAL, order=given.orders[-1].id),)), version=3
    )[0]
    assert spent.orders[-1].state == "held"
    again = routing.take_back(spent, spent.orders[-1], AT)[0]
    with pytest.raises(BarredUnit):
        routing.assign(again, "m1", BUS, "lead", CITY, AT)


def test_when_intake_gives_no_leave_the_order_never_goes_out_and_another_is_looked_for() -> None:
    secret = begun(MatterCircle(matter="m1", confidential=True))
    handling, events = circle.refuse(secret, "m1-1", 1, CITY, AT)
    assert lying(handling) == [("m1-1", BUS, "", "withheld"), ("m1-2", "transport", "", "held")]
    assert events == []
    assert circle.refuse(handling, "m1-1", 1, CITY, AT) == (handling, [])


@pytest.mark.clause("S0-35", "S2-26", "S2-58")
def test_the_desk_of_a_recalled_unit_is_as_if_there_had_never_been_a_case() -> None:
    clerk = Actor(subject="ml-unit-bus-1", role="unit", office="mayors-line", unit=BUS)
    recalled = change(opened(), ACCUSES_BUS)[0]
    assert giving.is_entitled(opened(), opened().orders[0], clerk, CITY)
    assert not giving.is_entitled(recalled, recalled.orders[0], clerk, CITY)


def test_an_order_for_the_head_or_one_that_is_held_is_not_there_for_the_heads_unit() -> None:
    sent = giving.send(begun(ACCUSES_BUS), "m1-1", 1, CITY, AT)[0]
    second = Actor(subject="ml-leader-2", role="leader", office="mayors-line", unit="city_government")
    head = replace(second, subject="ml-leader-1")
    assert giving.is_entitled(sent, sent.orders[0], head, CITY)
    for handling, who in ((sent, second), (begun(ACCUSES_BUS), head)):
        assert not giving.is_entitled(handling, handling.orders[0], who, CITY)


def test_a_concluded_case_takes_the_circle_over_and_changes_no_order() -> None:
    over = orders.conclude(opened(), OVER, 3, AT)[0]
    handling, events = change(over, ACCUSES_BUS)
    assert (handling.circle.version, handling.orders) == (2, over.orders)
    assert events == [CircleApplied(version=2)]


@pytest.mark.clause("E-75")
def test_a_result_handled_again_is_not_given_to_a_unit_that_is_walled_off_now() -> None:
    done = orders.approve(
        replied(opened(), "m1-1"), ReplyApproved(order="m1-1", reply=1, round=1, approved_at=AT), AT
    )[0]
    kept, events = change(done, MatterCircle(matter="m1", recused_units=(BUS,)))
    assert events == [CircleApplied(version=2)]
    raised = RoundRaised(round=2, orders=("m1-1",), raised_at=AT)
    handling, said = orders.reopen(kept, raised, CITY, AT)
    assert lying(handling) == [("m1-1", BUS, "", "recalled"), ("m1-2", "transport", "", "dispatched")]
    assert [type(event) for event in said] == [OrderRecalled, OrderDispatched, MessageRequested]
    assert handling.orders[-1].round == 2


def test_matters_that_must_go_elsewhere_go_in_the_order_in_which_they_were_told() -> None:
    names = tuple(f"m{n}" for n in range(1, 7))
    begun_all = opened(*(matter(name) for name in names))
    shut = [MatterCircle(matter=name, recused_units=(BUS,)) for name in names]
    _, events = change(begun_all, *shut, matters=names)
    assert [e.matter for e in events if isinstance(e, OrderDispatched)] == list(names)
