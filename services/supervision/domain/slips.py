"""Numbered slips: urging, written supervision, and the notice that takes a wrong one back."""

from dataclasses import replace
from datetime import datetime

from huiyin.contracts.events import Event, OrderUrged, SlipWithdrawn, SupervisionIssued
from services.supervision.domain import messages
from services.supervision.domain.clock import Clock, Limit
from services.supervision.domain.supervision import Decided, Slip, SlipKind, Supervision


def urge(supervision: Supervision, clock: Clock, limit: Limit, now: datetime) -> Decided:
    """The urging slip before the limit, or at its end, numbered upwards in the case (S2-35…S2-38, S0-16)."""
    slip = _next_slip(supervision, "urge", clock, limit, now, wrong_before=now)
    urged = OrderUrged(
        slip=slip.id,
        ordinal=slip.ordinal,
        order=clock.order,
        unit=clock.unit,
        due_on=limit.due_on,
        urged_at=now,
    )
    told = messages.to_unit(
        f"order-urged:{slip.id}",
        "order_urged",
        clock,
        slip=slip.id,
        ordinal=str(slip.ordinal),
        due_on=limit.due_on.isoformat(),
    )
    return _kept(supervision, slip), [urged, told]


def supervise(supervision: Supervision, clock: Clock, missed: Limit, new: Limit, now: datetime) -> Decided:
    """Written supervision at expiry, with a limit of its own (S4-42, S4-43)."""
    slip = _next_slip(supervision, "supervision", clock, missed, now, wrong_before=missed.due_at)
    supervised = clock.with_limit(replace(new, slip=slip.id))
    issued = SupervisionIssued(
        slip=slip.id,
        ordinal=slip.ordinal,
        order=clock.order,
        unit=clock.unit,
        overdue_since=missed.due_on,
        due_on=new.due_on,
        issued_at=now,
    )
    told = messages.to_unit(
        f"supervision-issued:{slip.id}",
        "supervision_issued",
        clock,
        slip=slip.id,
        overdue_since=missed.due_on.isoformat(),
        due_on=new.due_on.isoformat(),
    )
    return _kept(supervision.with_clock(supervised), slip), [issued, supervised.deadline_set(), told]


def written(supervision: Supervision, order: str) -> int:
    """How many written supervisions of an order stand, those of an older system included."""
    return supervision.case.slips_before("supervision") + sum(
        s.order == order and s.kind == "supervision" and not s.notice for s in supervision.slips
    )


def withdraw_wrong(supervision: Supervision, order: str, done_at: datetime, now: datetime) -> Decided:
    """Take back each slip of an order that was done before it needed one (lateness is never heard late)."""
    wrong = [s for s in supervision.slips if s.order == order and not s.notice and done_at < s.wrong_before]
    events: list[Event] = []
    for slip in wrong:
        supervision, said = _withdraw(supervision, slip, now)
        events += said
    clock = supervision.clock(order)
    restored = _without(clock, {slip.id for slip in wrong}, done_at)
    supervision = supervision.with_clock(restored)
    if restored.limit != clock.limit and not supervision.concluded:
        events.append(replace(restored.deadline_set(), reason="recomputed"))
    return supervision, events


def _withdraw(supervision: Supervision, slip: Slip, now: datetime) -> Decided:
    notice = f"withdrawal-{sum(bool(s.notice) for s in supervision.slips) + 1}"
    clock = supervision.clock(slip.order)
    withdrawn = SlipWithdrawn(
        slip=slip.id, notice=notice, order=slip.order, unit=clock.unit, withdrawn_at=now
    )
    told = messages.to_unit(f"slip-withdrawn:{notice}", "slip_withdrawn", clock, slip=slip.id, notice=notice)
    return supervision.slip_changed(replace(slip, notice=notice)), [withdrawn, told]


def _without(clock: Clock, slips: set[str], done_at: datetime) -> Clock:
    """The clock as it would stand had the wrong slips never been issued."""
    left = (limit for limit in clock.limits if limit.slip not in slips)
    return replace(clock, limits=tuple(_unexpired(limit, done_at) for limit in left))


def _unexpired(limit: Limit, done_at: datetime) -> Limit:
    return replace(limit, expired=False) if done_at < limit.due_at else limit


def _next_slip(
    supervision: Supervision,
    kind: SlipKind,
    clock: Clock,
    limit: Limit,
    now: datetime,
    wrong_before: datetime,
) -> Slip:
    ordinal = supervision.case.slips_before(kind) + sum(s.kind == kind for s in supervision.slips) + 1
    return Slip(
        id=f"{kind}-{ordinal}",
        kind=kind,
        ordinal=ordinal,
        order=clock.order,
        due_on=limit.due_on,
        wrong_before=wrong_before,
        issued_at=now,
    )


def _kept(supervision: Supervision, slip: Slip) -> Supervision:
    return replace(supervision, slips=(*supervision.slips, slip))
