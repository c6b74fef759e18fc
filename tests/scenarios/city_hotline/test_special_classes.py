"""Six classes of demands get a treatment of their own instead of ordinary dispatch (S3-45…S3-51)."""

from collections.abc import Callable
from typing import Final

import pytest

from huiyin.client.line import Json
from tests.scenarios.city_hotline.test_calls import settled
from tests.scenarios.driver import Driver
from tests.scenarios.phone import Phone, case_of_call, fresh_number, hand_over, told
from tests.scenarios.special import has_no_order_and_no_evaluation, told_instead

#: What a demand is registered as, and what was said to its complainant in the end.
Treated = tuple[str, str]


def _emergency(office: Driver, phone: Phone) -> Treated:
    call = phone.ring(office, fresh_number())
    hand_over(office, call, "119", words="楼道起火")
    settled(office, call)
    (asked,) = phone.asked(call)
    return case_of_call(office, call), str(asked["line"])


def _legal_channel(office: Driver, _: Phone) -> Treated:
    return _words(office, "channel", {"class": "legal_channel", "which": "arbitration"})


def _same_demand(office: Driver, _: Phone) -> Treated:
    earlier, _order = office.accepted()
    form = office.form(channel="web", repeat_of={"number": earlier, "why": "同一人同一事"})
    receipt = office.register(form)
    number = str(receipt["number"])
    told_of = [row["data"]["template"] for row in office.until_said(number, "message.requested")]
    assert receipt["repeat"]["earlier"]["number"] == earlier
    assert len(office.handling(earlier)["orders"]) == 1
    return number, "、".join(told_of)


def _secret(office: Driver, _: Phone) -> Treated:
    return _words(office, "explanation", {"class": "secret", "which": "commercial_secret"})


def _beyond_duties(office: Driver, _: Phone) -> Treated:
    return _words(office, "channels", {"class": "out_of_scope"})


def _unlawful(office: Driver, _: Phone) -> Treated:
    said = {"persuasion": "", "rules": "《治安管理处罚法》第二十六条", "consequences": "可能被处以行政拘留"}
    number, matter = told_instead(office, {"class": "unlawful", "said": said})
    return number, "；".join(matter["special"]["said"].values())


def _words(office: Driver, duty: str, special: Json) -> Treated:
    number, matter = told_instead(office, {**special, "said": {duty: ""}})
    return number, str(matter["special"]["said"][duty])


#: The six classes, first to sixth: how a demand of it comes in, and what its complainant gets instead.
CLASSES: Final[dict[str, tuple[Callable[[Driver, Phone], Treated], str]]] = {
    "emergency": (_emergency, "119"),
    "legal_channel": (_legal_channel, "请向约定或法定的仲裁机构申请"),
    "same_demand": (_same_demand, "repeat_in_progress"),
    "secret": (_secret, "涉及商业秘密"),
    "beyond_duties": (_beyond_duties, "市场调解、行业协会、社会组织"),
    "unlawful": (_unlawful, "不符合法律法规或者公序良俗，请理解并依法、合理表达诉求。；《治安管理处罚法》"),
}


@pytest.mark.clause("S3-45")
@pytest.mark.parametrize("special", CLASSES)
def test_each_of_six_classes_is_treated_instead_of_dispatched(
    city_hotline: Driver, phone: Phone, special: str
) -> None:
    treat, instead = CLASSES[special]
    number, said = treat(city_hotline, phone)
    assert instead in said
    assert has_no_order_and_no_evaluation(city_hotline, number)


@pytest.mark.clause("S3-45")
def test_what_is_of_none_of_the_classes_is_dispatched(city_hotline: Driver) -> None:
    _, order = city_hotline.dispatched()
    assert order["state"] == "dispatched"


@pytest.mark.clause("S3-46", "E-54")
def test_a_demand_that_no_line_took_over_is_dispatched_after_all(city_hotline: Driver, phone: Phone) -> None:
    phone.lines(line_120="ringing")
    call = phone.ring(city_hotline, fresh_number())
    hand_over(city_hotline, call, "120", words="路边有人呼救")
    number = case_of_call(city_hotline, call)
    city_hotline.until(lambda: told(city_hotline, number, "emergency_raised"))
    assert city_hotline.until(lambda: city_hotline.handling(number))["orders"] == []
    which = city_hotline.role("operator").get("intake", f"/calls/{call['call']}")["hand_overs"][0]["id"]
    path = f"/calls/{call['call']}/hand-overs/{which}/settlement"
    city_hotline.role("leader").post("intake", path, {"taken": False, "how": "来电人已自行离开"})
    (order,) = city_hotline.until(lambda: city_hotline.handling(number)["orders"])
    assert order["state"] == "dispatched"
    (change,) = city_hotline.case(number)["reclassified"]
    assert (change["after"], "120" in change["why"]) == ({"dispatched": "true"}, True)
