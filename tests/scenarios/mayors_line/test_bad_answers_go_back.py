"""A bad answer goes back: by the reviewer, twice, and by the complainant, once."""

import pytest

from huiyin.client.line import Refused
from tests.scenarios.driver import Driver

BUS = {"category": "transport/bus"}


@pytest.mark.clause("S4-44", "S4-45", "E-100")
def test_a_reply_is_sent_back_twice_and_approved_at_the_third(mayors_line: Driver) -> None:
    number, order = mayors_line.replied(matter=BUS)
    for n in (1, 2):
        _wait_review(mayors_line, number)
        mayors_line.review(number, order["id"], n, failed=["facts"], demands="请到现场核实并附照片。")
        mayors_line.until(lambda: mayors_line.order(number, order["id"])["state"] == "accepted")
        returned = mayors_line.until_said(number, "reply.returned", times=n)[-1]["data"]
        assert returned["failed"] == ["facts"]
        assert _leader_asked(mayors_line, number) is (
            n == mayors_line.folder.rulebook.review.rounds_to_leader
        )
        _wait_date(mayors_line, number, order["id"], returned["due_on"])
        mayors_line.reply(number, order, f"第{n + 1}次答复：已到现场核实。")
    _wait_review(mayors_line, number)
    mayors_line.review(number, order["id"], 3)
    mayors_line.until_said(number, "handling.completed")
    replies = mayors_line.order(number, order["id"])["replies"]
    assert [r["verdict"] for r in replies] == ["returned", "returned", "approved"]


@pytest.mark.clause("S4-44")
def test_a_reply_is_not_sent_back_without_specific_demands(mayors_line: Driver) -> None:
    number, order = mayors_line.replied(matter=BUS)
    _wait_review(mayors_line, number)
    with pytest.raises(Refused):
        mayors_line.review(number, order["id"], 1, failed=["facts"], demands="")


@pytest.mark.clause("E-110")
def test_a_dissatisfied_complainant_gets_a_review_and_a_second_round(mayors_line: Driver) -> None:
    number, _ = mayors_line.approved(matter=BUS)
    _evaluated(mayors_line, number, satisfied=False)
    mayors_line.until(lambda: number in [d["number"] for d in mayors_line.dissatisfactions()])
    assert mayors_line.said(number, "round.raised") == []
    mayors_line.judge_dissatisfaction(number, "rehandle", "请重新核实线路调整情况。")
    mayors_line.until_said(number, "round.raised")
    order = mayors_line.until(
        lambda: next((o for o in mayors_line.handling(number)["orders"] if o["round"] == 2), None)
    )
    mayors_line.reply(number, order, "已调整班次。")
    _wait_review(mayors_line, number)
    mayors_line.review(number, order["id"], 2)
    mayors_line.until(lambda: mayors_line.echo(number)["round"] == 2)
    _evaluated(mayors_line, number, satisfied=True)
    archived = mayors_line.until_stage(number, "archived")
    assert archived["round"] == 2


@pytest.mark.clause("E-110")
def test_a_result_that_stands_is_explained_and_the_case_ends(mayors_line: Driver) -> None:
    number, _ = mayors_line.approved(matter=BUS)
    _evaluated(mayors_line, number, satisfied=False)
    mayors_line.until(lambda: number in [d["number"] for d in mayors_line.dissatisfactions()])
    mayors_line.judge_dissatisfaction(number, "uphold", "线路调整已依规公示，不再变更。")
    mayors_line.until_said(number, "result.upheld")
    assert mayors_line.until_stage(number, "archived")["round"] == 1


@pytest.mark.clause("E-31", "S4-41")
def test_who_cannot_be_reached_is_written_to_and_it_is_recorded(mayors_line: Driver) -> None:
    number, _ = mayors_line.approved(matter=BUS)
    rules = mayors_line.folder.rulebook.callback
    mayors_line.until(lambda: mayors_line.echo(number)["state"] in ("open", "told"))
    for _ in range(rules.attempts):
        mayors_line.attempt(number, "call", reached=False)
        with pytest.raises(Refused):
            mayors_line.attempt(number, "call", reached=False)
        mayors_line.advance(hours=rules.gap_hours)
    completed = mayors_line.until_said(number, "echo.completed")[0]["data"]
    assert completed["outcome"] in ("unreachable", "unevaluated")


def _leader_asked(driver: Driver, number: str) -> bool:
    told = [row["data"] for row in driver.said(number, "message.requested")]
    return ("instruction_needed", "leader") in {(one["template"], one["addressee"]) for one in told}


def _wait_date(driver: Driver, number: str, order: str, due_on: str) -> None:
    driver.until(lambda: driver.order(number, order)["due_on"] == due_on)


def _wait_review(driver: Driver, number: str) -> None:
    driver.until(lambda: any(r["number"] == number for r in driver.reviews()))


def _evaluated(driver: Driver, number: str, *, satisfied: bool) -> None:
    driver.until(lambda: driver.echo(number)["state"] in ("open", "told"))
    driver.attempt(number, "call", reached=True)
    driver.tell(number, "call")
    driver.evaluate(number, "m1", solved=satisfied, satisfied=satisfied)
