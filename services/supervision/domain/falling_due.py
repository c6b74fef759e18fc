"""What happens when a moment comes: urging before the limit, the office's actions at expiry."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from huiyin.contracts.events import Event, MessageRequested
from huiyin.contracts.roles import Role
from services.supervision.domain import messages, slips
from services.supervision.domain.clock import Clock, Limit
from services.supervision.domain.dates import Rules
from services.supervision.domain.supervision import Decided, Supervision
from services.supervision.errors import NoLongerDue


@dataclass(frozen=True)
class Act:
    """What falls due on a clock, and when."""

    order: str
    kind: Literal["urge", "overdue"]
    moment: datetime


def next_at(supervision: Supervision) -> datetime | None:
    """The earliest moment at which something falls due; None when nothing will."""
    return min((act.moment for clock in supervision.running for act in _acts(clock)), default=None)


def due_acts(supervision: Supervision, now: datetime) -> tuple[Act, ...]:
    """What is due, one act a clock: who is overdue is not urged as well (E-22)."""
    acts = (_due_act(clock, now) for clock in supervision.running)
    return tuple(sorted((act for act in acts if act is not None), key=lambda act: (act.moment, act.order)))


def fall_due(supervision: Supervision, act: Act, rules: Rules, now: datetime) -> Decided:
    """Do what is due, once; NoLongerDue when it was done or the order finished meanwhile."""
    if act not in due_acts(supervision, now):
        raise NoLongerDue("该时限事项已处理。")
    clock = supervision.clock(act.order)
    limit = clock.limits[-1]
    if act.kind == "urge":
        urged = clock.limit_changed(lambda x: replace(x, urged=True))
        return slips.urge(supervision.with_clock(urged), urged, limit, now)
    return _expire(supervision, clock, limit, rules, now)


def _acts(clock: Clock) -> tuple[Act, ...]:
    limit = clock.limits[-1]
    if limit.expired:
        return ()
    overdue = Act(clock.order, "overdue", limit.due_at)
    if limit.urge_at is None or limit.urged:
        return (overdue,)
    return Act(clock.order, "urge", limit.urge_at), overdue


def _due_act(clock: Clock, now: datetime) -> Act | None:
    due = [act for act in _acts(clock) if act.moment <= now]
    return due[-1] if due else None


def _expire(supervision: Supervision, clock: Clock, missed: Limit, rules: Rules, now: datetime) -> Decided:
    """At expiry, unfinished: what the office's rules want (X-07, X-08, S0-16, S2-40, S4-42, S4-43)."""
    book = rules.book
    expired = clock.limit_changed(lambda x: replace(x, expired=True))
    supervision, events = supervision.with_clock(expired), list[Event]()
    if "written_supervision" in book.overdue.actions:
        assert book.overdue.new_limit is not None, "the rulebook's checks want it"
        new = rules.counted("supervised", now, now, book.overdue.new_limit)
        supervision, said = slips.supervise(supervision, expired, missed, new, now)
        events += said
    elif book.urge.after:
        supervision, said = slips.urge(supervision, expired, missed, now)
        events += said
    events += _explain(supervision, clock, missed, rules)
    return supervision, events


def _explain(supervision: Supervision, clock: Clock, missed: Limit, rules: Rules) -> list[MessageRequested]:
    """Whoever assigned it and the complainant are told at the first expiry, leaders after enough slips."""
    book = rules.book
    first = missed.reason != "supervised"
    roles: list[Role] = []
    if first and "explain_to_assigner" in book.overdue.actions:
        roles.append(book.overdue.explain_to)
    if _leader_told(supervision, clock, rules):
        roles.append("leader")
    explained = [_to_role(clock, missed.due_on, role) for role in dict.fromkeys(roles)]
    if first and "explain_to_complainant" in book.overdue.actions:
        explained += [_to_party(clock, missed.due_on, party) for party in supervision.case.complainants]
    return explained


def _leader_told(supervision: Supervision, clock: Clock, rules: Rules) -> bool:
    """After `max_slips` written slips leaders are told, too; without slips at the first expiry."""
    book = rules.book
    if "written_supervision" in book.overdue.actions:
        return slips.written(supervision, clock.order) > book.overdue.max_slips
    return "tell_leader" in book.overdue.actions


def _to_role(clock: Clock, due_on: date, role: Role) -> MessageRequested:
    name = f"explain-overdue:{clock.order}:{due_on}"
    return messages.to_role(name, "explain_overdue", role, clock, due_on=due_on.isoformat())


def _to_party(clock: Clock, due_on: date, party: str) -> MessageRequested:
    name = f"explain-overdue:{clock.order}:{due_on}"
    return messages.to_party(name, "explain_overdue", party, due_on=due_on.isoformat())
