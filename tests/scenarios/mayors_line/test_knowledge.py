"""The mayor's line answers at once where a clear policy exists, and says on what (S4-23, V-02)."""

from typing import Any

import pytest

from huiyin.client.line import Json, Refused
from tests.scenarios.driver import Driver
from tests.scenarios.entries import entry, written

ANSWER = "第一阶梯水价为每立方米二元八角。"
ASKED: Json = {"kind": "consultation", "category": "utilities/water", "text": "请问水费多少钱一立方米？"}


@pytest.mark.clause("S4-23", "V-02")
def test_a_clear_policy_is_answered_in_the_call_and_is_recorded_with_time_and_source(
    mayors_line: Driver,
) -> None:
    name = written(mayors_line, "water_company", text="居民用水第一阶梯每立方米二元八角。")
    at = mayors_line.now()
    cites = [{"entry": name, "version": 1}]
    receipt = mayors_line.register(mayors_line.form(matter=ASKED, answer=ANSWER, answer_cites=cites))
    assert receipt["stage"] == "concluded"
    case = mayors_line.case(receipt["number"])
    assert (case["outcome"], case["answer"]["text"]) == ("answered", ANSWER)
    assert [(one["entry"], one["version"]) for one in case["answer"]["cites"]] == [(name, 1)]
    assert case["answer"]["at"] >= at.isoformat()[:10]
    assert case["answer"]["in_time"] is True, "in the same call"
    concluded = mayors_line.until_said(receipt["number"], "case.concluded")
    assert concluded[0]["data"]["outcome"] == "answered"
    assert mayors_line.said(receipt["number"], "order.dispatched") == []


@pytest.mark.clause("V-02", "S4-23")
def test_an_answer_that_came_later_than_the_office_calls_immediate_is_shown_as_late(
    mayors_line: Driver,
) -> None:
    limit = mayors_line.folder.rulebook.terms.immediately
    assert (limit.amount, limit.unit) == (30, "minute")
    received = mayors_line.now()
    mayors_line.advance(minutes=31)
    late = mayors_line.form(matter=ASKED, answer=ANSWER, received_at=received.isoformat())
    assert mayors_line.case(mayors_line.register(late)["number"])["answer"]["in_time"] is False
    received = mayors_line.now()
    mayors_line.advance(minutes=29)
    soon = mayors_line.form(matter=ASKED, answer=ANSWER, received_at=received.isoformat())
    assert mayors_line.case(mayors_line.register(soon)["number"])["answer"]["in_time"] is True


@pytest.mark.clause("S4-23")
def test_what_is_not_answered_at_once_or_may_not_be_goes_to_a_unit(mayors_line: Driver) -> None:
    number, order = mayors_line.dispatched(matter=ASKED)
    assert order["unit"] == "water_company"
    assert mayors_line.case(number)["answer"] is None
    with pytest.raises(Refused) as refused:
        mayors_line.register(mayors_line.form(matter={**ASKED, "kind": "complaint"}, answer=ANSWER))
    assert "answer" in refused.value.errors


@pytest.mark.clause("S4-23", "E-128")
@pytest.mark.parametrize(
    ("wording", "words"),
    [
        ({"valid_until": "2024-01-31"}, "失效"),
        ({"valid_from": "2099-01-01"}, "尚未生效"),
        (None, "没有条目"),
    ],
    ids=["ended", "not begun", "unknown"],
)
def test_a_policy_that_does_not_hold_is_no_basis_for_an_answer(
    mayors_line: Driver, wording: dict[str, Any] | None, words: str
) -> None:
    name = "not-there" if wording is None else written(mayors_line, "water_company", **wording)
    cites = [{"entry": name, "version": 1}]
    before = len(mayors_line.cases())
    with pytest.raises(Refused) as refused:
        mayors_line.register(mayors_line.form(matter=ASKED, answer=ANSWER, answer_cites=cites))
    assert words in refused.value.errors["answer_cites.0"][0]
    assert len(mayors_line.cases()) == before


@pytest.mark.clause("E-128")
def test_what_is_for_staff_only_is_a_basis_and_never_said_to_the_complainant(mayors_line: Driver) -> None:
    inner = "表计误差的由经办人员报经理批准后减免当期滞纳金"
    name = written(mayors_line, "water_company", text=inner, title="水费争议口径", audience="staff_only")
    cites = [{"entry": name, "version": 1}]
    with pytest.raises(Refused) as refused:
        mayors_line.register(mayors_line.form(matter=ASKED, answer=f"您好，{inner}。", answer_cites=cites))
    assert "内部" in refused.value.errors["answer"][0]
    receipt = mayors_line.register(mayors_line.form(matter=ASKED, answer=ANSWER, answer_cites=cites))
    told = mayors_line.progress(receipt["number"], receipt["query_code"])
    assert told["answer"]["sources"] == []
    assert name not in str(told)
    path = f"/messages/{receipt['number']}"
    sent = mayors_line.until(lambda: mayors_line.role("records").get("notify", path)["messages"] or None)
    assert name not in str(sent)
    with pytest.raises(Refused) as stranger:
        mayors_line.line.ask("GET", "intake", f"/knowledge/{name}")
    assert stranger.value.status == 401
    assert entry(mayors_line, name, "operator")["text"] == inner
