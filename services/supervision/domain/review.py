"""Judging a reply by the office's criteria, and returning it with demands and a limit."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bson import Binary

from huiyin.chassis.rulebook import Rulebook, Term
from huiyin.contracts.events import Event, ReplyApproved, ReplyReturned
from services.supervision.domain import messages
from services.supervision.domain.clock import Clock, Judgement, Reply, Return
from services.supervision.domain.dates import Rules
from services.supervision.domain.supervision import Decided, Supervision
from services.supervision.errors import BadJudgement, OwnResult, WrongState


@dataclass(frozen=True, kw_only=True)
class Review:
    """What a reviewer says of a reply; demands and reasons are sealed."""

    order: str
    reply: int
    judgements: tuple[Judgement, ...]
    demands: Binary | None
    limit_wd: int | None
    by: str
    unit: str

    @property
    def failed(self) -> tuple[str, ...]:
        """The criteria that the reply did not meet."""
        return tuple(j.criterion for j in self.judgements if j.result == "fail")


def judge(supervision: Supervision, review: Review, rules: Rules, now: datetime) -> Decided:
    """Criterion by criterion; one that fails sends the reply back (S2-42…S2-49, S4-44, E-77)."""
    clock = supervision.clock(review.order)
    if supervision.concluded:
        raise WrongState("该诉求已办结，不再审核。")
    if review.unit == clock.unit:
        raise OwnResult("不能审核本单位办理的结果，请由其他单位的督办人员审核。")
    reply = clock.pending_reply(review.reply)
    check_judgements(review.judgements, rules.book)
    judged = replace(reply, judgements=review.judgements, judged_by=review.by, judged_at=now)
    if review.failed:
        return _return(supervision, clock, judged, review, rules, now)
    return _approve(supervision, clock, judged, review, now)


def check_judgements(judgements: Sequence[Judgement], book: Rulebook) -> None:
    """Each criterion exactly once; not applicable only where it may be, with a reason (E-105)."""
    counts = Counter(j.criterion for j in judgements)
    criteria = {criterion.id: criterion for criterion in book.review.criteria}
    if unknown := sorted(counts.keys() - criteria.keys()):
        raise BadJudgement(f"审核标准中没有“{unknown[0]}”。", {"results": f"unknown: {unknown[0]}"})
    for criterion in book.review.criteria:
        if counts[criterion.id] != 1:
            raise BadJudgement(
                f"标准“{criterion.name}”须审核一次且仅一次。", {"results": f"exactly once: {criterion.id}"}
            )
    for judgement in judgements:
        criterion = criteria[judgement.criterion]
        if judgement.result != "not_applicable":
            continue
        if not criterion.may_be_not_applicable:
            raise BadJudgement(f"标准“{criterion.name}”不能选“不适用”。")
        if judgement.reason is None:
            raise BadJudgement(f"标准“{criterion.name}”选“不适用”须说明理由。")


def send_back(
    supervision: Supervision, clock: Clock, returned: Return, term: Term, rules: Rules, now: datetime
) -> Decided:
    """The unit works again, by a new date; leaders are told of too many times (E-100, E-101)."""
    limit = rules.counted("returned", now, now, term)
    again = replace(clock, returns=(*clock.returns, replace(returned, due_on=limit.due_on))).with_limit(limit)
    book, times = rules.book, len(again.returns)
    said: list[Event] = [
        again.deadline_set(),
        messages.returned(clock, times, limit.due_on),
    ]
    if times >= book.review.rounds_to_leader:
        said.append(messages.leader_needed(clock, times))
    return supervision.with_clock(again), said


def rehandling_term(limit_wd: int | None, book: Rulebook) -> Term:
    """The limit the supervisor gives, else the office's: there always is one (S4-45, E-100)."""
    return book.review.rehandle_limit if limit_wd is None else Term(amount=limit_wd, unit="wd")


def _approve(supervision: Supervision, clock: Clock, judged: Reply, review: Review, now: datetime) -> Decided:
    if review.demands is not None:
        raise BadJudgement("各项标准均已通过，不能再提重办要求；如需重办，请将相应标准评为不通过。")
    approved = ReplyApproved(
        order=clock.order, reply=judged.n, round=judged.round, approved_at=now, unit=clock.unit
    )
    return supervision.with_clock(clock.with_reply(replace(judged, verdict="approved"))), [approved]


def _return(
    supervision: Supervision, clock: Clock, judged: Reply, review: Review, rules: Rules, now: datetime
) -> Decided:
    if review.demands is None:
        raise BadJudgement("退回重办须写明具体要求。", {"demands": "required"})
    term = rehandling_term(review.limit_wd, rules.book)
    made = Return(
        reply=judged.n,
        round=judged.round,
        failed=review.failed,
        demands=review.demands,
        due_on=rules.day_of(now),
        returned_at=now,
        by=review.by,
    )
    clock = clock.with_reply(replace(judged, verdict="returned"))
    supervision, said = send_back(supervision, clock, made, term, rules, now)
    returned = ReplyReturned(
        order=clock.order,
        reply=judged.n,
        round=judged.round,
        failed=review.failed,
        due_on=supervision.clock(clock.order).limits[-1].due_on,
        returned_at=now,
        unit=clock.unit,
    )
    return supervision, [returned, *said]
