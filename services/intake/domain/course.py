"""The course of a case after registration: its stage, its end, its parts."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bson import Binary

from huiyin.contracts import events as e
from huiyin.contracts.services import SERVICES
from services.intake.domain.case import Case, OrderRef
from services.intake.domain.stages import Stage, reached, stage
from services.intake.errors import AlreadyConcluded, AlreadyRestricted

Outcome = tuple[Case, list[e.Event]]

_SOURCES: Final = SERVICES


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
    """Handling is over: told to the complainant and said to all, once (only intake says so)."""
    if case.outcome is not None:
        return case, []
    concluded = replace(
        advance(case, stage("concluded", outcome.round)),
        outcome=outcome.outcome,
        concluded_at=outcome.concluded_at,
    )
    return concluded, [*_farewell(case), outcome]


def echoed(case: Case, completed: e.EchoCompleted, at: datetime) -> Outcome:
    """The matter had its echo: conclude, unless a newer round is running already."""
    if completed.round < case.stage.round:
        return case, []
    return conclude(case, e.CaseConcluded(outcome="echoed", round=completed.round, concluded_at=at))


def withdraw(case: Case, why: Binary, at: datetime) -> Outcome:
    """The complainant withdraws (E-29): recorded with the reason, and closed toward the complainant."""
    if case.outcome is not None:
        raise AlreadyConcluded("该诉求已办结，不能再撤回。")
    said = e.CaseConcluded(outcome="withdrawn", round=case.stage.round, concluded_at=at)
    return conclude(replace(case, withdrawn_why=why), said)


def restrict(case: Case, at: datetime) -> Outcome:
    """A person asks for erasure: the view is restricted; deletion waits for retention (S0-05, E-35)."""
    if case.restricted_at is not None:
        raise AlreadyRestricted("该诉求已限制查看。")
    return replace(case, restricted_at=at), []


def apply_circle(case: Case, source: str, version: int) -> Case:
    """A service has answered by which circle it decides now (E-73)."""
    return replace(case, applied={**case.applied, source: max(version, case.applied.get(source, 1))})


def close_part(case: Case, source: str, count: int) -> Case:
    """A service has said all: so many events belong to its part."""
    return replace(case, closed={**case.closed, source: max(count, case.closed.get(source, 0))})


def sealable(case: Case) -> bool:
    """Whether every service closed its part and the volume is not sealed yet."""
    return case.volume_head is None and all(source in case.closed for source in _SOURCES)


def seal(case: Case, rows: int, head: str) -> Outcome:
    """The volume's first part is complete (S2-50)."""
    if case.volume_head is not None:
        return case, []
    archived = replace(advance(case, stage("archived", case.stage.round)), volume_head=head)
    return archived, [e.VolumeSealed(part=1, rows=rows, head=head)]


def _farewell(case: Case) -> list[e.Event]:
    return [
        e.MessageRequested(
            message=f"case-concluded:{party.id}",
            template="case_concluded",
            addressee_kind="party",
            addressee=party.id,
        )
        for party in case.parties
        if party.role == "complainant" and party.media
    ]
