"""What was done by somebody who had a conflict is reviewed again by somebody who has none (E-75)."""

from dataclasses import replace
from datetime import datetime

from huiyin.contracts.events import CircleChanged
from services.supervision.domain.clock import Clock
from services.supervision.domain.dates import Rules
from services.supervision.domain.doubts import Demand, handle_again
from services.supervision.domain.supervision import Decided, Decision, Rereview, Supervision
from services.supervision.errors import NotPending, OwnResult


def note(supervision: Supervision, changed: CircleChanged) -> Supervision:
    """Approved results that stand on the word or the work of somebody who is walled off now."""
    if supervision.concluded:
        return supervision
    known = {rereview.order for rereview in supervision.rereviews if rereview.decision is None}
    touched = [clock for clock in supervision.clocks if _is_touched(supervision, clock)]
    fresh = tuple(
        Rereview(order=clock.order, reply=clock.replies[-1].n, noted_at=changed.changed_at)
        for clock in touched
        if clock.order not in known and clock.matter in changed.matters
    )
    return replace(supervision, rereviews=(*supervision.rereviews, *fresh))


def decide(
    supervision: Supervision,
    order: str,
    decision: Decision,
    demand: Demand,
    unit: str,
    rules: Rules,
    now: datetime,
) -> Decided:
    """Somebody untouched lets the result stand, or has the order handled again."""
    pending = next((one for one in supervision.to_rereview if one.order == order), None)
    if pending is None:
        raise NotPending(f"工单 {order} 没有待重新审核的结果。")
    clock = supervision.clock(order)
    if clock.unit == unit:
        raise OwnResult("不能审核本单位办理的结果，请由其他单位的督办人员审核。")
    done = replace(pending, decision=decision, explanation=demand.words, decided_by=demand.by)
    changed = tuple(done if one == pending else one for one in supervision.rereviews)
    decided = replace(supervision, rereviews=changed)
    return (decided, []) if decision == "uphold" else handle_again(decided, (clock,), demand, rules, now)


def _is_touched(supervision: Supervision, clock: Clock) -> bool:
    """Whether an approved result was handled or judged by somebody who stands in the circle now."""
    if clock.state != "approved":
        return False
    shut = supervision.circle.of(clock.matter)
    judged_by = {reply.judged_by for reply in clock.replies if reply.verdict == "approved"}
    return supervision.is_walled_off(clock) or not judged_by.isdisjoint({*shut.accused, *shut.recused})
