"""The same person with the same matter again: found while typing, linked, reviewed when in doubt."""

import uuid

import pytest

from huiyin.client.line import Json, Refused
from tests.scenarios.driver import Driver

BUS = {"category": "transport/bus", "text": "302路公交在金穗新村站总是不停，等车的老人追着跑。"}
AGAIN = {"category": "transport/bus", "text": "又是金穗新村，302路还是甩站，我说过一次了。"}


def again(office: Driver, number: str, **said: str) -> Json:
    form = office.form(matter=AGAIN, channel="web")
    return office.register({**form, "repeat_of": {"number": number, "why": "核对过电话", **said}})


@pytest.mark.clause("E-36")
def test_the_same_person_is_found_as_the_operator_types_by_another_channel(mayors_line: Driver) -> None:
    office, phone = mayors_line, f"199{uuid.uuid4().int % 10**8:08d}"
    number, _ = office.dispatched(matter=BUS, party={"phone": phone})
    typed = {"text": AGAIN["text"], "category": AGAIN["category"], "area": "990101001", "phone": phone}
    found = office.role("operator").post("intake", "/likeness", typed)["proposals"]
    assert [one["other"] for one in found] == [number]
    assert found[0]["kind"] == "repeat"
    assert {"same_person", "same_category"} <= set(found[0]["reasons"])
    stranger = {**typed, "phone": "19955555555", "text": "地铁口的共享单车乱停。"}
    assert number not in str(office.role("operator").post("intake", "/likeness", stranger))


@pytest.mark.clause("E-36", "X-10")
def test_while_the_first_is_under_way_there_is_one_dispatch_and_each_entry_has_a_number(
    mayors_line: Driver,
) -> None:
    office = mayors_line
    number, _ = office.dispatched(matter=BUS)
    receipt = again(office, number)
    assert receipt["number"] != number
    office.until_said(receipt["number"], "case.concluded")
    assert office.until(lambda: office.handling(receipt["number"]))["orders"] == []
    assert len(office.handling(number)["orders"]) == 1
    office.until(lambda: receipt["number"] in _links(office, number)["others"])
    office.withdraw(number, "不再反映")
    office.until_said(number, "case.concluded")
    later = again(office, number)
    assert later["repeat"]["treatment"] == "dispatch", "the rules are silent once the first is over"


@pytest.mark.clause("E-39")
def test_not_satisfied_with_the_result_goes_to_review_and_is_dispatched_when_it_says_so(
    mayors_line: Driver,
) -> None:
    office = mayors_line
    number = office.registered(matter=BUS)
    office.withdraw(number, "不再反映")
    doubt = again(office, number, claim="dissatisfied")
    assert doubt["repeat"]["treatment"] == "review"
    second = doubt["number"]
    office.until(lambda: second in [row["number"] for row in office.dissatisfactions()])
    assert office.until(lambda: office.handling(second))["orders"] == []
    assert office.said(second, "case.concluded") == [], "it is no mere repeat"
    office.judge_dissatisfaction(second, "rehandle", "请重新核实甩站情况。")
    order = office.until(lambda: office.handling(second)["orders"])[0]
    assert (order["round"], order["state"]) == (2, "dispatched")


@pytest.mark.clause("E-39")
def test_a_doubted_result_that_stands_ends_the_case_that_doubted_it(mayors_line: Driver) -> None:
    office = mayors_line
    number = office.registered(matter=BUS)
    second = again(office, number, claim="dissatisfied")["number"]
    office.until(lambda: second in [row["number"] for row in office.dissatisfactions()])
    office.judge_dissatisfaction(second, "uphold", "处理于法有据，已说明。")
    office.until_said(second, "case.concluded")
    assert office.echo(second)["outcome"] == "upheld"


@pytest.mark.clause("S0-35")
def test_whoever_is_shut_out_of_a_case_is_proposed_no_like_of_it_and_cannot_link_to_it(
    mayors_line: Driver,
) -> None:
    office, phone = mayors_line, f"199{uuid.uuid4().int % 10**8:08d}"
    operator = office.role("operator")
    secret = _accusing(office, phone)
    typed = {"text": BUS["text"], "category": BUS["category"], "area": "990101001", "phone": phone}
    assert secret not in str(operator.post("intake", "/likeness", typed))
    with pytest.raises(Refused, match="422") as refused:
        again(office, secret)
    with pytest.raises(Refused) as missing:
        again(office, "SZ-D-20200101-999999-42")
    assert str(refused.value).replace(secret, "?") == str(missing.value).replace(
        "SZ-D-20200101-999999-42", "?"
    )


def _accusing(office: Driver, phone: str) -> str:
    """A case that its own registrar is shut out of, as another learned."""
    number = office.registered(matter=BUS, party={"phone": phone})
    accused = {"matter": "m1", "people": [office.role("operator").subject]}
    office.role("supervisor").post("intake", f"/cases/{number}/circle/accused", accused)
    return number


def _links(office: Driver, number: str) -> Json:
    return office.role("operator").get("intake", f"/cases/{number}/links")
