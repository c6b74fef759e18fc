"""When an order's clock starts, and what stops it; all by the office time of the act itself."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from huiyin.chassis.errors import NotYet
from huiyin.chassis.rulebook import Rulebook, Term
from huiyin.chassis.rulebook.values import Start
from huiyin.contracts.events import (
    DeadlineReason,
    Event,
    OrderAccepted,
    OrderDispatched,
    OrderRecalled,
    OrderReturned,
    ReplySubmitted,
)
from services.supervision.domain.clock import Clock, Ending, Limit, Reply
from services.supervision.domain.dates import Rules
from services.supervision.domain.slips import withdraw_wrong
from services.supervision.domain.supervision import Case, Decided, Supervision

#: The reasons of a date that the case's class sets.
_BY_CLASS: Final[frozenset[DeadlineReason]] = frozenset({"started", "reclassified"})


def term_of(case: Case, book: Rulebook) -> tuple[Term, Start]:
    """The case's term and where it starts: the law first, then the channel's own, then the class.

    X-34 (consumer complaints beat everything), X-04, XI-04 (letters), X-01…X-03.
    """
    legal = book.legal_class.get(case.legal_class or "")
    if legal is not None:
        return legal.term or _office_term(case, book), legal.start
    channel = book.deadline.by_channel.get(case.channel)
    if channel is not None and case.difficulty in channel.classes:
        return channel.term, channel.start
    return _office_term(case, book), book.deadline.start


def _office_term(case: Case, book: Rulebook) -> Term:
    by_class = book.deadline.classes.get(case.difficulty)
    term = by_class or book.deadline.urgency.get(case.priority) or book.deadline.general
    assert term is not None, "the rulebook's checks leave no case without a limit"
    return term


def dispatched(supervision: Supervision, order: OrderDispatched, rules: Rules) -> Decided:
    """A unit was given an order: its clock begins, unless it waits for the acceptance (X-04, E-12)."""
    if supervision.knows(order.order):
        return supervision, []
    clock = Clock(
        order=order.order,
        matter=order.matter,
        unit=order.unit,
        role=order.role,
        round=order.round,
        dispatched_at=order.dispatched_at,
        head=order.head,
    )
    _, start = term_of(supervision.case, rules.book)
    if _date_goes_on(supervision.case, order, start):
        return _taken_over(supervision, clock, rules)
    if start == "unit_received":
        return supervision.with_clock(clock), []
    start_at = order.dispatched_at if start == "assigned" else supervision.case.accepted_at
    return _started(supervision, clock, start_at, order.dispatched_at, rules)


def accepted(supervision: Supervision, order: OrderAccepted, rules: Rules) -> Decided:
    """The unit took the order: a clock that waited for that begins (X-04, S2-63, S4-55)."""
    clock = _known(supervision, order.order)
    if clock.accepted_at is not None:
        return supervision, []
    clock = replace(clock, accepted_at=order.accepted_at)
    if clock.limits:
        return supervision.with_clock(clock), []
    return _started(supervision, clock, order.accepted_at, order.accepted_at, rules)


def ended(
    supervision: Supervision, order: OrderReturned | OrderRecalled, ending: Ending, now: datetime
) -> Decided:
    """The order ended without a result; what its unit was urged for after that is taken back (E-57)."""
    clock = _known(supervision, order.order)
    if clock.ended is not None:
        return supervision, []
    at = order.returned_at if isinstance(order, OrderReturned) else order.recalled_at
    stopped = supervision.with_clock(replace(clock, ended=ending))
    return withdraw_wrong(stopped, order.order, at, now)


def replied(supervision: Supervision, reply: ReplySubmitted, now: datetime) -> Decided:
    """A final reply stops the clock, on time or late by when it was submitted; an interim one does not.

    E-06, E-98, E-106. Slips that the reply forestalled are withdrawn.
    """
    clock = _known(supervision, reply.order)
    if any(r.n == reply.reply for r in clock.replies):
        return supervision, []
    kept = Reply(n=reply.reply, round=reply.round, submitted_at=reply.submitted_at, verdict="interim")
    if not reply.final:
        return supervision.with_clock(clock.with_reply(kept)), []
    limit = clock.own_limit
    if limit is None:
        raise NotYet(f"order {reply.order} was replied to before its acceptance was heard")
    final = replace(kept, verdict="pending", on_time=reply.submitted_at < limit.due_at)
    stopped = _lapse(supervision.with_clock(clock.with_reply(final)), reply.order)
    return withdraw_wrong(stopped, reply.order, reply.submitted_at, now)


def raised(supervision: Supervision, rules: Rules, at: datetime) -> Decided:
    """The case is of a longer class now: what runs has the new term, counted from where it started (E-11).

    Only before expiry; a date that was granted or set for re-handling stays. Why stands with the case.
    """
    events: list[Event] = []
    for clock in supervision.running:
        longer = _longer(supervision, clock, rules, at)
        if longer is not None:
            supervision = supervision.with_clock(clock.with_limit(longer))
            events.append(clock.with_limit(longer).deadline_set())
    return supervision, events


def _longer(supervision: Supervision, clock: Clock, rules: Rules, at: datetime) -> Limit | None:
    held = clock.limits[-1]
    if held.reason not in _BY_CLASS or held.expired or held.due_at <= at:
        return None
    term, _ = term_of(supervision.case, rules.book)
    new = rules.capped(rules.counted("reclassified", held.start, at, term), supervision.case.accepted_at)
    return new if new.due_at > held.due_at else None


def recompute(supervision: Supervision, rules: Rules, calendar: str) -> Decided:
    """A year was published or changed: dates in force are counted again, the old ones kept (E-10)."""
    events = []
    for clock in supervision.running:
        changed = _recounted(supervision, clock, rules)
        if changed != clock:
            supervision = supervision.with_clock(changed)
            events.append(replace(changed.deadline_set(), reason="recomputed"))
    return replace(supervision, calendar=calendar), events


def _recounted(supervision: Supervision, clock: Clock, rules: Rules) -> Clock:
    old = clock.limits[-1]
    if old.term is None or old.expired:
        return clock
    new = rules.counted(old.reason, old.start, old.begun_at, old.term)
    if old.reason in _BY_CLASS:
        new = rules.capped(new, supervision.case.accepted_at)
    return clock.limit_changed(lambda _: replace(new, urged=old.urged, slip=old.slip))


def _started(
    supervision: Supervision, clock: Clock, start: datetime, begun_at: datetime, rules: Rules
) -> Decided:
    term, _ = term_of(supervision.case, rules.book)
    limit = rules.capped(rules.counted("started", start, begun_at, term), supervision.case.accepted_at)
    started = clock.with_limit(limit)
    said = [] if supervision.concluded or clock.ended else [started.deadline_set()]
    return supervision.with_clock(started), said


def _date_goes_on(case: Case, order: OrderDispatched, start: Start) -> bool:
    """The older system's date holds for its unit, and for any other where the case itself has the term."""
    return case.taken_over is not None and (order.ground == "taken_over" or start == "accepted")


def _taken_over(supervision: Supervision, clock: Clock, rules: Rules) -> Decided:
    """The clock goes on by the older system's date; what fell due before falls due once, now."""
    case = supervision.case
    assert case.taken_over is not None
    limit = rules.given("taken_over", case.taken_over.due_on, case.received_at, clock.dispatched_at)
    started = clock.with_limit(limit)
    said = [] if supervision.concluded else [started.deadline_set()]
    return supervision.with_clock(started), said


def _known(supervision: Supervision, order: str) -> Clock:
    if not supervision.knows(order):
        raise NotYet(f"order {order} is not known here yet")
    return supervision.clock(order)


def _lapse(supervision: Supervision, order: str) -> Supervision:
    """The unit has replied: what it asked more time for is settled."""
    for extension in supervision.extensions:
        if extension.order == order and extension.state == "pending":
            supervision = supervision.extension_changed(replace(extension, state="lapsed"))
    return supervision
