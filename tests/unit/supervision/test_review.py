"""Judging replies, returning them, and what a dissatisfied complainant sets going."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from huiyin.chassis.errors import NotYet
from huiyin.contracts.events import (
    CaseConcluded,
    DeadlineSet,
    EvaluationDissatisfied,
    EvaluationRecorded,
    MessageRequested,
    ReplyApproved,
    ReplyReturned,
    ResultUpheld,
    RoundRaised,
)
from services.supervision.domain import cases, clocks, doubts, review
from services.supervision.domain.clock import Judgement
from services.supervision.domain.supervision import Supervision
from services.supervision.errors import (
    BadJudgement,
    NoSuchOrder,
    NotPending,
    OwnResult,
    WrongState,
)
from tests.unit.supervision.given import (
    CENTRE,
    LINE,
    WORDS,
    all_pass,
    approved,
    at,
    clock_of,
    come,
    due_on,
    limit_of,
    messages,
    one_fails,
    only,
    order,
    replied,
    reply,
    reviewed,
    rules,
    started,
)

NOW = at("2024-10-10 10:00")


def with_reply() -> Supervision:
    return replied(started(), "2024-10-08 10:00")


def judged_as(criterion: str, **changes: Any) -> tuple[Judgement, ...]:
    return tuple(replace(j, **changes) if j.criterion == criterion else j for j in all_pass())


def returned(supervision: Supervision, n: int = 1, now: str = "2024-10-10 10:00") -> Supervision:
    made = reviewed(one_fails(), n, demands=WORDS)
    return review.judge(supervision, made, LINE, at(now))[0]


# -- approving ---------------------------------------------------------------------------


@pytest.mark.clause("S2-42")
def test_a_reply_that_passes_every_criterion_is_approved() -> None:
    supervision, said = review.judge(with_reply(), reviewed(all_pass()), LINE, NOW)
    assert said == [ReplyApproved(order="m1-1", reply=1, round=1, approved_at=NOW, unit="water")]
    assert clock_of(supervision).state == "approved"
    assert supervision.to_review == ()


@pytest.mark.clause("S2-42")
def test_every_criterion_keeps_its_own_result() -> None:
    by_centre = replied(started(CENTRE), "2024-10-08 10:00")
    results = all_pass(CENTRE)
    supervision, _ = review.judge(by_centre, reviewed(results), CENTRE, NOW)
    final = clock_of(supervision).last_final
    assert final is not None
    assert [j.criterion for j in final.judgements] == [
        "facts",
        "characterisation",
        "policy",
        "formalities",
        "met",
        "persuasion",
    ]


@pytest.mark.clause("E-105", "S2-47", "S2-48")
@pytest.mark.parametrize("criterion", ["met", "persuasion"])
def test_not_applicable_counts_as_passed_where_it_may_be_with_a_reason(criterion: str) -> None:
    results = judged_as(criterion, result="not_applicable", reason=WORDS)
    _, said = review.judge(with_reply(), reviewed(results), LINE, NOW)
    assert only(said, ReplyApproved)


@pytest.mark.clause("E-105")
def test_not_applicable_needs_a_reason() -> None:
    with pytest.raises(BadJudgement, match="理由"):
        review.judge(with_reply(), reviewed(judged_as("met", result="not_applicable")), LINE, NOW)


@pytest.mark.clause("E-105")
@pytest.mark.parametrize("criterion", ["facts", "characterisation", "policy", "formalities"])
def test_the_other_criteria_always_apply(criterion: str) -> None:
    results = judged_as(criterion, result="not_applicable", reason=WORDS)
    with pytest.raises(BadJudgement, match="不适用"):
        review.judge(with_reply(), reviewed(results), LINE, NOW)


@pytest.mark.clause("S2-42")
def test_each_criterion_is_judged_exactly_once() -> None:
    for wrong in (all_pass()[1:], (*all_pass(), all_pass()[0])):
        with pytest.raises(BadJudgement, match="一次"):
            review.judge(with_reply(), reviewed(wrong), LINE, NOW)


def test_no_criterion_is_made_up() -> None:
    wrong = (*all_pass(), Judgement(criterion="speed", result="pass"))
    with pytest.raises(BadJudgement, match="speed"):
        review.judge(with_reply(), reviewed(wrong), LINE, NOW)


def test_demands_on_a_reply_that_passed_are_refused() -> None:
    with pytest.raises(BadJudgement):
        review.judge(with_reply(), reviewed(all_pass(), demands=WORDS), LINE, NOW)


# -- who, and what is pending ------------------------------------------------------------


@pytest.mark.clause("E-77")
def test_nobody_judges_the_own_units_result() -> None:
    with pytest.raises(OwnResult):
        review.judge(with_reply(), reviewed(all_pass(), unit="water"), LINE, NOW)


def test_only_the_reply_that_waits_is_judged() -> None:
    with pytest.raises(NotPending):
        review.judge(started(), reviewed(all_pass()), LINE, NOW)
    with pytest.raises(NotPending):
        review.judge(approved(with_reply(), "2024-10-10 10:00"), reviewed(all_pass()), LINE, NOW)
    second = replied(returned(with_reply()), "2024-10-11 10:00", 2)
    with pytest.raises(NotPending, match="第 2 次"):
        review.judge(second, reviewed(all_pass(), 1), LINE, NOW)


def test_an_interim_reply_is_not_judged() -> None:
    interim = clocks.replied(started(), reply("2024-10-08 10:00", final=False), NOW)[0]
    with pytest.raises(NotPending):
        review.judge(interim, reviewed(all_pass()), LINE, NOW)


def test_an_unknown_order_is_not_judged() -> None:
    with pytest.raises(NoSuchOrder):
        review.judge(with_reply(), reviewed(all_pass(), order="m9-1"), LINE, NOW)


def test_a_concluded_case_is_not_judged() -> None:
    over = CaseConcluded(outcome="withdrawn", round=1, concluded_at=NOW)
    closed, _ = cases.conclude(with_reply(), over, 3, NOW)
    assert closed.to_review == ()
    with pytest.raises(WrongState):
        review.judge(closed, reviewed(all_pass()), LINE, NOW)


# -- returning ---------------------------------------------------------------------------


@pytest.mark.clause("S2-49", "S4-44", "S4-45")
def test_a_failed_reply_goes_back_with_the_failed_criteria_and_a_new_limit() -> None:
    supervision, said = review.judge(with_reply(), reviewed(one_fails(), demands=WORDS), LINE, NOW)
    due = date(2024, 10, 16)
    assert said[0] == ReplyReturned(
        order="m1-1", reply=1, round=1, failed=("facts",), due_on=due, returned_at=NOW, unit="water"
    )
    assert only(said, DeadlineSet).reason == "returned"
    assert only(said, DeadlineSet).due_on == due
    assert messages(said) == [("reply_returned", "unit", "water")]
    assert only(said, MessageRequested).params == {"due_on": "2024-10-16"}
    assert clock_of(supervision).running
    assert clock_of(supervision).returns[-1].demands == WORDS


@pytest.mark.clause("S4-45")
def test_the_supervisor_may_give_the_limit() -> None:
    made = reviewed(one_fails(), demands=WORDS, limit_wd=2)
    assert due_on(review.judge(with_reply(), made, LINE, NOW)[0]) == date(2024, 10, 12)


@pytest.mark.clause("S4-44")
def test_a_return_without_demands_is_refused() -> None:
    with pytest.raises(BadJudgement, match="要求"):
        review.judge(with_reply(), reviewed(one_fails()), LINE, NOW)


def test_the_original_date_is_history_and_both_count() -> None:
    second = replied(returned(with_reply()), "2024-10-17 10:00", 2)
    clock = clock_of(second)
    assert [x.reason for x in clock.limits] == ["started", "returned"]
    assert [r.on_time for r in clock.replies] == [True, False]


@pytest.mark.clause("S4-42", "S4-45")
def test_the_new_limit_is_supervised_like_the_first() -> None:
    _, said = come(returned(with_reply()), "2024-10-17 00:00", LINE)
    assert ("supervision_issued", "unit", "water") in messages(said)


@pytest.mark.clause("E-100")
def test_from_the_second_return_the_leader_is_told() -> None:
    second = replied(returned(with_reply()), "2024-10-11 10:00", 2)
    _, said = review.judge(second, reviewed(one_fails(), 2, demands=WORDS), LINE, at("2024-10-12 10:00"))
    assert messages(said) == [("reply_returned", "unit", "water"), ("instruction_needed", "role", "leader")]
    assert only(said, ReplyReturned).reply == 2


# -- dissatisfaction ---------------------------------------------------------------------


def dissatisfied(round_: int = 1, *matters: str) -> EvaluationDissatisfied:
    return EvaluationDissatisfied(round=round_, matters=matters or ("m1",))


def doubted() -> Supervision:
    done = approved(with_reply(), "2024-10-09 10:00")
    return doubts.doubt(done, dissatisfied(), 9, LINE, NOW)[0]


def rehandled(supervision: Supervision, **changes: Any) -> tuple[Supervision, list[Any]]:
    facts: dict[str, Any] = {"unit": "duty_room", "limit_wd": None, "now": NOW, **changes}
    after, said = doubts.rehandle(
        supervision, WORDS, "s1", facts["unit"], facts["limit_wd"], LINE, facts["now"]
    )
    return after, list(said)


@pytest.mark.clause("E-110", "E-39")
def test_dissatisfied_opens_a_review_and_no_round() -> None:
    supervision, said = doubts.doubt(approved(with_reply(), "2024-10-09 10:00"), dissatisfied(), 9, LINE, NOW)
    assert (said, supervision.round) == ([], 1)
    assert supervision.doubted is not None
    assert supervision.doubted.matters == ("m1",)


@pytest.mark.clause("E-110", "E-100")
def test_rehandling_raises_the_round_and_starts_new_clocks() -> None:
    supervision, said = rehandled(doubted())
    assert said[0] == RoundRaised(round=2, orders=("m1-1",), raised_at=NOW)
    assert only(said, DeadlineSet).reason == "returned"
    assert due_on(supervision) == date(2024, 10, 16)
    assert messages(said) == [("reply_returned", "unit", "water")]
    assert (supervision.round, clock_of(supervision).round, supervision.doubted) == (2, 2, None)
    assert clock_of(supervision).returns[-1].demands == WORDS


def test_a_supervisor_may_give_the_limit_of_the_round() -> None:
    assert due_on(rehandled(doubted(), limit_wd=1)[0]) == date(2024, 10, 11)


def test_a_reopened_order_is_replied_to_and_judged_again() -> None:
    supervision, _ = rehandled(doubted())
    second, _ = clocks.replied(supervision, reply("2024-10-12 10:00", 2, round_=2), at("2024-10-12 10:00"))
    assert clock_of(second).state == "replied"
    _, said = review.judge(second, reviewed(all_pass(), 2), LINE, at("2024-10-12 11:00"))
    assert only(said, ReplyApproved).round == 2


@pytest.mark.clause("E-110")
def test_only_the_orders_of_the_doubted_matters_are_reopened() -> None:
    supervision = clocks.dispatched(started(), order(order="m2-1", matter="m2", unit="gas"), LINE)[0]
    supervision = clocks.dispatched(supervision, order(order="m1-2", unit="heat", role="assisting"), LINE)[0]
    for n in ("m1-1", "m1-2", "m2-1"):
        supervision = clocks.replied(supervision, reply("2024-10-08 10:00", order=n), NOW)[0]
        supervision = approved(supervision, "2024-10-09 10:00", order=n)
    supervision = doubts.doubt(supervision, dissatisfied(1, "m1"), 9, LINE, NOW)[0]
    after, said = rehandled(supervision)
    assert only(said, RoundRaised).orders == ("m1-1", "m1-2")
    assert [c.order for c in after.running] == ["m1-1", "m1-2"]


@pytest.mark.clause("E-100")
def test_the_second_rehandling_tells_the_leader() -> None:
    supervision, _ = rehandled(doubted())
    supervision = clocks.replied(supervision, reply("2024-10-12 10:00", 2, round_=2), NOW)[0]
    supervision = approved(supervision, "2024-10-12 10:00", 2)
    supervision = doubts.doubt(supervision, dissatisfied(2), 12, LINE, NOW)[0]
    after, said = rehandled(supervision, now=at("2024-10-14 10:00"))
    assert after.round == 3
    assert ("instruction_needed", "role", "leader") in messages(said)


def test_upholding_says_so_and_raises_nothing() -> None:
    supervision, said = doubts.uphold(doubted(), WORDS, "s1", "duty_room", NOW)
    assert said == [ResultUpheld(round=1, upheld_at=NOW)]
    assert (supervision.round, supervision.doubted) == (1, None)
    assert supervision.dissatisfactions[0].explanation == WORDS


def test_what_nobody_doubts_is_not_decided() -> None:
    for supervision in (with_reply(), doubts.uphold(doubted(), WORDS, "s1", "duty_room", NOW)[0]):
        with pytest.raises(NotPending):
            doubts.uphold(supervision, WORDS, "s1", "duty_room", NOW)
        with pytest.raises(NotPending):
            rehandled(supervision)


def test_a_case_without_orders_can_only_be_upheld() -> None:
    supervision = doubts.doubt(started(), dissatisfied(1, "m7"), 9, LINE, NOW)[0]
    with pytest.raises(WrongState):
        rehandled(supervision)
    assert only(doubts.uphold(supervision, WORDS, "s1", "duty_room", NOW)[1], ResultUpheld)


@pytest.mark.clause("E-77")
def test_nobody_reviews_a_dissatisfaction_with_the_own_unit() -> None:
    with pytest.raises(OwnResult):
        rehandled(doubted(), unit="water")


@pytest.mark.clause("E-110")
def test_a_doubt_is_said_whole_and_an_older_word_is_ignored() -> None:
    newer = doubts.doubt(doubted(), dissatisfied(1, "m1", "m2"), 11, LINE, NOW)[0]
    assert newer.doubted is not None
    assert newer.doubted.matters == ("m1", "m2")
    assert doubts.doubt(newer, dissatisfied(1, "m1"), 10, LINE, NOW) == (newer, [])


def test_a_doubt_of_a_past_or_decided_round_is_ignored_and_of_a_coming_one_waits() -> None:
    raised, _ = rehandled(doubted())
    assert doubts.doubt(raised, dissatisfied(1), 20, LINE, NOW) == (raised, [])
    upheld, _ = doubts.uphold(doubted(), WORDS, "s1", "duty_room", NOW)
    assert doubts.doubt(upheld, dissatisfied(1, "m1", "m2"), 20, LINE, NOW) == (upheld, [])
    with pytest.raises(NotYet):
        doubts.doubt(doubted(), dissatisfied(2), 20, LINE, NOW)


def test_an_office_that_reviews_no_dissatisfaction_lets_the_result_stand() -> None:
    by = rules(review={"dissatisfied": "none"})
    supervision, said = doubts.doubt(with_reply(), dissatisfied(), 9, by, NOW)
    assert said == [ResultUpheld(round=1, upheld_at=NOW)]
    assert supervision.doubted is None


def test_a_concluded_case_is_doubted_no_more() -> None:
    over = CaseConcluded(outcome="echoed", round=1, concluded_at=NOW)
    closed, _ = cases.conclude(doubted(), over, 3, NOW)
    assert closed.doubted is None


# -- what the complainant said -----------------------------------------------------------


def test_the_last_evaluation_of_each_matter_is_kept() -> None:
    def said_of(matter: str, when: str, satisfied: bool) -> EvaluationRecorded:
        return EvaluationRecorded(
            round=1, matter=matter, reached=True, solved=satisfied, satisfied=satisfied, evaluated_at=at(when)
        )

    heard = [
        said_of("m2", "2024-10-10 10:00", True),
        said_of("m1", "2024-10-11 10:00", False),
        said_of("m1", "2024-10-10 10:00", True),
    ]
    supervision = with_reply()
    for one in heard:
        supervision, said = cases.evaluated(supervision, one)
        assert said == []
    assert [(e.matter, e.satisfied) for e in supervision.evaluations] == [("m1", False), ("m2", True)]


def test_the_limit_of_a_return_is_urged_for_like_any_other() -> None:
    by_centre = replied(started(CENTRE), "2024-10-08 10:00")
    made = reviewed(one_fails(by=CENTRE), demands=WORDS)
    again, _ = review.judge(by_centre, made, CENTRE, NOW)
    assert limit_of(again).urge_at == at("2024-10-12 09:00")
