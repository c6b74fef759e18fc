"""When the complainant is contacted, when not, and what intake's and supervision's words change."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from huiyin.chassis.errors import NotYet
from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import (
    CaseConcluded,
    CaseReclassified,
    CaseRegistered,
    CaseReopened,
    CircleApplied,
    CircleChanged,
    ComplainantWithdrew,
    EchoCompleted,
    EchoOpened,
    HandlingCompleted,
    PartClosed,
    ResultUpheld,
    RoundRaised,
)
from services.feedback.domain.echo import Echo, Outcome
from services.feedback.domain.telling import anonymous, reachable, written

#: What can be seen here of the rulebook's exemptions. Other legal channels and answers on the
#: spot are never dispatched, so that no handling of theirs completes; what a unit guides does.
_EXEMPTIONS: Final[dict[str, Callable[[Echo], bool]]] = {
    "anonymous_letter": lambda echo: anonymous(echo) and echo.channel == "letter",
    "anonymous_without_contact": lambda echo: anonymous(echo) and not any(p.media for p in echo.parties),
    "unnamed_report": lambda echo: anonymous(echo) and _all_of_kind(echo, "report"),
    "emergency_transfer": lambda echo: "emergency" in echo.flags,
    "praise": lambda echo: _all_of_kind(echo, "praise"),
    "special_class": lambda echo: not echo.asked_of,
}


def register(case: CaseRegistered, number: str, book: Rulebook) -> Echo:
    """A case got its number: its echo waits for the handling. One owner replies (E-108, X-23).

    Who comes again because the result is not good enough waits for its review (E-39).
    """
    return Echo(
        number=number,
        office=book.office.id,
        rulebook=case.rulebook,
        channel=case.channel,
        language=case.language,
        legal_class=case.legal_class,
        flags=case.flags,
        owner=book.reply.owner[case.channel],
        matters=case.matters,
        parties=case.parties,
        circle=case.circle,
        state="dissatisfied" if case.repeat == "dissatisfied" else "waiting",
    )


def change_circle(echo: Echo, changed: CircleChanged) -> Outcome:
    """From now on it is decided by this circle; one older than held is ignored (E-73, E-75, E-80)."""
    if changed.circle.version <= echo.circle.version:
        return echo, []
    return replace(echo, circle=changed.circle), [CircleApplied(version=changed.circle.version)]


def open_echo(echo: Echo, completed: HandlingCompleted, book: Rulebook) -> Outcome:
    """Handling is complete: tell the result promptly (S0-18), or say why nobody is told (S4-41)."""
    if completed.round > echo.round:
        raise NotYet(f"round {completed.round} of {echo.number} was not raised here yet")
    if completed.round < echo.round or echo.handled:
        return echo, []
    handled = replace(echo, handled=True, replies=completed.replies)
    if handled.state == "completed":
        return handled, []
    return _open_or_exempt(handled, completed, book)


def raise_round(echo: Echo, raised: RoundRaised) -> Outcome:
    """The whole case is handled again: wait for that round's result (E-110)."""
    return echo.in_round(raised.round), []


def uphold(echo: Echo, upheld: ResultUpheld, book: Rulebook) -> Outcome:
    """The review lets the result stand: it is told once more, explained, and closed (S4-17).

    A case that came again has no reply of its own to send; it ends with what all that end are told (E-39).
    """
    if upheld.round < echo.round or echo.state == "completed":
        return echo, []
    if upheld.round > echo.round or echo.state != "dissatisfied":
        raise NotYet(f"round {upheld.round} of {echo.number} was not evaluated here yet")
    ended = echo.end("uphold", "upheld", "", upheld.upheld_at)
    said = EchoCompleted(round=echo.round, outcome="upheld", completed_at=upheld.upheld_at)
    return ended, [*(written(echo, book, "upheld") if echo.replies else []), said]


def reclassify(echo: Echo, sorted_: CaseReclassified) -> Outcome:
    """What is told and asked follows how the case is sorted now (E-46); an older sorting is ignored."""
    if sorted_.version <= echo.sorting:
        return echo, []
    return replace(
        echo,
        matters=sorted_.matters,
        legal_class=sorted_.legal_class,
        flags=sorted_.flags,
        sorting=sorted_.version,
    ), []


def reopen(echo: Echo, reopened: CaseReopened) -> Outcome:
    """A concluded case goes on: wait for the new round's result (E-46)."""
    return echo.in_round(reopened.round), []


def withdraw(echo: Echo, withdrew: ComplainantWithdrew) -> Outcome:
    """The complainant withdrew and handling goes on: nobody is told or asked any more (E-29)."""
    if echo.withdrawn:
        return echo, []
    withdrawn = replace(echo, withdrawn=True)
    if echo.state not in ("open", "told", "evaluated"):
        return withdrawn, []
    at = withdrew.withdrawn_at
    said = EchoCompleted(round=echo.round, outcome="exempt", completed_at=at)
    return withdrawn.end("withdraw", "exempt", "withdrawn", at), [said]


def conclude(echo: Echo, concluded: CaseConcluded, said: int) -> Outcome:
    """The case is over: nobody is contacted any more, and this service's part closes (E-29)."""
    closed = PartClosed(count=said + 1, round=concluded.round)
    if concluded.round < echo.round:
        return echo, [closed]
    last = echo.in_round(concluded.round)
    if last.state == "completed" and concluded.outcome == "echoed":
        return last, [closed]
    ended = replace(
        last,
        state="completed",
        outcome=concluded.outcome,
        reason="",
        completed_at=concluded.concluded_at,
    )
    return ended, [closed]


def _open_or_exempt(echo: Echo, completed: HandlingCompleted, book: Rulebook) -> Outcome:
    silent = _no_reply_due(echo, book)
    results = [] if silent else written(echo, book, "result")
    reason = silent or _exempt(echo, book.callback.exempt)
    if not reason:
        return echo.step("open"), [EchoOpened(round=echo.round), *results]
    at = completed.completed_at
    said = EchoCompleted(round=echo.round, outcome="exempt", completed_at=at)
    return echo.end("exempt", "exempt", reason, at), [*results, said]


def _no_reply_due(echo: Echo, book: Rulebook) -> str:
    """Why no result is told at all (S0-20, S4-41, S4-61, X-24); the law's own rule goes first (X-34)."""
    if echo.withdrawn:
        return "withdrawn"
    law = book.legal_class[echo.legal_class].tell_result if echo.legal_class else ""
    if law == "real_name_with_evidence" and anonymous(echo):
        return "unnamed_report"
    exempt = "" if law == "always" else _exempt(echo, book.reply.exempt)
    return exempt or ("" if reachable(echo, book) else "no_contact")


def _exempt(echo: Echo, exemptions: Iterable[str]) -> str:
    applies = (name for name in exemptions if name in _EXEMPTIONS and _EXEMPTIONS[name](echo))
    return next(applies, "")


def _all_of_kind(echo: Echo, kind: str) -> bool:
    dispatched = [matter for matter in echo.matters if matter.dispatched]
    return all(matter.kind == kind for matter in dispatched or echo.matters)
