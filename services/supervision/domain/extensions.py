"""More time: asked by the unit, consented by the office, never beyond the cap."""

from dataclasses import replace
from datetime import date, datetime

from bson import Binary

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import ExtensionAsked, ExtensionGranted, ExtensionRefused, MessageRequested
from services.supervision.domain import messages
from services.supervision.domain.clock import Clock, Limit
from services.supervision.domain.dates import Rules
from services.supervision.domain.supervision import Case, Decided, Extension, Supervision
from services.supervision.errors import (
    BadDate,
    NotApprover,
    NotExtendable,
    NotPending,
    NotYourOrder,
    OwnResult,
    TooLate,
    WrongState,
)


def ask(
    supervision: Supervision, order: str, unit: str, request: Extension, rules: Rules, now: datetime
) -> Decided:
    """The unit asks for more time, before expiry and inside the cap (S4-36, S4-37, E-17…E-19)."""
    clock = supervision.clock(order)
    if clock.unit != unit:
        raise NotYourOrder("这张工单不是派给贵单位的。")
    limit = _limit_in_time(supervision, clock, now)
    _check_allowed(supervision, clock, rules.book)
    _check_date(request.until, clock, limit, supervision.case, rules)
    numbered = replace(request, id=f"extension-{len(supervision.extensions) + 1}", order=order)
    asked = ExtensionAsked(extension=numbered.id, order=order, unit=unit, until=numbered.until)
    return replace(supervision, extensions=(*supervision.extensions, numbered)), [asked]


def grant(
    supervision: Supervision, extension: str, by: str, answer: Binary | None, rules: Rules, now: datetime
) -> Decided:
    """Consent: the new date holds; a slip issued while it was undecided stays (E-17, E-117)."""
    asked, clock = _pending(supervision, extension)
    if asked.until < rules.day_of(now):
        raise TooLate("所申请的日期已过，不能再同意；请予驳回，由承办单位按督办期限办理。")
    limit = rules.given("extended", asked.until, clock.limits[-1].start, now)
    extended = clock.with_limit(limit)
    decided = replace(asked, state="granted", answer=answer, decided_by=by)
    granted = ExtensionGranted(extension=asked.id, order=clock.order, due_on=limit.due_on)
    told = _told(asked, clock, "同意延期", limit.due_on)
    changed = supervision.extension_changed(decided).with_clock(extended)
    return changed, [granted, extended.deadline_set(), told]


def refuse(supervision: Supervision, extension: str, by: str, answer: Binary) -> Decided:
    """No consent: the date stands, the reason is kept (S4-36)."""
    asked, clock = _pending(supervision, extension)
    decided = replace(asked, state="refused", answer=answer, decided_by=by)
    refused = ExtensionRefused(extension=asked.id, order=clock.order)
    told = _told(asked, clock, "不同意延期", clock.limits[-1].due_on)
    return supervision.extension_changed(decided), [refused, told]


def check_approver(clock: Clock, may_approve: bool, unit: str, book: Rulebook) -> None:
    """Only the rulebook's approver consents (or who stands in), never for the own unit (S4-36, E-77)."""
    if not may_approve:
        raise NotApprover(f"本机构的延期申请由 {book.extension.approver} 审批。")
    if clock.unit == unit:
        raise OwnResult("不能审批本单位提出的延期申请。")


def _limit_in_time(supervision: Supervision, clock: Clock, now: datetime) -> Limit:
    limit = clock.own_limit
    if limit is None:
        raise WrongState("该工单尚未接单，期限尚未起算，无需申请延期。")
    if supervision.concluded or not clock.running:
        raise WrongState("该工单已不在办理中，不能申请延期。")
    if limit.due_at <= now:
        raise TooLate("办理期限已过，不能再申请延期；请尽快办结并说明逾期原因。")
    if any(asked.order == clock.order for asked in supervision.asked):
        raise WrongState("该工单已有一份延期申请待审批，请等候决定。")
    return limit


def _check_allowed(supervision: Supervision, clock: Clock, book: Rulebook) -> None:
    if not book.extension.allowed:
        raise NotExtendable("本机构的规定不允许延期；不能按期办结的，请向交办人说明情况。")
    if clock.role == "assisting" and book.extension.lead_only:
        raise NotExtendable("协办单位不能单独申请延期，请由主办单位申请。")
    case = supervision.case
    legal = book.legal_class.get(case.legal_class or "")
    if legal is not None and not legal.extendable:
        raise NotExtendable(f"“{legal.name}”的期限由法律规定，不能延期。")
    if {case.legal_class, case.difficulty, case.priority, *case.flags} & set(book.extension.not_for):
        raise NotExtendable("此类诉求按规定不能延期。")


def _check_date(until: date, clock: Clock, limit: Limit, case: Case, rules: Rules) -> None:
    if until <= limit.due_on:
        raise BadDate(f"延期日期须晚于现有期限 {limit.due_on}。", {"until": "not later than the limit"})
    last = _last_day(clock, case, rules)
    if until > last:
        raise BadDate(f"延期最晚至 {last}，请改报不晚于该日的日期。", {"until": "beyond the cap"})


def _last_day(clock: Clock, case: Case, rules: Rules) -> date:
    """The cap on the whole (or on what is added), and the petition rules' time point (S4-37, E-15)."""
    book, first = rules.book, clock.limits[0]
    assert book.extension.cap is not None, "the rulebook's checks want it"
    since = rules.day_of(first.start) if book.extension.cap_counts == "total" else first.due_on
    capped = rules.last_day(since, book.extension.cap).on
    time_point = rules.time_point(case.accepted_at)
    return capped if time_point is None else min(capped, time_point.on)


def _pending(supervision: Supervision, extension: str) -> tuple[Extension, Clock]:
    asked = supervision.extension(extension)
    if asked not in supervision.asked:
        raise NotPending("该延期申请已有决定，或工单已不在办理中。")
    return asked, supervision.clock(asked.order)


def _told(asked: Extension, clock: Clock, decision: str, due_on: date) -> MessageRequested:
    return messages.to_unit(
        f"extension-decided:{asked.id}",
        "extension_decided",
        clock,
        decision=decision,
        due_on=due_on.isoformat(),
    )
