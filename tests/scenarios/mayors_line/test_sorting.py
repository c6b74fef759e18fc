"""The mayor's line sorts: seven kinds, two legal classes, what a competent unit takes itself (S4)."""

import pytest

from tests.scenarios.driver import Driver
from tests.scenarios.special import has_no_order_and_no_evaluation, told_instead, wrong_fields

UNFAIR = {"kind": "report", "category": "market/unfair_competition"}


@pytest.mark.clause("S4-08")
@pytest.mark.parametrize(
    "kind",
    ["business_inquiry", "consultation", "complaint", "help", "public_service", "suggestion", "survey"],
)
def test_each_kind_of_service_is_kept(mayors_line: Driver, kind: str) -> None:
    assert mayors_line.choices()["kinds"][kind]["name"]
    number = mayors_line.registered(matter={"kind": kind})
    assert mayors_line.case(number)["matters"][0]["kind"] == kind


@pytest.mark.clause("S4-03+dispatch")
def test_a_difficulty_of_daily_life_is_accepted_coordinated_and_solved(mayors_line: Driver) -> None:
    text = "家里停水三天，老人行动不便，希望有人帮忙。"
    help_ = {"kind": "help", "category": "utilities/water", "text": text}
    number = mayors_line.registered(matter=help_)
    orders = mayors_line.until(lambda: mayors_line.handling(number)["orders"] or None)
    assert mayors_line.case(number)["matters"][0]["kind"] == "help"
    for order in orders:
        mayors_line.accept(number, order)
        mayors_line.reply(number, order, "已抢修通水，并上门查看。")
    mayors_line.until(lambda: any(row["number"] == number for row in mayors_line.reviews()))
    for order in orders:
        mayors_line.review(number, order["id"], 1)
    assert mayors_line.archived(number)["outcome"] == "echoed"


@pytest.mark.clause("S4-24")
@pytest.mark.parametrize(
    "said",
    [{"authority": "可直接向市供水集团客服反映"}, {"phoned": "值班室已电话联系供水集团"}],
    ids=["told", "phoned"],
)
def test_a_caller_may_be_told_to_report_to_the_competent_unit(
    mayors_line: Driver, said: dict[str, str]
) -> None:
    number, matter = told_instead(mayors_line, {"class": "out_of_scope", "said": said})
    assert (matter["special"]["said"], matter["special"]["by"]) == (said, "ml-operator-1")
    assert has_no_order_and_no_evaluation(mayors_line, number)
    silent = wrong_fields(mayors_line, matter={"special": {"class": "out_of_scope"}})
    assert "matters.0.special.said.authority" in silent


@pytest.mark.clause("S4-56")
def test_a_consumer_complaint_is_a_legal_class_with_seven_working_days_from_receipt(
    mayors_line: Driver,
) -> None:
    goods = {"category": "consumer/goods"}
    number, order = mayors_line.dispatched(matter=goods, legal_class="consumer", difficulty="difficult")
    assert mayors_line.case(number)["legal_class"] == "consumer"
    mayors_line.advance_to(mayors_line.working_days_from_now(1))
    mayors_line.accept(number, order)
    due = mayors_line.until(lambda: mayors_line.order(number, order["id"])["due_on"])
    assert due == mayors_line.working_days_from_now(7).isoformat()
    assert "legal_class" in wrong_fields(mayors_line, legal_class="martial")


@pytest.mark.clause("S4-57", "S4-62")
@pytest.mark.parametrize("party", [{}, {"anonymous": True}], ids=["real name", "anonymous"])
@pytest.mark.parametrize("evidence", [True, False])
def test_a_report_of_unfair_competition_keeps_who_signs_it_and_whether_evidence_came(
    mayors_line: Driver, party: dict[str, bool], *, evidence: bool
) -> None:
    report = {"matter": UNFAIR, "party": party, "legal_class": "unfair_competition"}
    assert "evidence" in wrong_fields(mayors_line, **report)
    report = {"matter": UNFAIR, "party": party, "legal_class": "unfair_competition"}
    case = mayors_line.case(mayors_line.registered(**report, evidence=evidence))
    assert case["legal_class"] == "unfair_competition"
    assert (case["real_name"], case["evidence"]) == (not party, evidence)
