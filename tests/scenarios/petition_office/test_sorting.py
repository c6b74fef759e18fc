"""The petition office sorts: five flags with their reasons, weight and urgency, answers at once (S0)."""

import pytest

from huiyin.client.line import Refused
from tests.scenarios.driver import Driver
from tests.scenarios.special import has_no_order_and_no_evaluation, told_instead, wrong_fields

FLAGS = {"major": "百余户受影响", "tough": "拖延多年", "early_sign": "本周三起", "tendency": "多村类似"}


@pytest.mark.clause("S0-27", "V-06")
def test_five_flags_are_kept_with_the_reason_an_officer_gives(petition_office: Driver) -> None:
    for flag, why in FLAGS.items():
        assert f"why.{flag}" in wrong_fields(petition_office, flags=[flag])
        case = petition_office.case(petition_office.registered(flags=[flag], why={flag: why}))
        assert (case["flags"], case["why"]) == ([flag], {flag: why})
    case = petition_office.case(petition_office.registered(flags=["policy"]))
    assert case["flags"] == ["policy"]
    assert "flags" in wrong_fields(petition_office, flags=["gossip"])
    crowd = {"category": "water_works", "kind": "help"}
    last = [petition_office.registered(matter=crowd) for _ in range(5)][-1]
    proposed_by_number = petition_office.case(last)["proposed_flags"]
    assert proposed_by_number["early_sign"] == ["14 天内同类诉求不少于 3 件"]
    assert proposed_by_number["tendency"] == ["30 天内同类诉求不少于 5 件"]
    assert petition_office.case(last)["flags"] == []
    proposed = petition_office.case(petition_office.registered(signs=["many_people"]))
    assert (proposed["flags"], proposed["proposed_flags"]["major"]) == ([], ["many_people"])
    after = petition_office.reclassify(
        proposed["number"], flags=["major"], why={"major": "涉及全村"}, reason="研判后认定"
    )
    assert (after["flags"], after["why"]) == (["major"], {"major": "涉及全村"})


@pytest.mark.clause("S0-13")
def test_weight_and_urgency_give_the_priority_and_the_work_queue_goes_by_it(petition_office: Driver) -> None:
    plain = petition_office.registered(matter={"text": "小区绿化带缺少修剪，影响通行。"})
    heavy = petition_office.registered(
        matter={"text": "外墙脱落砸车，楼内有老人。"}, flags=["major"], why={"major": "三栋楼"}
    )
    urgent = petition_office.registered(matter={"text": "地下室燃气泄漏，气味很大。"})
    many = petition_office.registered(matter={"text": "小区绿化带缺少修剪。"}, affected=40)
    cases = {number: petition_office.case(number) for number in (plain, heavy, urgent, many)}
    assert [case["priority"] for case in cases.values()] == ["normal", "high", "urgent", "high"]
    because = cases[heavy]["weighing"]["because"]
    assert [(one["seen"], one["points"]) for one in because] == [("词语“老人”", 20), ("标记“重大”", 30)]
    assert cases[many]["weighing"]["because"][0]["seen"] == "涉及 40 人"
    queue = [case["number"] for case in petition_office.work_queue()]
    assert sorted(cases, key=queue.index) == [urgent, heavy, many, plain]
    petition_office.reclassify(plain, priority="urgent", reason="当日有活动，须马上处理")
    raised = petition_office.case(plain)
    assert (raised["priority"], raised["weighing"]["priority"]) == ("urgent", "normal")
    assert raised["weighing"]["overridden_why"] == "当日有活动，须马上处理"
    queue = [case["number"] for case in petition_office.work_queue()]
    assert queue.index(plain) < queue.index(heavy)
    petition_office.withdraw(urgent, "诉求人已自行解决")
    assert urgent not in [case["number"] for case in petition_office.work_queue()]


@pytest.mark.clause("S0-22")
def test_an_answer_on_the_spot_is_allowed_and_recorded(petition_office: Driver) -> None:
    asked = {"kind": "consultation", "text": "想问补办手续需要哪些材料，到哪里办。"}
    number = petition_office.registered(channel="visit", matter=asked, answer="当面说明了材料清单。")
    case = petition_office.until_stage(number, "archived")
    assert (case["outcome"], case["disposal"]) == ("answered", "answered")
    assert case["answer"]["text"] == "当面说明了材料清单。"
    assert not petition_office.handling(number)["orders"]
    with pytest.raises(Refused) as refused:
        petition_office.registered(matter={"kind": "complaint"}, answer="已当场解决。")
    assert "answer" in refused.value.errors


def test_outside_the_jurisdiction_authority_and_procedure_are_told_and_the_authority_is_contacted(
    petition_office: Driver,
) -> None:
    said = {"authority": "市税务局", "procedure": "持身份证到办税厅提出", "contact": "已电话联系其信访科"}
    for duty in said:
        less = {name: words for name, words in said.items() if name != duty}
        fields = wrong_fields(petition_office, matter={"special": {"class": "out_of_scope", "said": less}})
        assert f"matters.0.special.said.{duty}" in fields
    number, matter = told_instead(petition_office, {"class": "out_of_scope", "said": said})
    assert matter["special"]["said"] == said
    assert has_no_order_and_no_evaluation(petition_office, number)


def test_what_belongs_to_a_petition_is_handled_here_and_a_lawsuit_pointed_to_when_a_person_says_so(
    petition_office: Driver,
) -> None:
    petition = {"class": "legal_channel", "which": "petition"}
    number, matter = told_instead(petition_office, petition)
    assert (matter["dispatched"], matter["special"]["which"]) == (True, "petition")
    assert petition_office.until(lambda: petition_office.handling(number)["orders"])
    pointed = {"class": "legal_channel", "which": "litigation", "said": {"channel": ""}}
    number, matter = told_instead(petition_office, pointed)
    assert "人民法院" in matter["special"]["said"]["channel"]
    assert has_no_order_and_no_evaluation(petition_office, number)
