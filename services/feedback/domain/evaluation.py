"""What the callback desk records: attempts, and what the complainant says of the result."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from huiyin.chassis.calendar import WorkingCalendar
from huiyin.chassis.rulebook import Rulebook, Term
from huiyin.contracts.events import (
    ContactAttempted,
    EchoCompleted,
    EvaluationDissatisfied,
    EvaluationRecorded,
)
from services.feedback.domain.echo import Attempt, Echo, Ending, Evaluation, Outcome
from services.feedback.domain.telling import written
from services.feedback.errors import TooSoon, WindowOver


def attempt(echo: Echo, tried: Attempt, book: Rulebook) -> Outcome:
    """One attempt to reach the complainant, at different times; the last failed one ends it (E-31)."""
    after = echo.step("attempt")
    _not_too_soon(echo, tried.at, book)
    kept = replace(after, attempts=(*echo.attempts, tried))
    said = ContactAttempted(
        round=echo.round,
        attempt=len(kept.attempts),
        medium=tried.medium,
        reached=tried.reached,
        attempted_at=tried.at,
    )
    failed = sum(not one.reached for one in kept.attempts)
    if tried.reached or failed < book.callback.attempts:
        return kept, [said]
    ended, events = _give_up(kept, book, tried.at)
    return ended, [said, *events]


def evaluate(echo: Echo, given: Evaluation, book: Rulebook, calendar: WorkingCalendar) -> Outcome:
    """What the complainant says of one matter; changeable in a window until completed (E-109)."""
    earlier = echo.evaluation(given.matter)
    after = echo.step("evaluate")
    if earlier is not None:
        _window_open(earlier, given.at, book, calendar)
        given = replace(given, first_at=earlier.first_at)
    others = tuple(e for e in echo.evaluations if e.matter != given.matter)
    said = EvaluationRecorded(
        round=echo.round,
        matter=given.matter,
        reached=given.reached,
        solved=given.solved,
        satisfied=given.satisfied,
        evaluated_at=given.at,
    )
    settled, events = _settle(echo, replace(after, evaluations=(*others, given)), given.at)
    return settled, [said, *events]


def decline(echo: Echo, at: datetime) -> Outcome:
    """The complainant knows the result and will not evaluate it; that is no "satisfied" (E-109)."""
    echo.step("decline")
    return _end_or_doubt(echo, "decline", "unevaluated", "declined", at)


def _settle(before: Echo, after: Echo, at: datetime) -> Outcome:
    """Once each matter has its evaluation: satisfied, or a review opens (E-110, S4-15)."""
    if after.unevaluated:
        return after, []
    settled, events = _end_or_doubt(after, "satisfy", "satisfied", "", at)
    known = before.state == "dissatisfied" and before.doubts == after.doubts
    return settled, [] if known else events


def _end_or_doubt(echo: Echo, verb: str, outcome: Ending, reason: str, at: datetime) -> Outcome:
    if echo.doubts:
        return echo.step("doubt"), [EvaluationDissatisfied(round=echo.round, matters=echo.doubts)]
    said = EchoCompleted(round=echo.round, outcome=outcome, completed_at=at)
    return echo.end(verb, outcome, reason, at), [said]


def _give_up(echo: Echo, book: Rulebook, at: datetime) -> Outcome:
    """Unreachable: a letter where the office writes one, else a record of why not (E-31, S4-41)."""
    if echo.told:
        return _end_or_doubt(echo, "give_up", "unreachable", "told_not_evaluated", at)
    letters = written(echo, book, "unreached", only="letter") if book.callback.letter_after else []
    ended, events = _end_or_doubt(
        echo, "give_up", "unreachable", "letter_sent" if letters else "no_letter", at
    )
    return ended, [*letters, *events]


def _not_too_soon(echo: Echo, at: datetime, book: Rulebook) -> None:
    if not echo.attempts or echo.attempts[-1].reached:
        return
    earliest = echo.attempts[-1].at + timedelta(hours=book.callback.gap_hours)
    if at < earliest:
        local = earliest.astimezone(ZoneInfo(book.office.timezone))
        raise TooSoon(
            f"两次联系须间隔 {book.callback.gap_hours} 小时；请于 {local:%Y-%m-%d %H:%M} 以后再联系。"
        )


def _window_open(earlier: Evaluation, at: datetime, book: Rulebook, calendar: WorkingCalendar) -> None:
    window = book.review.evaluation_window
    over = _end_of(window, earlier.first_at.astimezone(ZoneInfo(book.office.timezone)), calendar)
    if at >= over:
        raise WindowOver(f"评价只能在 {over:%Y-%m-%d %H:%M} 以前修改；如有新情况，请另行登记诉求。")


def _end_of(window: Term, start: datetime, calendar: WorkingCalendar) -> datetime:
    """The first moment that is too late: a window in days ends at 24:00 of its last day (E-02, E-06)."""
    if window.unit == "minute":
        return start + timedelta(minutes=window.amount)
    if window.unit == "hour":
        return start + timedelta(hours=window.amount)
    last = calendar.add(start.date(), window.amount, window.unit).on
    return datetime.combine(last + timedelta(days=1), time(), start.tzinfo)
