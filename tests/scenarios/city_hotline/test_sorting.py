"""The city hotline sorts: types, domains, its area, and special classes instead of dispatch (S3)."""

import pytest

from tests.scenarios.driver import Driver
from tests.scenarios.special import has_no_order_and_no_evaluation, told_instead, wrong_fields


@pytest.mark.clause("S3-40")
@pytest.mark.parametrize("kind", ["consultation", "help", "complaint", "report", "suggestion"])
def test_each_type_of_demand_is_kept(city_hotline: Driver, kind: str) -> None:
    number = city_hotline.registered(matter={"kind": kind})
    assert city_hotline.case(number)["matters"][0]["kind"] == kind


@pytest.mark.clause("S3-24")
def test_a_domain_is_kept_and_the_list_is_open(city_hotline: Driver) -> None:
    listed = city_hotline.choices()["schemes"]["domain"]["classes"]
    five = [
        "economic_development",
        "urban_construction",
        "social_management",
        "public_services",
        "livelihood",
    ]
    assert sorted(listed) == sorted(five)
    for domain in (*five, "数字治理"):
        number = city_hotline.registered(matter={"classes": {"domain": domain}})
        assert city_hotline.case(number)["matters"][0]["classes"] == {"domain": domain}
    assert "matters.0.classes.weather" in wrong_fields(city_hotline, matter={"classes": {"weather": "rain"}})


@pytest.mark.clause("S3-02", "E-48")
def test_what_lies_in_the_area_is_taken_with_its_place_and_what_lies_outside_is_told_where_to_go(
    city_hotline: Driver,
) -> None:
    inside = city_hotline.case(city_hotline.registered(matter={"area": "980102002", "place": "林音镇老街"}))
    assert (inside["matters"][0]["area"], inside["matters"][0]["place"]) == ("980102002", "林音镇老街")
    assert "matters.0.area" in wrong_fields(city_hotline, matter={"area": "1234"})
    asked = wrong_fields(city_hotline, matter={"area": "9901"})
    assert "回音市市长公开电话" in str(asked["matters.0.special"])
    right = {"class": "outside_area", "which": "9901", "said": {"right_area": ""}}
    number, matter = told_instead(city_hotline, right, area="9901")
    assert "回音市" in matter["special"]["said"]["right_area"]
    assert has_no_order_and_no_evaluation(city_hotline, number)


@pytest.mark.clause("S3-47+feedback")
@pytest.mark.parametrize(
    "channel",
    ["litigation", "arbitration", "discipline", "reconsideration", "disclosure", "petition", "other"],
)
def test_what_belongs_to_a_legal_channel_is_told_the_channel(city_hotline: Driver, channel: str) -> None:
    pointed = {"class": "legal_channel", "which": channel}
    missing = wrong_fields(city_hotline, matter={"special": pointed})
    assert "须告知法定途径" in str(missing["matters.0.special.said.channel"])
    number, matter = told_instead(city_hotline, {**pointed, "said": {"channel": ""}})
    name = city_hotline.choices()["special_classes"]["legal_channel"]["which"][channel]
    assert name in matter["special"]["said"]["channel"]
    assert (matter["special"]["by"], matter["dispatched"]) == ("ci-operator-1", False)
    assert has_no_order_and_no_evaluation(city_hotline, number)


@pytest.mark.clause("S3-49+feedback", "E-82")
@pytest.mark.parametrize("secret", ["state_secret", "commercial_secret", "privacy"])
def test_a_secret_is_explained_and_a_state_secret_is_sealed_and_sent_nowhere(
    city_hotline: Driver, secret: str
) -> None:
    words = "北山阵地的换防时间表在我手里"
    explained = {"class": "secret", "which": secret, "said": {"explanation": ""}}
    number, matter = told_instead(city_hotline, explained, text=words, place="北山阵地")
    assert matter["special"]["said"]["explanation"]
    assert has_no_order_and_no_evaluation(city_hotline, number)
    sealed = secret == "state_secret"
    assert (words in matter["text"], matter["place"] == "北山阵地") == (not sealed, not sealed)
    circle = city_hotline.role("supervisor").get("intake", f"/cases/{number}/circle")["matters"][0]
    assert circle["confidential"]
    said = str(city_hotline.journal(number))
    assert words not in said
    assert ("北山阵地" in said) is (not sealed)
    assert not city_hotline.said(number, "message.requested")


@pytest.mark.clause("S3-50+dispatch")
def test_beyond_the_units_duties_other_channels_are_told_and_a_unit_may_guide(city_hotline: Driver) -> None:
    beyond = {"class": "out_of_scope", "said": {"channels": "可向行业协会、调解组织反映。"}}
    assert "matters.0.special.said.channels" in wrong_fields(
        city_hotline, matter={"special": {"class": "out_of_scope"}}
    )
    number, matter = told_instead(city_hotline, beyond)
    assert matter["special"]["said"]["channels"] == "可向行业协会、调解组织反映。"
    assert has_no_order_and_no_evaluation(city_hotline, number)
    unit = sorted({entry.unit for entry in city_hotline.folder.rulebook.catalogue})[0]
    guided = city_hotline.registered(matter={"special": {**beyond, "unit": unit}})
    (order,) = city_hotline.until(lambda: city_hotline.handling(guided)["orders"])
    assert (order["unit"], order["ground"]) == (unit, "for_guidance")


@pytest.mark.clause("S3-51+feedback")
def test_what_is_against_the_law_is_answered_with_persuasion_rules_and_consequences(
    city_hotline: Driver,
) -> None:
    said = {"persuasion": "", "rules": "《治安管理处罚法》第二十六条", "consequences": "可能被处以行政拘留"}
    for duty in said:
        less = {name: words for name, words in said.items() if name != duty}
        fields = wrong_fields(city_hotline, matter={"special": {"class": "unlawful", "said": less}})
        assert f"matters.0.special.said.{duty}" in fields
    number, matter = told_instead(city_hotline, {"class": "unlawful", "said": said})
    given = matter["special"]["said"]
    assert "依法" in given["persuasion"]
    assert (given["rules"], given["consequences"]) == (said["rules"], said["consequences"])
    assert has_no_order_and_no_evaluation(city_hotline, number)


@pytest.mark.clause("E-45")
@pytest.mark.parametrize("kind", ["praise", "wrong_number", "nonsense"])
def test_praise_wrong_numbers_and_nonsense_are_registered_and_not_dispatched(
    city_hotline: Driver, kind: str
) -> None:
    number = city_hotline.registered(matter={"kind": kind, "category": "unspecified"})
    case = city_hotline.until_stage(number, "archived")
    assert (case["number"], case["outcome"]) == (number, "filed")
    assert not city_hotline.said(number, "order.dispatched")
    assert not city_hotline.handling(number)["orders"]


@pytest.mark.clause("E-46")
def test_a_consultation_that_becomes_a_complaint_is_dispatched_and_keeps_its_first_time(
    city_hotline: Driver,
) -> None:
    number = city_hotline.registered(matter={"kind": "consultation"}, answer="已告知清运时间。")
    first = city_hotline.until_stage(number, "archived")
    city_hotline.advance(hours=1)
    city_hotline.reclassify(number, kind="complaint", reason="来电人称三天无人清运，要求处理")
    (order,) = city_hotline.until(lambda: city_hotline.handling(number)["orders"])
    case = city_hotline.until_stage(number, "dispatched")
    assert (case["matters"][0]["kind"], case["round"], order["round"]) == ("complaint", 2, 2)
    assert [case["accepted_at"], case["received_at"]] == [first["accepted_at"], first["received_at"]]
    (change,) = case["reclassified"]
    assert (change["before"]["m1.kind"], change["by"]) == ("consultation", "ci-operator-1")
    city_hotline.accept(number, order)
    city_hotline.reply(number, order, "已清运并增加班次。")
    city_hotline.until(lambda: any(row["number"] == number for row in city_hotline.reviews()))
    city_hotline.review(number, order["id"], 1)
    assert city_hotline.archived(number)["outcome"] == "echoed"
    parts = city_hotline.role("records").get("intake", f"/cases/{number}/volume")["parts"]
    assert [part["part"] for part in parts] == [1, 2]
