"""What the city hotline takes down: its platform, merged lines, media, whose interest (S3)."""

from typing import Any

import pytest

from huiyin.client.line import Json
from tests.scenarios.driver import Driver
from tests.scenarios.taking import asked_for, code_of, identity, looked, of_case, opened, wrong_fields

REPORTER = {"role": "complainant", "name": "柏守拙", "phone": "19900000001"}
OTHER = {"role": "interested", "name": "祁老太", "phone": "19900000002"}


@pytest.mark.clause("S3-01")
@pytest.mark.parametrize("kind", ["citizen", "legal_person", "organisation"])
def test_the_type_of_the_complainant_is_stored(city_hotline: Driver, kind: str) -> None:
    party = {"role": "complainant", "kind": kind, "name": "和鸣茶社", "phone": "19900000003"}
    assert city_hotline.case(city_hotline.registered(parties=[party]))["parties"][0]["kind"] == kind


@pytest.mark.clause("S3-04")
@pytest.mark.parametrize(
    ("channel", "arrival", "letter"),
    [
        ("call", {"calling_number": "19900000004"}, "D"),
        ("web", {"reference": "w-1", "posted_at": "2024-09-01T08:00:00+08:00"}, "W"),
        ("wechat", {"account": "wx_heming_01", "reference": "v-1"}, "V"),
        ("app", {"account": "app-7731"}, "A"),
        ("sms", {"calling_number": "19900000005"}, "S"),
    ],
)
def test_the_hotline_and_each_way_of_its_platform_has_its_own_fields(
    city_hotline: Driver, channel: str, arrival: Json, letter: str
) -> None:
    number = city_hotline.registered(channel=channel, arrival=arrival)
    assert number.split("-")[1] == letter
    kept = {**city_hotline.case(number)["arrival"], **opened(city_hotline, number)["arrival"]}
    told = {name: value for name, value in arrival.items() if name != "posted_at"}
    assert told.items() <= kept.items()
    foreign = city_hotline.form(channel=channel, arrival={**arrival, "visitors": 2})
    assert set(wrong_fields(city_hotline, foreign)) == {"arrival.visitors"}


@pytest.mark.clause("S3-05")
def test_a_merged_line_is_kept_and_an_emergency_line_is_none(city_hotline: Driver) -> None:
    number = city_hotline.registered(channel="hotline", arrival={"line": "12369"})
    assert city_hotline.case(number)["arrival"]["line"] == "12369"
    assert "arrival.line" in wrong_fields(city_hotline, city_hotline.form(channel="hotline"))
    for emergency in ("110", "119", "120", "122"):
        form = city_hotline.form(channel="hotline", arrival={"line": emergency})
        assert "arrival.line" in wrong_fields(city_hotline, form)


@pytest.mark.clause("S3-21")
def test_news_media_stand_as_the_source_of_what_they_found(city_hotline: Driver) -> None:
    outlet = {"kind": "organisation", "name": "和鸣晚报社", "phone": "19900000006"}
    found = {"news_outlet": "和鸣晚报", "news_on": "2024-09-20"}
    number = city_hotline.registered(parties=[outlet], arrival=found, interest="public")
    case = city_hotline.case(number)
    assert found.items() <= case["arrival"].items()


@pytest.mark.clause("S3-23")
@pytest.mark.parametrize("interest", ["own", "others", "public"])
def test_whose_interest_is_raised_is_stored(city_hotline: Driver, interest: str) -> None:
    number = city_hotline.registered(interest=interest, parties=[REPORTER, OTHER])
    assert city_hotline.case(number)["interest"] == interest


@pytest.mark.clause("E-27")
@pytest.mark.parametrize(("consents", "told"), [(False, ["p2"]), (True, ["p1"])])
def test_who_reports_for_another_learns_the_result_with_consent_only(
    city_hotline: Driver, consents: bool, told: list[str]
) -> None:
    alone = city_hotline.form(interest="others", parties=[REPORTER])
    assert set(wrong_fields(city_hotline, alone)) == {"parties"}
    number, order = city_hotline.accepted(interest="others", parties=[REPORTER, OTHER])
    assert identity(city_hotline, number, 1)["name"] == "祁老太"
    if consents:
        of_case(city_hotline, number, "parties/p2/consent")
        city_hotline.until_said(number, "consent.given")
    city_hotline.reply(number, order, "已清运。")
    city_hotline.until(lambda: any(row["number"] == number for row in city_hotline.reviews()))
    city_hotline.review(number, order["id"], 1)
    city_hotline.until_echo(number, "open", "told")
    city_hotline.until(lambda: asked_for(city_hotline, number, "result_ready"))
    assert asked_for(city_hotline, number, "result_ready") == told


@pytest.mark.clause("S3-31")
def test_it_is_recorded_that_the_complainant_answers_for_the_truth(city_hotline: Driver) -> None:
    assert "真实性负责" in city_hotline.folder.rulebook.taking.truth.words
    number = city_hotline.registered(truth_stated=True, warned=True)
    case = city_hotline.case(number)
    assert (case["truth_stated"], case["warned"]) == (True, True)
    assert city_hotline.case(city_hotline.registered())["truth_stated"] is False


@pytest.mark.clause("S3-34")
def test_time_matter_and_contact_of_each_demand_stand_in_one_form(city_hotline: Driver) -> None:
    at = city_hotline.now().replace(microsecond=0)
    number = city_hotline.registered(received_at=at.isoformat())
    found = looked(city_hotline, "/duty-book", day=at.date().isoformat(), page=1)
    while number not in [entry["number"] for entry in found["entries"]]:
        found = looked(city_hotline, "/duty-book", day=found["day"], page=found["page"] + 1)
    entry = next(e for e in found["entries"] if e["number"] == number)
    assert entry["received_at"] == at.strftime("%Y-%m-%d %H:%M")
    assert entry["matters"][0]["text"] == city_hotline.case(number)["matters"][0]["text"]
    assert "sms" in entry["complainants"][0]["reached_by"]
    bare: dict[str, Any] = city_hotline.form(
        parties=[{"role": "complainant", "name": "柏守拙"}], matter={"text": ""}
    )
    assert {"matters.0.text", "parties.0.phone"} <= set(wrong_fields(city_hotline, bare))


@pytest.mark.clause("E-121")
def test_the_second_of_two_officers_is_warned_and_overwrites_nothing(city_hotline: Driver) -> None:
    number = city_hotline.registered()
    first, second = (city_hotline.person(f"ci-operator-{n}") for n in (1, 2))
    revision = first.get("intake", f"/cases/{number}")["revision"]
    path = f"/cases/{number}/matters/m1/corrections"
    body = {"based_on": revision, "reason": "听录音更正"}
    first.post("intake", path, {**body, "wish": "更换地砖"})
    clash = lambda: second.post("intake", path, {**body, "wish": "重铺"})  # noqa: E731
    assert code_of(clash) == (409, "changed-meanwhile")
    assert city_hotline.case(number)["matters"][0]["wish"] == "更换地砖"
    second.post("intake", path, {**body, "place": "琴亭路口"})
    assert (
        city_hotline.until_said(number, "matter.corrected", times=2)[1]["data"]["matter"]["place"]
        == "琴亭路口"
    )
