"""The same demand again, without anything new: progress or result is told, nothing is dispatched (S3)."""

import pytest

from huiyin.client.line import Json
from tests.scenarios.driver import Driver

TEXT = "兴泰里小区门口的垃圾三天没有清运，臭味很大。"
AGAIN = "我昨天来过电话，兴泰里那里的垃圾还没人清。"


def repeat(office: Driver, number: str, **said: str) -> Json:
    """What the operator registers when the same person comes again, by the web."""
    form = office.form(matter={"text": AGAIN}, channel=_other(office))
    return office.register({**form, "repeat_of": {"number": number, "why": "同一人同一事", **said}})


def _other(office: Driver) -> str:
    return next(name for name in office.folder.rulebook.intake.channels if name != "call")


def templates(office: Driver, number: str) -> list[str]:
    return [row["data"]["template"] for row in office.until_said(number, "message.requested")]


@pytest.mark.clause("S3-48", "S3-48+feedback", "E-36")
def test_the_same_demand_in_progress_is_told_its_progress_and_not_dispatched_again(
    city_hotline: Driver,
) -> None:
    office = city_hotline
    number, _ = office.accepted(matter={"text": TEXT})
    receipt = repeat(office, number)
    again = receipt["number"]
    assert again != number, "each entry is numbered"
    assert receipt["repeat"]["treatment"] == "tell"
    assert receipt["repeat"]["earlier"]["number"] == number
    office.until_said(again, "case.concluded")
    assert office.until(lambda: office.handling(again))["orders"] == []
    assert len(office.handling(number)["orders"]) == 1
    assert "repeat_in_progress" in templates(office, again)
    assert office.until_echo(again, "completed")["told"] == []
    links = office.role("operator").get("intake", f"/cases/{again}/links")
    assert (links["link"]["other"], links["first"]) == (number, number)


@pytest.mark.clause("S3-48", "X-10")
def test_the_same_demand_once_finished_is_told_its_result_and_not_dispatched_again(
    city_hotline: Driver,
) -> None:
    office = city_hotline
    number = office.registered(matter={"text": TEXT})
    office.withdraw(number, "已自行解决")
    office.until_said(number, "case.concluded")
    again = repeat(office, number)
    assert again["repeat"]["earlier"]["stage"] == "concluded"
    assert "repeat_finished" in templates(office, again["number"])
    assert office.until(lambda: office.handling(again["number"]))["orders"] == []


@pytest.mark.clause("S3-48", "E-38")
def test_the_same_demand_with_new_circumstances_gets_an_order_of_its_own(city_hotline: Driver) -> None:
    office = city_hotline
    number, first = office.accepted(matter={"text": TEXT})
    again = repeat(office, number, claim="new_facts")
    assert again["repeat"]["treatment"] == "dispatch"
    order = office.until(lambda: office.handling(again["number"])["orders"])[0]
    assert (order["state"], order["unit"]) == ("dispatched", first["unit"])
    assert "repeat_in_progress" not in templates(office, again["number"])
