"""A complainant who is not satisfied: a review, and then a new round or a result that stands (E-110)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bson import Binary

from huiyin.chassis.errors import NotYet
from huiyin.contracts.events import CaseReopened, EvaluationDissatisfied, Event, ResultUpheld, RoundRaised
from services.supervision.domain.clock import Clock, Return
from services.supervision.domain.dates import Rules
from services.supervision.domain.review import rehandling_term, send_back
from services.supervision.domain.supervision import Decided, Decision, Dissatisfaction, Supervision
from services.supervision.errors import NotPending, OwnResult, WrongState


def doubt(
    supervision: Supervision, heard: EvaluationDissatisfied, sequence: int, rules: Rules, now: datetime
) -> Decided:
    """Not satisfied opens a review, not a new round (E-110); a round that is past is no longer doubted."""
    if heard.round > supervision.round:
        raise NotYet(f"round {heard.round} is not known here yet")
    if heard.round < supervision.round:
        return supervision, []
    book = rules.book
    if book.review.dissatisfied == "none":
        return supervision, [ResultUpheld(round=heard.round, upheld_at=now)]
    return _noted(supervision, heard, sequence), []


def uphold(supervision: Supervision, explanation: Binary, by: str, unit: str, now: datetime) -> Decided:
    """The result stands, with an explanation (S4-17, E-103); nobody upholds their own unit's (E-77)."""
    matters = _doubted(supervision).matters
    _require_others(unit, [clock for clock in supervision.clocks if clock.matter in matters])
    upheld = ResultUpheld(round=supervision.round, upheld_at=now)
    return _decided(supervision, "uphold", explanation, by), [upheld]


def rehandle(
    supervision: Supervision,
    explanation: Binary,
    by: str,
    unit: str,
    limit_wd: int | None,
    rules: Rules,
    now: datetime,
) -> Decided:
    """The doubted matters are handled again in the next round, each order by a new date (E-110, E-100)."""
    clocks = _doubted_clocks(supervision)
    _require_others(unit, clocks)
    decided = _decided(supervision, "rehandle", explanation, by)
    return handle_again(decided, clocks, Demand(explanation, by, limit_wd), rules, now)


@dataclass(frozen=True)
class Demand:
    """What is demanded of whoever handles again (sealed), by whom, and in how many working days."""

    words: Binary
    by: str
    limit_wd: int | None


def handle_again(
    supervision: Supervision, clocks: Sequence[Clock], demand: Demand, rules: Rules, now: datetime
) -> Decided:
    """These orders are handled again in the next round; one of a unit that is walled off goes to another."""
    raised = supervision.round + 1
    events: list[Event] = [
        RoundRaised(round=raised, orders=tuple(clock.order for clock in clocks), raised_at=now)
    ]
    supervision = replace(supervision, round=raised)
    for clock in clocks:
        if not supervision.is_walled_off(clock):
            again, made = _reopened(clock, raised), _return(clock, demand, raised, rules, now)
            term = rehandling_term(demand.limit_wd, rules.book)
            supervision, said = send_back(supervision, again, made, term, rules, now)
            events += said
    return supervision, events


def reopen(
    supervision: Supervision, reopened: CaseReopened, demand: Demand, rules: Rules, now: datetime
) -> Decided:
    """An archived case was opened again: what was approved is handled again, by a new date (E-107)."""
    if reopened.round <= supervision.reopened:
        return supervision, []
    opened = replace(supervision, concluded=False, reopened=reopened.round)
    approved = tuple(clock for clock in opened.clocks if clock.state == "approved")
    if not approved:
        return replace(opened, round=max(opened.round, reopened.round)), []
    return handle_again(opened, approved, demand, rules, now)


def _require_others(unit: str, clocks: Sequence[Clock]) -> None:
    if unit in {clock.unit for clock in clocks}:
        raise OwnResult("不能复核本单位办理的结果，请由其他单位的督办人员复核。")


def _noted(supervision: Supervision, heard: EvaluationDissatisfied, sequence: int) -> Supervision:
    """The doubted matters are said whole; an older word, or one after the decision, is ignored."""
    held = next((d for d in supervision.dissatisfactions if d.round == heard.round), None)
    if held is not None and (held.decision is not None or held.said >= sequence):
        return supervision
    others = tuple(d for d in supervision.dissatisfactions if d.round != heard.round)
    noted = Dissatisfaction(round=heard.round, said=sequence, matters=heard.matters)
    return replace(supervision, dissatisfactions=(*others, noted))


def _doubted(supervision: Supervision) -> Dissatisfaction:
    doubted = supervision.doubted
    if doubted is None:
        raise NotPending("该诉求没有待复核的不满意评价。")
    return doubted


def _doubted_clocks(supervision: Supervision) -> tuple[Clock, ...]:
    matters = _doubted(supervision).matters
    if not supervision.clocks:  # it came again with a result that was reviewed first (E-39)
        return ()
    clocks = tuple(c for c in supervision.clocks if c.matter in matters and c.state == "approved")
    if not clocks:
        raise WrongState("不满意的事项没有已办结的工单，无法重办；请维持结果并作解释。")
    return clocks


def _decided(supervision: Supervision, decision: Decision, explanation: Binary, by: str) -> Supervision:
    doubted = _doubted(supervision)
    decided = replace(doubted, decision=decision, explanation=explanation, decided_by=by)
    changed = (decided if d == doubted else d for d in supervision.dissatisfactions)
    return replace(supervision, dissatisfactions=tuple(changed))


def _reopened(clock: Clock, raised: int) -> Clock:
    final = clock.last_final
    assert final is not None, "an approved order has a final reply"
    return replace(clock.with_reply(replace(final, verdict="reopened")), round=raised)


def _return(clock: Clock, demand: Demand, raised: int, rules: Rules, now: datetime) -> Return:
    final = clock.last_final
    assert final is not None, "an approved order has a final reply"
    return Return(
        reply=final.n,
        round=raised,
        failed=(),
        demands=demand.words,
        due_on=rules.day_of(now),
        returned_at=now,
        by=demand.by,
    )
