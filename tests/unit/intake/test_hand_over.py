"""Hand-overs: asked is not taken, silence is never the end, and danger knows no working days."""

from dataclasses import replace
from datetime import timedelta

import pytest
from bson import Binary
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain import emergency, hand_over
from services.intake.domain.calls import Call, HandOver
from services.intake.domain.due import due_at
from services.intake.errors import AlreadySettled, NoSuchLine, StayOnTheLine
from tests.unit.intake.cases import AT, CENTRE, MAYORS, case

SEALED = Binary(b"sealed")
CALL = Call(id="C1", office="mayors-line", sender="s1", opened_at=AT)


def asked(line: str = "120") -> Call:
    return hand_over.ask(CALL, line, SEALED, ("", SEALED), "ml-operator-1", AT, MAYORS)


def of(call: Call) -> HandOver:
    (one,) = call.hand_overs
    return one


def told(one: HandOver, attempt: int, outcome: str) -> HandOver:
    call = replace(CALL, hand_overs=(one,))
    return hand_over.answered(call, one, f"C1.h1.{attempt}", outcome, AT, MAYORS)  # type: ignore[arg-type]


def test_a_line_is_asked_once_and_only_one_of_the_offices() -> None:
    call = asked()
    assert hand_over.ask(call, "120", SEALED, ("", SEALED), "ml-operator-2", AT, MAYORS) == call
    assert len(hand_over.ask(call, "110", SEALED, ("", SEALED), "ml-operator-1", AT, MAYORS).hand_overs) == 2
    with pytest.raises(NoSuchLine):
        asked("12345")


def test_until_the_line_took_over_nobody_lets_go() -> None:
    call = asked()
    for one in (of(call), hand_over.sent(of(call), 1, AT, MAYORS), told(of(call), 1, "no_answer")):
        with pytest.raises(StayOnTheLine):
            hand_over.require_taken(replace(call, hand_overs=(one,)))
    hand_over.require_taken(replace(call, hand_overs=(told(of(call), 1, "taken"),)))


def test_that_the_line_took_over_counts_for_whatever_attempt_and_silence_for_its_own() -> None:
    second = told(of(asked()), 1, "no_answer")
    assert (second.state, second.attempts) == ("asked", 2)
    assert told(second, 1, "no_answer") == second
    assert told(second, 1, "taken").state == "taken"
    assert hand_over.sent(second, 1, AT, MAYORS) == second, "the first request was slower than its answer"


@given(st.lists(st.sampled_from(("ringing", "no_answer", "failed", "sent", "away", "silent")), max_size=30))
def test_it_is_never_given_up_by_itself_and_always_due(words: list[str]) -> None:
    one = of(asked())
    for word in words:
        if word == "sent":
            one = hand_over.sent(one, one.attempts, AT, MAYORS)
        elif word == "away":
            one = hand_over.away(one, one.attempts, AT)
        elif word == "silent":
            one = hand_over.unanswered(one, AT, MAYORS)
        else:
            one = told(one, one.attempts, word)
    assert one.is_open
    assert one.due_at is not None
    assert one.due_at - AT <= timedelta(minutes=1)
    assert (one.alarms > 0) == (one.attempts > 1 or one.away > 0)


def test_leaders_are_alarmed_by_the_first_silence_and_when_the_rings_in_a_row_are_over() -> None:
    one, alarms = of(asked()), []
    for _ in range(6):
        one = told(one, one.attempts, "no_answer")
        alarms.append(one.alarms)
    assert alarms == [1, 1, 2, 2, 2, 2]


def test_a_case_hears_each_alarm_and_the_end_once() -> None:
    one, endangered = of(asked()), emergency.begin(case(flags=("emergency",)), MAYORS)
    said: list[str] = []
    for step in (one, told(one, 1, "no_answer"), told(one, 1, "no_answer"), told(one, 1, "taken")):
        endangered, events = emergency.note(endangered, "C1", step, MAYORS, AT)
        said += [getattr(event, "template", event.type) for event in events]
    assert said == ["emergency_unanswered", "emergency.handed_over"]


def test_a_person_says_once_how_it_ended() -> None:
    over = hand_over.settle(of(asked()), False, SEALED, "ml-leader-1", AT)
    assert (over.state, over.settled_by) == ("not_taken", "ml-leader-1")
    with pytest.raises(AlreadySettled):
        hand_over.settle(over, True, SEALED, "ml-leader-1", AT)


def test_a_call_is_due_by_its_hand_overs_its_end_and_its_recordings() -> None:
    assert due_at(CALL, MAYORS) is None
    assert due_at(replace(CALL, ended_at=AT), MAYORS) == AT + timedelta(minutes=30)
    assert due_at(replace(CALL, ended_at=AT, cases=("n",)), MAYORS) is None
    assert due_at(asked(), MAYORS) == AT


def test_verification_is_watched_where_the_office_verifies_and_reading_where_posts_come_in() -> None:
    by_mayors = emergency.begin(case(flags=("emergency",)), MAYORS)
    by_centre = emergency.begin(case(flags=("emergency",)), CENTRE)
    assert emergency.alarm_at(by_mayors) == AT + timedelta(minutes=30)
    assert emergency.alarm_at(by_centre) is None
    web, call = (emergency.begin(case(channel=channel), MAYORS) for channel in ("web", "call"))
    assert (emergency.alarm_at(web), emergency.alarm_at(call)) == (AT + timedelta(minutes=30), None)
    assert emergency.alarm_at(emergency.read(web, "ml-operator-1", AT)) is None
