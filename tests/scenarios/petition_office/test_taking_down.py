"""What the petition office takes down: calls with their number, visits without any hurdle (S0)."""

import pytest

from huiyin.client.line import Json
from tests.scenarios.driver import Driver
from tests.scenarios.taking import asked_for, identity, of_case, opened, wrong_fields

NOBODY = {"role": "complainant", "anonymous": True}


@pytest.mark.clause("S0-02", "E-23")
def test_the_number_of_a_call_is_stored_and_an_anonymous_caller_is_answered_on_it(
    petition_office: Driver,
) -> None:
    form = petition_office.form(parties=[NOBODY], arrival={"calling_number": "19900000021"})
    number = petition_office.register(form)["number"]
    sealed = opened(petition_office, number)
    assert sealed["arrival"] == {"calling_number": "19900000021"}
    assert sealed["parties"][0]["identity"] == {"phone": "19900000021"}
    petition_office.until_said(number, "case.registered")
    assert asked_for(petition_office, number, "case_registered") == ["p1"]
    known = petition_office.registered()
    assert opened(petition_office, known)["arrival"] == {"calling_number": "19900000001"}
    silent = petition_office.form(parties=[{"role": "complainant", "name": "柏守拙"}])
    assert set(wrong_fields(petition_office, silent)) == {"parties.0.phone"}


@pytest.mark.clause("S0-03")
def test_the_account_of_a_call_is_detailed_and_kept_to_its_last_word(petition_office: Driver) -> None:
    for text in ("", "……！？", "漏水"):
        assert set(wrong_fields(petition_office, petition_office.form(matter={"text": text}))) == {
            "matters.0.text"
        }
    account = "".join(f"第{n}次下雨，三楼走廊漏水，找过物业。" for n in range(500))
    number = petition_office.registered(matter={"text": account})
    assert petition_office.case(number)["matters"][0]["text"] == account


@pytest.mark.clause("S0-09", "S0-10")
@pytest.mark.parametrize(
    "form",
    [
        {"matters": [{}], "parties": [{}]},
        {"matters": [{"text": "？"}], "parties": [NOBODY]},
        {"matters": [{}], "parties": [{"role": "representative", "needs": ["minor"]}] * 9},
        {"matters": [{"object": "有关部门", "wish": "想" * 2000}], "parties": [{}], "interest": "others"},
        {"matters": [{}], "parties": [{}], "language": "fr"},
    ],
    ids=[
        "nothing given",
        "no words and no name",
        "nine who speak",
        "all put badly",
        "a language nobody speaks",
    ],
)
def test_no_field_and_no_check_turns_a_visitor_away(petition_office: Driver, form: Json) -> None:
    number = petition_office.register({"channel": "visit", **form})["number"]
    statement = "我从磬浦镇来，" + "拆迁时说好的安置房到现在没有着落。" * 1000
    path = "matters/m1/corrections"
    of_case(petition_office, number, path, {"text": statement, "based_on": 0, "reason": "补记来访陈述"})
    matter = petition_office.case(number)["matters"][0]
    assert (matter["text"], matter["category"] != "") == (statement, True)


@pytest.mark.clause("E-28")
def test_a_group_is_one_case_and_each_of_it_is_answered(petition_office: Driver) -> None:
    people = [
        {"role": role, "name": name, "phone": f"1990000003{n}"}
        for n, (role, name) in enumerate(
            [
                ("complainant", "柏守拙"),
                ("complainant", "祁远山"),
                ("complainant", "安若素"),
                ("representative", "齐临风"),
            ]
        )
    ]
    number, _ = petition_office.approved(channel="visit", parties=people, arrival={"visitors": 37})
    case = petition_office.case(number)
    assert case["arrival"]["visitors"] == 37
    assert [party["role"] for party in case["parties"]] == [p["role"] for p in people]
    assert identity(petition_office, number, 2)["name"] == "安若素"
    petition_office.until(lambda: len(asked_for(petition_office, number, "result_ready")) == 3)
    assert asked_for(petition_office, number, "result_ready") == ["p1", "p2", "p3"]
    assert asked_for(petition_office, number, "case_registered") == ["p1", "p2", "p3"]
