"""The city hotline answers at once what can be; the four other kinds of demand go to units (S3-37)."""

import pytest

from huiyin.client.line import Json, Refused
from tests.scenarios.driver import Driver
from tests.scenarios.entries import written

ASKED: Json = {"kind": "consultation", "category": "utilities/heating", "text": "供热从几号开始？"}
ANSWER = "自十一月十五日起供热。"


@pytest.mark.clause("S3-37", "V-02")
def test_a_consultation_answerable_at_once_is_over_in_the_call(city_hotline: Driver) -> None:
    cites = [{"entry": written(city_hotline, "heating_company"), "version": 1}]
    receipt = city_hotline.register(city_hotline.form(matter=ASKED, answer=ANSWER, answer_cites=cites))
    assert receipt["stage"] == "concluded"
    case = city_hotline.case(receipt["number"])
    assert (case["answer"]["text"], case["answer"]["in_time"]) == (ANSWER, True)
    limit = city_hotline.folder.rulebook.terms.immediately
    assert (limit.amount, limit.unit) == (15, "minute")
    received = city_hotline.now()
    city_hotline.advance(minutes=16)
    late = city_hotline.form(matter=ASKED, answer=ANSWER, received_at=received.isoformat())
    assert city_hotline.case(city_hotline.register(late)["number"])["answer"]["in_time"] is False


@pytest.mark.clause("S3-37")
def test_a_consultation_that_cannot_be_answered_at_once_goes_to_its_unit(city_hotline: Driver) -> None:
    _, order = city_hotline.dispatched(matter=ASKED)
    assert order["unit"] == "heating_company"


@pytest.mark.clause("S3-37")
@pytest.mark.parametrize("kind", ["help", "complaint", "report", "suggestion"])
def test_only_a_consultation_is_answered_at_once(city_hotline: Driver, kind: str) -> None:
    with pytest.raises(Refused) as refused:
        city_hotline.register(city_hotline.form(matter={**ASKED, "kind": kind}, answer=ANSWER))
    assert "answer" in refused.value.errors
