"""The messages of one case, shuffled, repeated and delayed, end in the state of the straight run."""

from collections.abc import Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.chassis.errors import NotYet
from huiyin.chassis.fold import Heard
from huiyin.chassis.foundation import Foundation
from huiyin.contracts.circle import Circle
from huiyin.contracts.envelope import Envelope, dump
from huiyin.contracts.events import (
    CaseConcluded,
    CaseReclassified,
    CircleChanged,
    DeadlineSet,
    EmergencyRaised,
    EvaluationDissatisfied,
    EvaluationRecorded,
    Event,
    IncidentGrew,
    OrderRecalled,
    OrderReturned,
    PartClosed,
)
from services.supervision.domain import falling_due
from services.supervision.domain.supervision import Supervision
from services.supervision.use_cases.heard import handlers
from tests.unit.supervision.given import (
    CALENDAR,
    CENTRE,
    acceptance,
    at,
    order,
    registered,
    reply,
)

NOW = at("2024-10-01 10:00")
BASE = cast(
    Foundation,
    SimpleNamespace(rulebooks=SimpleNamespace(version=lambda _: CENTRE.book), office_now=lambda: NOW),
)
HANDLERS = handlers(BASE, CALENDAR, "cal")

_MORNING = "2024-09-30 10:00"


def _evaluation(when: str, satisfied: bool) -> EvaluationRecorded:
    return EvaluationRecorded(
        round=1, matter="m1", reached=True, solved=satisfied, satisfied=satisfied, evaluated_at=at(when)
    )


#: A letter with three matters: one unit gives its order back, one reports twice, one is recalled.
CASE: tuple[Event, ...] = (
    registered(channel="letter"),
    EmergencyRaised(flags=("emergency",), priority="urgent", raised_at=at(_MORNING)),
    order(order="m1-1"),
    order("2024-09-27 10:05", "m2-1", matter="m2", unit="gas"),
    order("2024-09-27 10:06", "m3-1", matter="m3", unit="heat", role="assisting"),
    acceptance("2024-09-27 11:00", "m1-1"),
    OrderReturned(order="m2-1", unit="gas", returned_at=at("2024-09-28 10:00")),
    order("2024-09-28 10:00", "m2-2", matter="m2", unit="water"),
    acceptance("2024-09-28 11:00", "m2-2"),
    acceptance("2024-09-29 09:00", "m3-1"),
    reply("2024-09-29 10:00", 1, "m1-1", final=False),
    reply(_MORNING, 2, "m1-1"),
    reply("2024-09-30 11:00", 1, "m2-2"),
    _evaluation("2024-09-30 15:00", True),
    _evaluation("2024-09-30 16:00", False),
    EvaluationDissatisfied(round=1, matters=("m1", "m2")),
    EvaluationDissatisfied(round=1, matters=("m1",)),
    CircleChanged(circle=Circle(version=3), matters=("m1",), cause="recused", changed_at=NOW),
    CircleChanged(circle=Circle(version=2), matters=("m1",), cause="accused", changed_at=NOW),
    IncidentGrew(cases=3, peak=2, grew_at=NOW),
    CaseReclassified(
        version=2,
        matters=(),
        difficulty="ordinary",
        legal_class=None,
        priority="high",
        flags=("emergency",),
        evidence=None,
        circle=3,
        reclassified_at=at(_MORNING),
    ),
    OrderRecalled(order="m3-1", unit="heat", recalled_at=at("2024-09-30 17:00")),
    CaseConcluded(outcome="withdrawn", round=1, concluded_at=at("2024-09-30 17:00")),
)


def envelope(sequence: int) -> Envelope:
    event = CASE[sequence - 1]
    return Envelope(
        id=f"e{sequence}",
        source="dispatch",
        type=event.type,
        subject="SZ-1",
        time=NOW,
        office="community-centre",
        sequence=sequence,
        correlationid="c",
        causationid="c",
        data=dump(event),
    )


ENVELOPES = tuple(envelope(n) for n in range(1, len(CASE) + 1))


class Desk:
    """Hears as the worker does: what is early waits and is tried again after each save."""

    def __init__(self) -> None:
        self.state: Supervision | None = None
        self.said: list[Event] = []
        self.early: list[Envelope] = []

    def hear(self, *envelopes: Envelope) -> None:
        for one in envelopes:
            if self._try(one):
                waiting, self.early = self.early, []
                self.hear(*waiting)
            else:
                self.early.append(one)

    def come(self, now: datetime) -> None:
        while self.state and (acts := falling_due.due_acts(self.state, now)):
            self.state, events = falling_due.fall_due(self.state, acts[0], CENTRE, now)
            self.said += events

    def _try(self, one: Envelope) -> bool:
        try:
            outcome: Any = HANDLERS[one.type](self.state, Heard(one, one.event(), len(self.said)))
        except NotYet:
            return False
        self.state, events = outcome
        self.said += events
        return True


def run(envelopes: Sequence[Envelope]) -> Supervision:
    desk = Desk()
    desk.hear(*envelopes)
    assert desk.early == []
    assert desk.state is not None
    return desk.state


STRAIGHT = run(ENVELOPES)


def test_the_straight_run_is_what_it_should_be() -> None:
    assert [(c.order, c.state) for c in STRAIGHT.clocks] == [
        ("m1-1", "replied"),
        ("m2-1", "returned"),
        ("m3-1", "recalled"),
        ("m2-2", "replied"),
    ]
    assert [len(c.limits) for c in STRAIGHT.clocks] == [1, 0, 1, 1]
    assert STRAIGHT.clocks[0].limits[0].due_on == date(2024, 10, 23)
    assert STRAIGHT.concluded


@given(st.permutations(ENVELOPES), st.lists(st.sampled_from(ENVELOPES), max_size=8))
def test_shuffled_and_repeated_messages_end_in_the_same_state(
    shuffled: list[Envelope], repeated: list[Envelope]
) -> None:
    assert run([*shuffled, *repeated]) == STRAIGHT


@given(st.permutations(ENVELOPES), st.integers(min_value=0, max_value=len(ENVELOPES)))
def test_whatever_fell_due_too_early_is_taken_back(shuffled: list[Envelope], when: int) -> None:
    """As when the hold runs out while dispatch is away: all was done in time and heard late."""
    desk = Desk()
    desk.hear(*shuffled[:when])
    desk.come(at("2024-10-20 10:00"))
    desk.come(at("2024-11-20 10:00"))
    desk.hear(*shuffled[when:])
    assert desk.state is not None
    assert all(slip.notice for slip in desk.state.slips)
    for clock, straight in zip(desk.state.clocks, STRAIGHT.clocks, strict=True):
        assert (clock.state, clock.replies) == (straight.state, straight.replies)
        assert [x.due_on for x in clock.limits] == [x.due_on for x in straight.limits]
        assert not any(x.expired for x in clock.limits)


@given(st.permutations(ENVELOPES))
def test_the_last_date_said_of_an_order_is_the_one_held(shuffled: list[Envelope]) -> None:
    desk = Desk()
    desk.hear(*shuffled)
    assert desk.state is not None
    last = {e.order: e.due_on for e in desk.said if isinstance(e, DeadlineSet)}
    assert all(desk.state.clock(name).limits[-1].due_on == due for name, due in last.items())


@given(st.permutations(ENVELOPES))
def test_the_part_is_closed_by_the_true_count(shuffled: list[Envelope]) -> None:
    desk = Desk()
    desk.hear(*shuffled)
    (closed,) = [n for n, e in enumerate(desk.said, start=1) if isinstance(e, PartClosed)]
    assert desk.said[closed - 1] == PartClosed(count=closed)


def test_every_heard_event_has_its_rule() -> None:
    # A case is opened again only when it was over: all of its round was heard by then.
    assert {one.type for one in ENVELOPES} | {"case.reopened"} == HANDLERS.keys()


def test_a_missing_rulebook_makes_the_case_wait() -> None:
    def missing(_: str) -> None:
        raise NotYet("rulebook")

    base = cast(Foundation, SimpleNamespace(rulebooks=SimpleNamespace(version=missing)))
    first = ENVELOPES[0]
    with pytest.raises(NotYet):
        handlers(base, CALENDAR, "cal")["case.registered"](None, Heard(first, first.event(), 0))
