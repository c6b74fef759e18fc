"""What the complainant says of the result, and what follows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from huiyin.chassis.calendar import WorkingCalendar
from huiyin.chassis.rulebook import Rulebook, Term
from huiyin.chassis.shapes import from_document, to_document
from huiyin.contracts import events as e
from services.feedback.domain import evaluation
from services.feedback.domain.echo import Echo
from services.feedback.errors import NoSuchMatter, NotHandled, NotTold, WindowOver, WrongState
from tests.unit.feedback.given import (
    AT,
    HOUR,
    LIGHT,
    ROAD,
    opened,
    registered,
    says,
    told,
    types,
    waiting,
)

BOTH = registered(matters=(ROAD, LIGHT))


def test_what_was_said_is_recorded_and_satisfaction_completes_the_echo_s3_27_s4_15(
    book: Rulebook, calendar: WorkingCalendar
) -> None:
    echo, said = evaluation.evaluate(told(book), says(True), book, calendar)
    assert said == [
        e.EvaluationRecorded(
            round=1, matter="m1", reached=True, solved=True, satisfied=True, evaluated_at=AT
        ),
        e.EchoCompleted(round=1, outcome="satisfied", completed_at=AT),
    ]
    assert (echo.state, echo.outcome, echo.completed_at) == ("completed", "satisfied", AT)


def test_an_echo_is_complete_only_when_every_matter_has_its_evaluation(
    book: Rulebook, calendar: WorkingCalendar
) -> None:
    half, said = evaluation.evaluate(told(book, BOTH), says(True), book, calendar)
    assert (half.state, half.unevaluated, types(said)) == ("evaluated", ("m2",), ["evaluation.recorded"])
    whole = evaluation.evaluate(half, says(True, "m2"), book, calendar)[0]
    assert whole.outcome == "satisfied"


def test_one_dissatisfied_matter_opens_a_review_and_the_echo_waits_e110(
    book: Rulebook, calendar: WorkingCalendar
) -> None:
    half, early = evaluation.evaluate(told(book, BOTH), says(False, "m2"), book, calendar)
    assert types(early) == ["evaluation.recorded"]
    echo, said = evaluation.evaluate(half, says(True), book, calendar)
    assert said[1] == e.EvaluationDissatisfied(round=1, matters=("m2",))
    assert (echo.state, echo.outcome) == ("dissatisfied", None)


def test_solved_but_not_satisfied_is_dissatisfied(book: Rulebook, calendar: WorkingCalendar) -> None:
    given = replace(says(False), solved=True)
    assert evaluation.evaluate(told(book), given, book, calendar)[0].state == "dissatisfied"


def test_nothing_is_evaluated_before_there_is_a_result_or_before_it_is_told_s0_19(
    book: Rulebook, calendar: WorkingCalendar
) -> None:
    with pytest.raises(NotHandled):
        evaluation.evaluate(waiting(book), says(True), book, calendar)
    with pytest.raises(NotTold):
        evaluation.evaluate(opened(book), says(True), book, calendar)


def test_only_a_matter_of_the_case_is_evaluated(book: Rulebook, calendar: WorkingCalendar) -> None:
    with pytest.raises(NoSuchMatter, match="m9"):
        evaluation.evaluate(told(book), says(True, "m9"), book, calendar)


def test_a_changed_evaluation_is_said_again_and_may_end_the_review_e109(
    book: Rulebook, calendar: WorkingCalendar
) -> None:
    doubted = evaluation.evaluate(told(book), says(False), book, calendar)[0]
    echo, said = evaluation.evaluate(doubted, says(True, at=AT + HOUR), book, calendar)
    assert types(said) == ["evaluation.recorded", "echo.completed"]
    assert (echo.outcome, len(echo.evaluations), echo.evaluations[0].first_at) == ("satisfied", 1, AT)


def test_a_review_is_asked_for_again_only_when_other_matters_are_bad(
    book: Rulebook, calendar: WorkingCalendar
) -> None:
    half = evaluation.evaluate(told(book, BOTH), says(False), book, calendar)[0]
    doubted = evaluation.evaluate(half, says(True, "m2"), book, calendar)[0]
    still, said = evaluation.evaluate(doubted, says(False), book, calendar)
    assert (still.state, types(said)) == ("dissatisfied", ["evaluation.recorded"])
    said = evaluation.evaluate(still, says(False, "m2"), book, calendar)[1]
    assert said[1] == e.EvaluationDissatisfied(round=1, matters=("m1", "m2"))


def test_a_completed_evaluation_stands_e109(book: Rulebook, calendar: WorkingCalendar) -> None:
    done = evaluation.evaluate(told(book), says(True), book, calendar)[0]
    with pytest.raises(WrongState, match="已结束"):
        evaluation.evaluate(done, says(False), book, calendar)


def test_it_may_be_changed_until_24_00_of_the_windows_last_day_e06_e109(
    book: Rulebook, calendar: WorkingCalendar
) -> None:
    """7 days from Friday 2026-06-05: Friday the 12th, until 24:00 in Shanghai."""
    doubted = evaluation.evaluate(told(book), says(False), book, calendar)[0]
    over = datetime(2026, 6, 12, 16, 0, tzinfo=UTC)
    last_moment = says(True, at=over - timedelta(milliseconds=1))
    assert evaluation.evaluate(doubted, last_moment, book, calendar)[0].outcome == "satisfied"
    with pytest.raises(WindowOver, match="2026-06-13 00:00"):
        evaluation.evaluate(doubted, says(True, at=over), book, calendar)


def test_changing_it_does_not_open_the_window_anew(book: Rulebook, calendar: WorkingCalendar) -> None:
    doubted = evaluation.evaluate(told(book), says(False), book, calendar)[0]
    changed = evaluation.evaluate(doubted, says(False, at=AT + 100 * HOUR), book, calendar)[0]
    with pytest.raises(WindowOver):
        evaluation.evaluate(changed, says(True, at=AT + 200 * HOUR), book, calendar)


def test_a_first_evaluation_may_come_late_and_another_matter_has_its_own_window(
    book: Rulebook, calendar: WorkingCalendar
) -> None:
    half = evaluation.evaluate(told(book, BOTH), says(False), book, calendar)[0]
    late = says(True, "m2", AT + 500 * HOUR)
    assert evaluation.evaluate(half, late, book, calendar)[0].state == "dissatisfied"


@pytest.mark.parametrize(
    ("window", "over"),
    [
        (Term(amount=90, unit="minute"), AT + 1.5 * HOUR),
        (Term(amount=2, unit="hour"), AT + 2 * HOUR),
        (Term(amount=1, unit="wd"), datetime(2026, 6, 8, 16, tzinfo=UTC)),
        (Term(amount=1, unit="month"), datetime(2026, 7, 6, 16, tzinfo=UTC)),
    ],
    ids=["90 minutes", "2 hours", "Monday's end", "a month, Sunday moves to Monday"],
)
def test_a_window_is_measured_in_the_unit_the_office_sets(
    book: Rulebook, calendar: WorkingCalendar, window: Term, over: datetime
) -> None:
    other = replace(book, review=replace(book.review, evaluation_window=window))
    doubted = evaluation.evaluate(told(book), says(False), book, calendar)[0]
    in_time = says(True, at=over - timedelta(seconds=1))
    assert evaluation.evaluate(doubted, in_time, other, calendar)[0].outcome == "satisfied"
    with pytest.raises(WindowOver):
        evaluation.evaluate(doubted, says(True, at=over), other, calendar)


def test_who_will_not_evaluate_is_never_satisfied_e109(book: Rulebook) -> None:
    echo, said = evaluation.decline(told(book), AT)
    assert said == [e.EchoCompleted(round=1, outcome="unevaluated", completed_at=AT)]
    assert (echo.outcome, echo.reason) == ("unevaluated", "declined")


def test_who_called_one_matter_bad_and_will_not_say_more_is_reviewed_e110(
    book: Rulebook, calendar: WorkingCalendar
) -> None:
    half = evaluation.evaluate(told(book, BOTH), says(False), book, calendar)[0]
    echo, said = evaluation.decline(half, AT)
    assert (echo.state, said) == ("dissatisfied", [e.EvaluationDissatisfied(round=1, matters=("m1",))])


def test_nobody_declines_what_was_not_told(book: Rulebook) -> None:
    with pytest.raises(NotTold):
        evaluation.decline(opened(book), AT)


def test_an_echo_is_the_same_after_it_was_kept(book: Rulebook, calendar: WorkingCalendar) -> None:
    half = evaluation.evaluate(told(book, BOTH), says(True), book, calendar)[0]
    done = evaluation.evaluate(half, says(True, "m2"), book, calendar)[0]
    for echo in (waiting(book), half, done):
        assert from_document(to_document(echo), Echo) == echo
