"""What is heard of the case as a whole: registered, concluded, evaluated."""

from dataclasses import replace
from datetime import datetime

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import (
    CaseConcluded,
    CaseRegistered,
    CircleApplied,
    CircleChanged,
    EvaluationRecorded,
    Event,
    PartClosed,
)
from services.supervision.domain.rereview import note
from services.supervision.domain.slips import withdraw_wrong
from services.supervision.domain.supervision import Case, Decided, Evaluation, Supervision


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
        urges_by="urge" if book.urge.before else "supervision",
    )
    opened = Supervision(
        number=number,
        office=office,
        rulebook=case.rulebook,
        calendar=calendar,
        case=kept,
        matter_ids=tuple(matter.id for matter in case.matters),
        circle=case.circle,
    )
    return opened, []


def change_circle(supervision: Supervision, changed: CircleChanged) -> Decided:
    """From now on it is decided by this circle; one older than held is ignored (E-73, E-75, E-80)."""
    if changed.circle.version <= supervision.circle.version:
        return supervision, []
    after = note(replace(supervision, circle=changed.circle), changed)
    return after, [CircleApplied(version=changed.circle.version)]


def conclude(supervision: Supervision, concluded: CaseConcluded, said: int, now: datetime) -> Decided:
    """The case is over: every clock stops, and this service's part is closed."""
    running = supervision.running
    supervision = replace(supervision, concluded=True)
    events: list[Event] = []
    for clock in running:
        supervision, withdrawn = withdraw_wrong(supervision, clock.order, concluded.concluded_at, now)
        events += withdrawn
    return supervision, [*events, PartClosed(count=said + len(events) + 1)]


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
