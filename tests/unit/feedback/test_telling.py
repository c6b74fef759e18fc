"""Telling the result, attempts to reach the complainant, and what deliveries mean."""

from dataclasses import replace
from datetime import timedelta

import pytest

from huiyin.chassis.calendar import WorkingCalendar
from huiyin.chassis.errors import NotYet
from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts import events as e
from services.feedback.domain import evaluation, opening, telling
from services.feedback.errors import NotHandled, NotTold, TooSoon, WrongState
from tests.unit.feedback.given import (
    AT,
    CALLER,
    HOUR,
    LIGHT,
    NOBODY,
    ROAD,
    call,
    completed,
    concluded,
    delivered,
    failed,
    opened,
    registered,
    says,
    told,
    tried,
    types,
    waiting,
    with_callback,
)


def test_a_result_is_not_told_nor_anybody_called_before_handling_is_complete_s0_19(book: Rulebook) -> None:
    with pytest.raises(NotHandled, match="办理尚未完成"):
        telling.tell(waiting(book), "call", AT)
    with pytest.raises(NotHandled):
        evaluation.attempt(waiting(book), call(), book)
    with pytest.raises(NotHandled):
        telling.to_call(waiting(book), book)


def test_a_told_result_is_said_with_its_medium_s4_39(book: Rulebook) -> None:
    echo, said = telling.tell(opened(book), "call", AT)
    assert echo.state == "told"
    assert said == [e.ResultTold(round=1, medium="call", told_at=AT)]


def test_a_delivered_result_is_told_by_that_medium_s4_39(book: Rulebook) -> None:
    echo, said = telling.delivered(opened(book), delivered(medium="letter"))
    assert echo.state == "told"
    assert said == [e.ResultTold(round=1, medium="letter", told_at=AT)]


def test_a_delivery_after_the_call_is_kept_and_says_nothing_twice(book: Rulebook) -> None:
    later = replace(delivered(), delivered_at=AT + HOUR)
    echo, said = telling.delivered(told(book), later)
    assert ([t.medium for t in echo.told], said) == (["call", "letter"], [])
    assert telling.delivered(echo, later) == (echo, [])


@pytest.mark.parametrize("message", ["order-given:m1-1", "case-registered:p1", "instruction-needed"])
def test_messages_of_others_are_nothing_to_the_echo(book: Rulebook, message: str) -> None:
    for echo in (waiting(book), opened(book)):
        assert telling.delivered(echo, delivered(message)) == (echo, [])
        assert telling.failed(echo, failed(message)) == (echo, [])


def test_deliveries_of_an_older_round_are_ignored_and_of_one_not_opened_wait(book: Rulebook) -> None:
    second = opened(book).in_round(2)
    assert telling.delivered(second, delivered()) == (second, [])
    for early in (waiting(book), second):
        with pytest.raises(NotYet):
            telling.delivered(early, delivered(f"echo-result:{early.round}:p1"))
    with pytest.raises(NotYet):
        telling.failed(opened(book), failed("echo-result:2:p1"))


def test_a_message_that_reached_nobody_is_shown_to_the_desk_e112(book: Rulebook) -> None:
    echo, said = telling.failed(opened(book), failed())
    assert (echo.state, echo.undelivered, said) == ("open", ("echo-result:1:p1",), [])
    assert telling.failed(echo, failed()) == (echo, [])


def test_an_attempt_is_counted_and_said(book: Rulebook) -> None:
    echo, said = evaluation.attempt(opened(book), call(reached=True), book)
    assert (echo.state, len(echo.attempts)) == ("open", 1)
    assert said == [e.ContactAttempted(round=1, attempt=1, medium="call", reached=True, attempted_at=AT)]


def test_attempts_are_made_at_different_times_e31(book: Rulebook) -> None:
    once = tried(opened(book), book, 1)
    just_before = AT + 4 * HOUR - timedelta(milliseconds=1)
    with pytest.raises(TooSoon, match="2026-06-05 14:00"):
        evaluation.attempt(once, call(just_before), book)
    assert len(evaluation.attempt(once, call(AT + 4 * HOUR), book)[0].attempts) == 2


def test_who_was_reached_may_be_called_again_at_once(book: Rulebook) -> None:
    reached = evaluation.attempt(opened(book), call(reached=True), book)[0]
    assert len(evaluation.attempt(reached, call(AT + timedelta(minutes=1)), book)[0].attempts) == 2


def test_after_the_last_failed_attempt_the_result_goes_by_letter_e31_s4_41(book: Rulebook) -> None:
    twice = tried(opened(book), book, 2)
    assert twice.state == "open"
    at = AT + 8 * HOUR
    echo, said = evaluation.attempt(twice, call(at), book)
    assert types(said) == ["contact.attempted", "message.requested", "echo.completed"]
    letter = said[1]
    assert isinstance(letter, e.MessageRequested)
    assert (letter.message, letter.template) == ("echo-unreached:1:p1", "contact_failed_letter")
    assert letter.text_of == "reply:m1-1:2"
    assert said[2] == e.EchoCompleted(round=1, outcome="unreachable", completed_at=at)
    assert (echo.state, echo.outcome, echo.reason) == ("completed", "unreachable", "letter_sent")


def test_without_an_address_or_a_rule_no_letter_goes_and_the_reason_is_kept_s4_41(book: Rulebook) -> None:
    no_address = tried(opened(book, registered(parties=(CALLER,))), book, 3)
    no_rule = with_callback(book, letter_after=False)
    for echo in (no_address, tried(opened(no_rule), no_rule, 3)):
        assert (echo.outcome, echo.reason) == ("unreachable", "no_letter")


def test_the_office_sets_how_many_attempts_are_enough(book: Rulebook) -> None:
    assert tried(opened(book), with_callback(book, attempts=1), 1).outcome == "unreachable"


def test_only_failed_attempts_count(book: Rulebook) -> None:
    echo = tried(opened(book), book, 2)
    echo = evaluation.attempt(echo, call(AT + 20 * HOUR, reached=True), book)[0]
    assert echo.state == "open"
    echo = evaluation.attempt(echo, call(AT + 21 * HOUR), book)[0]
    assert echo.outcome == "unreachable"


def test_who_was_told_and_then_never_answers_is_not_satisfied_and_gets_no_letter_e109(book: Rulebook) -> None:
    echo = tried(told(book), book, 3)
    assert (echo.outcome, echo.reason) == ("unreachable", "told_not_evaluated")


def test_who_said_one_matter_is_bad_and_then_never_answers_is_reviewed_e110(
    book: Rulebook, calendar: WorkingCalendar
) -> None:
    two = told(book, registered(matters=(ROAD, LIGHT)))
    doubting = tried(evaluation.evaluate(two, says(False), book, calendar)[0], book, 2)
    echo, said = evaluation.attempt(doubting, call(AT + 8 * HOUR), book)
    assert echo.state == "dissatisfied"
    assert said[-1] == e.EvaluationDissatisfied(round=1, matters=("m1",))


def test_nobody_is_called_while_a_review_runs_or_after_the_end(
    book: Rulebook, calendar: WorkingCalendar
) -> None:
    doubted = evaluation.evaluate(told(book), says(False), book, calendar)[0]
    ended = tried(opened(book), book, 3)
    for echo, words in ((doubted, "正在复核"), (ended, "已结束")):
        with pytest.raises(WrongState, match=words):
            evaluation.attempt(echo, call(AT + 90 * HOUR), book)
        with pytest.raises(WrongState, match=words):
            telling.tell(echo, "call", AT)


def test_the_contact_opened_is_the_complainants(book: Rulebook) -> None:
    assert telling.to_call(opened(book), book).id == "p1"
    parties = (NOBODY, replace(CALLER, id="p2"))
    assert telling.to_call(opened(book, registered(parties=parties)), book).id == "p2"


def test_no_contact_is_opened_after_the_end(book: Rulebook) -> None:
    with pytest.raises(WrongState):
        telling.to_call(tried(opened(book), book, 3), book)


def test_a_letter_delivered_after_the_end_is_kept_and_says_nothing(book: Rulebook) -> None:
    ended = tried(opened(book), book, 3)
    echo, said = telling.delivered(ended, delivered("echo-unreached:1:p1"))
    assert ([t.medium for t in echo.told], said) == (["letter"], [])


def test_a_withdrawal_heard_before_the_handling_it_overtook_ends_the_same(book: Rulebook) -> None:
    withdrawn = concluded("withdrawn")
    late = opening.open_echo(opening.conclude(waiting(book), withdrawn, 0)[0], completed(), book)[0]
    assert late == opening.conclude(opened(book), withdrawn, 2)[0]


def test_not_telling_first_is_refused_with_what_to_do(book: Rulebook, calendar: WorkingCalendar) -> None:
    with pytest.raises(NotTold, match="请先告知"):
        evaluation.evaluate(opened(book), says(True), book, calendar)
