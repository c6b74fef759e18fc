"""The course of a case after registration: its stage, its end, its parts."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bson import Binary

from huiyin.contracts import events as e
from huiyin.contracts.services import SERVICES
from services.intake.domain.archiving import Reopening
from services.intake.domain.case import Case, OrderRef
from services.intake.domain.stages import Stage, reached, stage
from services.intake.domain.volume import Part, files_in
from services.intake.errors import AlreadyConcluded, AlreadyRestricted, NotArchived

Outcome = tuple[Case, list[e.Event]]

_SOURCES: Final = SERVICES
#: What comes behind a sealed part is gathered so long before it is sealed as the next one.
LATE_QUIET: Final = timedelta(hours=1)


def follow(case: Case, event: e.Event) -> Case:
    """The case after hearing an event: its stage, and the orders by which units may look."""
    heard = reached(event)
    followed = advance(case, heard) if heard else case
    if isinstance(event, e.OrderDispatched):
        given = OrderRef(id=event.order, unit=event.unit, matter=event.matter, head=event.head)
        return _with_order(followed, given)
    if isinstance(event, e.OrderReturned | e.OrderRecalled):
        return _with_order(followed, OrderRef(id=event.order, unit=event.unit, ended=True))
    return followed


def _with_order(case: Case, heard: OrderRef) -> Case:
    """The case with what was heard of an order; its end may be heard before its beginning."""
    held = next((order for order in case.orders if order.id == heard.id), heard)
    known = replace(held, ended=True) if heard.ended else replace(heard, ended=held.ended)
    others = (order for order in case.orders if order.id != heard.id)
    return replace(case, orders=tuple(sorted((*others, known), key=lambda order: order.id)))


def advance(case: Case, to: Stage) -> Case:
    """The case at the greatest (round, rank) it was seen at."""
    return replace(case, stage=max(case.stage, to))


def conclude(case: Case, outcome: e.CaseConcluded) -> Outcome:
    """Handling is over: told to the complainant and said to all, once (only intake says so).

    While an enclosure is unreturned the case cannot be closed: its end waits (S2-62, E-86).
    """
    if case.outcome is not None or _is_withdrawn(case):
        return case, []
    if case.outstanding:
        return replace(case, pending=outcome), []
    over = advance(case, stage("concluded", outcome.round))
    ended = replace(over, outcome=outcome.outcome, concluded_at=outcome.concluded_at, pending=None)
    return ended, [*_word(case, outcome), outcome]


def _word(case: Case, outcome: e.CaseConcluded) -> list[e.Event]:
    """Who withdrew was told then; of what goes on at another office, that office tells (E-123)."""
    if outcome.outcome == "passed_on":
        return []
    told = [] if case.goes_on else to_complainants(case, "case_concluded")
    return [*told, *_word_to_forwarders(case)]


def released(outcome: Outcome, at: datetime) -> Outcome:
    """The step that settles the last enclosure also says the end that waited for it (E-86)."""
    case, events = outcome
    if case.pending is None or case.outstanding:
        return case, events
    ready = replace(case, pending=None)
    if case.pending.outcome == "echoed" and case.pending.round < case.stage.round:
        return ready, events  # a newer round is running
    ended, said = conclude(ready, replace(case.pending, concluded_at=at))
    return ended, [*events, *said]


def echoed(case: Case, completed: e.EchoCompleted, at: datetime) -> Outcome:
    """The matter had its echo: conclude, unless a newer round is running already."""
    if completed.round < case.stage.round:
        return case, []
    return conclude(case, e.CaseConcluded(outcome="echoed", round=completed.round, concluded_at=at))


def withdraw(case: Case, why: Binary, stated: Collection[e.GoesOn], at: datetime) -> Outcome:
    """The complainant withdraws (E-29): recorded with the reason, and closed toward the complainant.

    Danger, an accusation and the public interest outlive it: then handling goes on without the complainant.
    """
    if case.outcome is not None or case.withdrawn_at is not None or case.pending is not None:
        raise AlreadyConcluded("该诉求已办结或已撤回，不能再撤回；如有附物未退还，退还后即结案。")
    goes_on = _goes_on(case, stated)
    withdrawn = replace(case, withdrawn_why=why, withdrawn_at=at, goes_on=goes_on)
    if goes_on:
        said = e.ComplainantWithdrew(goes_on=goes_on, withdrawn_at=at)
        return withdrawn, [*to_complainants(case, "case_concluded"), said]
    return conclude(withdrawn, e.CaseConcluded(outcome="withdrawn", round=case.stage.round, concluded_at=at))


def _goes_on(case: Case, stated: Collection[e.GoesOn]) -> tuple[e.GoesOn, ...]:
    """What the case itself shows, and what the officer saw beside it."""
    shown: dict[e.GoesOn, bool] = {
        "danger": "emergency" in case.flags,
        "accusation": any(matter.accusing for matter in case.circle.matters),
        "public_interest": case.interest == "public",
    }
    return tuple(ground for ground, holds in shown.items() if holds or ground in stated)


def restrict(case: Case, at: datetime) -> Outcome:
    """A person asks for erasure: the view is restricted; deletion waits for retention (S0-05, E-35)."""
    if case.restricted_at is not None:
        raise AlreadyRestricted("该诉求已限制查看。")
    return replace(case, restricted_at=at), []


def apply_circle(case: Case, source: str, version: int) -> Case:
    """A service has answered by which circle it decides now (E-73)."""
    return replace(case, applied={**case.applied, source: max(version, case.applied.get(source, 1))})


def reopen(case: Case, at: datetime, *, again: bool = False) -> Outcome:
    """A concluded case goes on in a new round, under its number; what comes makes the next part (E-107).

    Intake alone concludes, and so it alone opens again what it concluded.
    """
    round_ = case.stage.round + 1
    opened = replace(
        case,
        stage=stage("registered", round_),
        outcome=None,
        concluded_at=None,
        closed={},
        late={},
        late_at=None,
        reopened=round_,
    )
    return opened, [e.CaseReopened(round=round_, reopened_at=at, again=again)]


def reopen_archived(case: Case, reason: Binary, by: str, at: datetime) -> Outcome:
    """A person opens an archived case again, with the reason: same number, new part (S2-50, E-107)."""
    if not case.parts or case.outcome is None or case.stage.name != "archived":
        raise NotArchived("只有已归档的诉求可以重新办理；未归档的请直接办理。")
    opened, events = reopen(case, at, again=True)
    noted = Reopening(round=opened.reopened, part=len(case.parts) + 1, by=by, at=at, reason=reason)
    return replace(opened, reopenings=(*case.reopenings, noted)), events


def close_part(case: Case, source: str, count: int, in_round: int) -> Case:
    """A service has said all: so many events belong to its part; what it closed before a reopening is old."""
    if in_round < case.reopened:
        return case
    return replace(case, closed={**case.closed, source: max(count, case.closed.get(source, 0))})


def note_late(case: Case, source: str, sequence: int, at: datetime) -> Case:
    """What a service says behind the part it closed is for the next part (E-107)."""
    if source not in case.closed or sequence <= case.closed[source]:
        return case
    late = {**case.late, source: max(sequence, case.late.get(source, 0))}
    return replace(case, late=late, late_at=at)


def sealable(case: Case) -> bool:
    """Whether the case is over, every service closed its part, and there is something to be sealed."""
    over = case.outcome is not None and all(source in case.closed for source in _SOURCES)
    return over and (_is_open(case) or bool(case.late) or _has_late_files(case))


def note_late_file(case: Case, at: datetime) -> Case:
    """A file behind a sealed part is for the next one: it may be what the case is kept for (S4-54)."""
    return replace(case, late_at=at) if case.parts and not _is_open(case) else case


def next_part(case: Case) -> dict[str, int]:
    """Up to which of its events each service's rows belong to the part that is sealed next."""
    late = {} if _is_open(case) and not case.parts else case.late
    return {source: max(count, late.get(source, 0)) for source, count in case.closed.items()}


def is_quiet(case: Case, now: datetime) -> bool:
    """Whether nothing more seems to come behind a sealed part; one that is open anew waits for its end."""
    return _is_open(case) or case.late_at is None or now - case.late_at >= LATE_QUIET


def seal(case: Case, part: Part, beyond: Mapping[str, int]) -> Outcome:
    """A part of the volume is complete (S2-50, E-107); `beyond` lies behind it already."""
    late = {source: max(n, case.late.get(source, 0)) for source, n in {**case.late, **beyond}.items()}
    left = {source: n for source, n in late.items() if n > part.upto.get(source, 0)}
    parts = (*case.parts, part)
    archived = replace(advance(case, stage("archived", case.stage.round)), parts=parts, late=left)
    gathering = left or _has_late_files(archived)
    archived = replace(archived, late_at=(case.late_at or part.sealed_at) if gathering else None)
    return archived, [e.VolumeSealed(part=part.part, rows=part.rows, head=part.head)]


def _is_open(case: Case) -> bool:
    """Whether no part was sealed since the case was opened, or opened again."""
    return not case.parts or case.parts[-1].round < case.reopened


def _has_late_files(case: Case) -> bool:
    return bool(case.parts) and len(case.files) > files_in(case.parts)


def _is_withdrawn(case: Case) -> bool:
    """The complainant's own word stands, whatever is heard while it waits."""
    return case.pending is not None and case.pending.outcome == "withdrawn"


def to_complainants(case: Case, template: str) -> list[e.Event]:
    """The same message to every complainant who can be reached."""
    return [
        e.MessageRequested(
            message=f"{template.replace('_', '-')}:{party.id}",
            template=template,
            addressee_kind="party",
            addressee=party.id,
        )
        for party in case.parties
        if party.role == "complainant" and party.media
    ]


def _word_to_forwarders(case: Case) -> list[e.Event]:
    """The organ that a letter was forwarded by is told, too, when it asked for it (E-44)."""
    asked = case.arrival.tell_forwarder
    return [
        e.MessageRequested(
            message=f"forwarder-told:{party.id}",
            template="forwarder_told",
            addressee_kind="party",
            addressee=party.id,
        )
        for party in case.parties
        if asked and party.role == "forwarder" and party.media
    ]
