"""What people do: ask for more time, consent, judge replies, weigh a dissatisfaction."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bson import Binary

from huiyin.chassis.draft import Answer
from huiyin.chassis.errors import Forbidden
from huiyin.chassis.steps import Actor, Cause
from services.supervision.domain import doubts, extensions, rereview, review
from services.supervision.domain.clock import Clock, Judgement, Result
from services.supervision.domain.supervision import Decided, Decision, Extension, Supervision
from services.supervision.errors import BadJudgement
from services.supervision.use_cases.house import House
from services.supervision.use_cases.views import OWN, clock_of, summary, unit_summary


@dataclass(frozen=True)
class Finding:
    """What a reviewer found by one criterion, in plain words."""

    criterion: str
    result: Result
    reason: str | None = None


def ask_extension(house: House, number: str, order: str, until: date, reason: str, cause: Cause) -> Answer:
    """A unit asks for more time; its words are sealed where they are born (S4-36)."""
    now = house.now()
    request = Extension(
        id="",
        order=order,
        until=until,
        reason=_sealed(house, cause, reason),
        asked_by=cause.who.subject,
        asked_at=now,
    )

    def decide(s: Supervision) -> Decided:
        return extensions.ask(s, order, s.clock(order).unit, request, house.rules(s), now)

    return house.supervisions.take(
        number,
        cause,
        "ask-extension",
        decide,
        lambda s: unit_summary(house, s, cause.who),
        about=lambda s: clock_of(house, s, order, cause.who, OWN),
    )


def decide_extension(
    house: House, number: str, extension: str, granted: bool, reason: str | None, cause: Cause
) -> Answer:
    """The rulebook's approver consents, or refuses with a reason (S4-36)."""
    now, who = house.now(), cause.who
    answer = house.seal(who.office, reason)

    def decide(s: Supervision) -> Decided:
        rules, clock = house.rules(s), s.clock(s.extension(extension).order)
        approver = rules.book.extension.approver
        may_approve = approver is not None and house.may_judge(who, approver, s, (clock.matter,), (clock,))
        extensions.check_approver(clock, may_approve, who.unit, rules.book)
        if granted:
            return extensions.grant(s, extension, who.subject, answer, rules, now)
        if answer is None:
            raise BadJudgement("不同意延期须写明理由。", {"reason": "required"})
        return extensions.refuse(s, extension, who.subject, answer)

    return house.supervisions.take(
        number, cause, "decide-extension", decide, summary, about=lambda s: s.extension(extension)
    )


def judge(
    house: House,
    number: str,
    order: str,
    reply: int,
    findings: Sequence[Finding],
    demands: str | None,
    limit_wd: int | None,
    cause: Cause,
) -> Answer:
    """A supervisor, or a leader for them, judges a reply by the office's criteria (S2-42…S2-49, E-76)."""
    now, who = house.now(), cause.who
    made = review.Review(
        order=order,
        reply=reply,
        judgements=tuple(
            Judgement(criterion=f.criterion, result=f.result, reason=house.seal(who.office, f.reason))
            for f in findings
        ),
        demands=house.seal(who.office, demands),
        limit_wd=limit_wd,
        by=who.subject,
        unit=who.unit,
    )

    def decide(s: Supervision) -> Decided:
        clock = s.clock(order)
        _require_judge(house, who, s, (clock.matter,), (clock,))
        return review.judge(s, made, house.rules(s), now)

    return house.supervisions.take(
        number,
        cause,
        "judge",
        decide,
        summary,
        about=lambda s: s.clock(order),
    )


def decide_dissatisfaction(
    house: House, number: str, decision: Decision, explanation: str, limit_wd: int | None, cause: Cause
) -> Answer:
    """A supervisor has the matters handled again, or upholds the result with an explanation (E-110).

    It speaks of the whole case: who decides must see every matter of it (E-76).
    """
    now, who = house.now(), cause.who
    words = _sealed(house, cause, explanation)

    def decide(s: Supervision) -> Decided:
        doubted = s.doubted.matters if s.doubted else ()
        _require_judge(house, who, s, s.matter_ids, [clock for clock in s.clocks if clock.matter in doubted])
        if decision == "uphold":
            return doubts.uphold(s, words, who.subject, who.unit, now)
        return doubts.rehandle(s, words, who.subject, who.unit, limit_wd, house.rules(s), now)

    return house.supervisions.take(number, cause, f"{decision}-result", decide, summary)


def decide_rereview(
    house: House,
    number: str,
    order: str,
    decision: Decision,
    explanation: str,
    limit_wd: int | None,
    cause: Cause,
) -> Answer:
    """A supervisor without a conflict lets a result stand, or has the order handled again (E-75)."""
    now, who = house.now(), cause.who

    def decide(s: Supervision) -> Decided:
        clock = s.clock(order)
        _require_judge(house, who, s, (clock.matter,), (clock,))
        return rereview.decide(s, order, decision, demand, who.unit, house.rules(s), now)

    demand = doubts.Demand(_sealed(house, cause, explanation), who.subject, limit_wd)
    return house.supervisions.take(
        number,
        cause,
        f"{decision}-rereview",
        decide,
        summary,
        about=lambda s: s.clock(order),
    )


def _require_judge(
    house: House, who: Actor, found: Supervision, matters: Collection[str], clocks: Iterable[Clock]
) -> None:
    if not house.may_judge(who, "supervisor", found, matters, clocks):
        raise Forbidden("本机构尚有可以审核的督办人员；只有督办人员均须回避时，才由领导审核。")


def _sealed(house: House, cause: Cause, words: str) -> Binary:
    sealed = house.seal(cause.who.office, words)
    assert sealed is not None, "the schemas let no empty words in"
    return sealed
