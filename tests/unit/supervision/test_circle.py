"""What the circle means for dates and judgements: the copy held, and what is reviewed again (E-75, E-77)."""

from typing import Any

import pytest

from huiyin.contracts.circle import Circle, MatterCircle
from huiyin.contracts.events import (
    CircleApplied,
    CircleChanged,
    EvaluationDissatisfied,
    MessageRequested,
    ReplyReturned,
    RoundRaised,
)
from services.supervision.domain import cases, clocks, doubts, rereview
from services.supervision.domain.doubts import Demand
from services.supervision.domain.supervision import Decided, Decision, Supervision
from services.supervision.errors import NotPending, OwnResult
from tests.unit.supervision.given import (
    CENTRE,
    LINE,
    WORDS,
    approved,
    at,
    case,
    come,
    messages,
    only,
    order,
    replied,
    started,
)

NOW = at("2024-10-08 10:00")
AGAIN = Demand(WORDS, "s2", None)


def change(supervision: Supervision, version: int = 2, **shut: Any) -> Supervision:
    changed = CircleChanged(
        circle=Circle(version=version, matters=(MatterCircle(matter="m1", **shut),)),
        matters=("m1",),
        cause="recused",
        changed_at=NOW,
    )
    return cases.change_circle(supervision, changed)[0]


def done() -> Supervision:
    """One order whose result s1 of the duty room approved."""
    return approved(replied(started(), "2024-09-30 10:00"), "2024-09-30 15:00")


def decide(supervision: Supervision, decision: Decision, unit: str = "duty_room") -> Decided:
    return rereview.decide(supervision, "m1-1", decision, AGAIN, unit, LINE, NOW)


def test_the_newest_circle_is_held_and_answered_once() -> None:
    newer = change(started(), version=3)
    older = CircleChanged(circle=Circle(version=2), matters=(), cause="accused", changed_at=NOW)
    assert newer.circle.version == 3
    assert cases.change_circle(newer, older) == (newer, [])
    told = CircleChanged(circle=Circle(version=2), matters=(), cause="accused", changed_at=NOW)
    assert cases.change_circle(started(), told)[1] == [CircleApplied(version=2)]


@pytest.mark.clause("S2-89", "E-75")
@pytest.mark.parametrize("shut", [{"recused": ("s1",)}, {"accused": ("s1",)}, {"recused_units": ("water",)}])
def test_a_result_that_somebody_with_a_conflict_judged_or_handled_waits_to_be_reviewed_again(
    shut: dict[str, Any],
) -> None:
    noted = change(done(), **shut)
    assert [(one.order, one.reply) for one in noted.to_rereview] == [("m1-1", 1)]
    assert noted.pending == ("rereview",)
    assert change(noted, version=3, **shut).rereviews == noted.rereviews


@pytest.mark.clause("E-75")
def test_what_others_judged_and_what_is_not_approved_yet_stands() -> None:
    assert change(done(), recused=("s9",)).rereviews == ()
    assert change(replied(started(), "2024-09-30 10:00"), recused=("s1",)).rereviews == ()


@pytest.mark.clause("E-75", "E-77")
def test_somebody_else_lets_it_stand_or_has_it_handled_again_by_a_new_date() -> None:
    noted = change(done(), recused=("s1",))
    with pytest.raises(OwnResult):
        decide(noted, "uphold", unit="water")
    upheld, said = decide(noted, "uphold")
    assert (upheld.pending, said) == ((), [])
    with pytest.raises(NotPending):
        decide(upheld, "uphold")
    again, events = decide(noted, "rehandle")
    assert only(events, RoundRaised).orders == ("m1-1",)
    assert (again.round, again.clock("m1-1").state) == (2, "running")
    assert ("reply_returned", "unit", "water") in messages(events)


@pytest.mark.clause("E-75")
def test_a_unit_that_is_walled_off_is_not_asked_to_handle_its_result_again() -> None:
    _, events = decide(change(done(), recused_units=("water",)), "rehandle")
    assert [type(event) for event in events] == [RoundRaised]
    assert not any(isinstance(event, ReplyReturned) for event in events)


@pytest.mark.clause("S2-42", "E-77")
def test_nobody_upholds_the_result_of_their_own_unit() -> None:
    heard = EvaluationDissatisfied(round=1, matters=("m1",))
    doubted = doubts.doubt(done(), heard, 1, CENTRE, NOW)[0]
    with pytest.raises(OwnResult):
        doubts.uphold(doubted, WORDS, "s1", "water", NOW)


@pytest.mark.clause("S2-26")
def test_what_is_told_of_an_order_for_the_head_is_told_to_the_head() -> None:
    given = order(unit="city_government", head="ml-leader-1")
    _, said = come(clocks.dispatched(case(), given, LINE)[0], "2024-10-31 10:00")
    told = {(kind, addressee) for template, kind, addressee in messages(said) if kind in ("unit", "person")}
    assert told == {("person", "ml-leader-1")}
    to_staff = [e for e in said if isinstance(e, MessageRequested) and e.addressee_kind != "party"]
    assert {one.matter for one in to_staff} == {"m1"}
