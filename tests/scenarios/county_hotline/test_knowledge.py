"""The county hotline's immediate form: an inquiry is answered by its staff, and the answer is recorded."""

import pytest

from huiyin.client.line import Json
from tests.scenarios.driver import Driver
from tests.scenarios.entries import written

ASKED: Json = {"kind": "consultation", "category": "agriculture/subsidy", "text": "种粮补贴每亩多少钱？"}
ANSWER = "每亩八十二元，六月底前发放到户。"


@pytest.mark.clause("S1-16", "V-02")
def test_staff_answer_an_inquiry_directly_and_who_when_what_and_on_which_basis_is_recorded(
    county_hotline: Driver,
) -> None:
    name = written(county_hotline, "agriculture", document="云农〔2024〕9号")
    cites = [{"entry": name, "version": 1}]
    receipt = county_hotline.register(county_hotline.form(matter=ASKED, answer=ANSWER, answer_cites=cites))
    case = county_hotline.case(receipt["number"])
    assert case["answer"]["text"] == ANSWER
    assert case["answer"]["at"] == case["accepted_at"]
    assert case["answer"]["in_time"] is True
    assert [one["entry"] for one in case["answer"]["cites"]] == [name]
    told = county_hotline.progress(receipt["number"], receipt["query_code"])
    if not told["restricted"]:
        assert told["answer"]["sources"] == [{"title": "办理说明", "document": "云农〔2024〕9号"}]
    registered = county_hotline.until_said(receipt["number"], "case.registered")
    assert registered[0]["data"]["disposal"] == "answered"
    assert county_hotline.said(receipt["number"], "order.dispatched") == []
