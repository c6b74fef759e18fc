"""What is heard of the case as a whole: registered, concluded, evaluated."""

from dataclasses import replace
from datetime import datetime

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import (
    CaseConcluded,
    CaseReclassified,
    CaseRegistered,
    CaseReopened,
    CircleApplied,
    CircleChanged,
    EmergencyRaised,
    EvaluationRecorded,
    Event,
    PartClosed,
)
from services.supervision.domain import clocks
from services.supervision.domain.dates import Rules
from services.supervision.domain.rereview import note
from services.supervision.domain.slips import withdraw_wrong
from services.supervision.domain.supervision import (
    Case,
    Decided,
    Dissatisfaction,
    Evaluation,
    Supervision,
)


def open_supervision(
    case: CaseRegistered, number: str, office: str, calendar: str, book: Rulebook
) -> Decided:
    """A registered case: keep what its dates depend on; its clocks come with its orders.

    A case that was taken over was accepted in the older system, when it was received.
    """
    reachable = (p.id for p in case.parties if p.role == "complainant" and p.media)
    kept = Case(
        channel=case.channel,
        difficulty=case.difficulty,
        priority=case.priority,
        legal_class=case.legal_class,
        flags=case.flags,
        received_at=case.received_at,
        accepted_at=case.received_at if case.taken_over else case.accepted_at,
        complainants=tuple(reachable),
        taken_over=case.taken_over,
        urges_by="supervision" if _supervises_instead(book) else "urge",
    )
    opened = Supervision(
        number=number,
        office=office,
        rulebook=case.rulebook,
        calendar=calendar,
        case=kept,
        matter_ids=tuple(matter.id for matter in case.matters),
        circle=case.circle,
        dissatisfactions=doubted_again(case),
    )
    return opened, []


def _supervises_instead(book: Rulebook) -> bool:
    """Whether what an older system calls an urging is a written supervision here (X-08, S4-42)."""
    return book.urge.before is None and "written_supervision" in book.overdue.actions


def doubted_again(case: CaseRegistered) -> tuple[Dissatisfaction, ...]:
    """Who comes again because the result is not good enough: it goes to review, no mere repeat (E-39)."""
    if case.repeat != "dissatisfied":
        return ()
    return (Dissatisfaction(round=1, said=0, matters=tuple(matter.id for matter in case.matters)),)


def change_circle(supervision: Supervision, changed: CircleChanged) -> Decided:
    """From now on it is decided by this circle; one older than held is ignored (E-73, E-75, E-80)."""
    if changed.circle.version <= supervision.circle.version:
        return supervision, []
    after = note(replace(supervision, circle=changed.circle), changed)
    return after, [CircleApplied(version=changed.circle.version)]


def endanger(supervision: Supervision, raised: EmergencyRaised, said: int) -> Decided:
    """The case became an emergency: from now on no more time is granted (E-19, S4-33).

    `said` is the sequence of intake's word: flags and priority are those of its last, in whatever order
    its words are heard.
    """
    return _flagged(supervision, raised, said), []


def _flagged(supervision: Supervision, word: EmergencyRaised | CaseReclassified, said: int) -> Supervision:
    if said <= supervision.flagged:
        return supervision
    case = replace(supervision.case, flags=word.flags, priority=word.priority)
    return replace(supervision, case=case, flagged=said)


def conclude(supervision: Supervision, concluded: CaseConcluded, said: int, now: datetime) -> Decided:
    """The case is over: every clock stops, and this service's part is closed; an end that was heard after
    the case was opened again ends nothing (E-46).
    """
    if concluded.round < supervision.reopened:
        return supervision, []
    running = supervision.running
    supervision = replace(supervision, concluded=True)
    events: list[Event] = []
    for clock in running:
        supervision, withdrawn = withdraw_wrong(supervision, clock.order, concluded.concluded_at, now)
        events += withdrawn
    closed = PartClosed(count=said + len(events) + 1, round=concluded.round)
    return supervision, [*events, closed]


def reclassify(supervision: Supervision, sorted_: CaseReclassified, said: int, rules: Rules) -> Decided:
    """What dates depend on is another now (E-46): clocks that start from here on go by it, and those that
    run are raised to it (E-11).
    """
    if sorted_.version <= supervision.sorting:
        return supervision, []
    flagged = _flagged(supervision, sorted_, said)
    case = replace(flagged.case, difficulty=sorted_.difficulty, legal_class=sorted_.legal_class)
    after = replace(flagged, case=case, sorting=sorted_.version)
    return clocks.raised(after, rules, sorted_.reclassified_at)


def reopen(supervision: Supervision, reopened: CaseReopened) -> Decided:
    """A concluded case goes on in a new round: the dates of its orders are said, if any was heard of yet."""
    if reopened.round <= supervision.reopened:
        return supervision, []
    round_ = max(supervision.round, reopened.round)
    opened = replace(supervision, concluded=False, reopened=reopened.round, round=round_)
    return opened, [clock.deadline_set() for clock in opened.running if clock.limits]


def evaluated(supervision: Supervision, recorded: EvaluationRecorded) -> Decided:
    """What the complainant says is kept beside what the unit said; an older word is ignored (E-102)."""
    new = Evaluation(
        matter=recorded.matter,
        round=recorded.round,
        reached=recorded.reached,
        solved=recorded.solved,
        satisfied=recorded.satisfied,
        evaluated_at=recorded.evaluated_at,
    )
    held = {e.matter: e for e in supervision.evaluations}
    old = held.get(new.matter)
    if old is not None and (old.round, old.evaluated_at) >= (new.round, new.evaluated_at):
        return supervision, []
    held[new.matter] = new
    return replace(supervision, evaluations=tuple(held[matter] for matter in sorted(held))), []
