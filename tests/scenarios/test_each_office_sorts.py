"""Where the five offices' ways of sorting differ: schemes, legal channels, other authorities, consumers."""

import pytest

from huiyin.client.line import Refused
from tests.scenarios.driver import Driver
from tests.scenarios.special import told_instead, wrong_fields

KINDS = {
    "county-hotline": ("criticism", "opinion", "suggestion", "help", "consultation"),
    "city-hotline": ("consultation", "help", "complaint", "report", "suggestion"),
    "mayors-line": (
        "business_inquiry",
        "consultation",
        "complaint",
        "help",
        "public_service",
        "suggestion",
        "survey",
    ),
}
FLAGS = {
    "petition-office": ("major", "tough", "early_sign", "tendency", "policy"),
    "community-centre": ("accusing", "important", "difficult", "leader_annotated", "repeat_visit"),
}
#: What each policy for other authorities' matters has an officer say, and whether the matter is dispatched.
OUT_OF_SCOPE = {
    "petition-office": ("direct_and_contact", ("authority", "procedure", "contact"), False),
    "community-centre": ("transfer", ("authority",), True),
    "city-hotline": ("inform", ("channels",), False),
    "mayors-line": ("tell_or_phone", ("phoned",), False),
}


@pytest.mark.clause("X-19")
def test_each_office_sorts_by_its_own_schemes(drivers: dict[str, Driver]) -> None:
    choices = {office: driver.choices() for office, driver in drivers.items()}
    silent = {"praise", "wrong_number", "nonsense", "dropped_call", "unsorted"}
    for office, kinds in KINDS.items():
        found = {name for name, kind in choices[office]["kinds"].items() if kind["dispatched"]}
        assert set(kinds) <= choices[office]["kinds"].keys()
        assert found - silent <= {*kinds, "report"}
    for office, flags in FLAGS.items():
        assert set(flags) <= choices[office]["flags"].keys()
    assert sorted(choices["community-centre"]["difficulties"]) == ["complex", "legacy", "ordinary"]
    assert len(choices["county-hotline"]["schemes"]["scope"]["classes"]) == 5
    assert len(choices["city-hotline"]["schemes"]["domain"]["classes"]) == 5
    assert [office for office in drivers if choices[office]["schemes"]] == [
        office for office in drivers if office in ("city-hotline", "county-hotline")
    ]


@pytest.mark.clause("X-22")
def test_other_authorities_matters_go_by_each_offices_policy(drivers: dict[str, Driver]) -> None:
    for office, (policy, duties, dispatched) in OUT_OF_SCOPE.items():
        driver = drivers[office]
        driver.begin_the_day()
        assert driver.choices()["out_of_scope"] == policy
        assert wrong_fields(driver, matter={"special": {"class": "out_of_scope"}}).keys()
        said = dict.fromkeys(duties, "已向来电人说明")
        number, matter = told_instead(driver, {"class": "out_of_scope", "said": said})
        assert (matter["special"]["said"], matter["dispatched"]) == (said, dispatched)
        outcome = driver.case(number)["outcome"]
        assert outcome == (None if dispatched else "told")
    silent = {"special": {"class": "out_of_scope", "said": {"authority": "市局"}}}
    assert "matters.0.special.class" in wrong_fields(drivers["county-hotline"], matter=silent)


@pytest.mark.clause("X-21")
def test_a_legal_channel_is_pointed_to_or_the_matter_is_handled_by_each_offices_policy(
    drivers: dict[str, Driver],
) -> None:
    handled = {"petition-office": "petition", "community-centre": "petition", "county-hotline": "discipline"}
    for office, channel in handled.items():
        driver = drivers[office]
        assert driver.choices()["excluded_channels"] == "handle"
        number, matter = told_instead(driver, {"class": "legal_channel", "which": channel})
        assert (matter["dispatched"], matter["special"]["which"]) == (True, channel)
        assert driver.case(number)["outcome"] is None
    for office in ("city-hotline", "mayors-line"):
        driver = drivers[office]
        pointed = {"class": "legal_channel", "which": "litigation"}
        assert "matters.0.special.said.channel" in wrong_fields(driver, matter={"special": pointed})
        number, matter = told_instead(driver, {**pointed, "said": {"channel": ""}})
        assert "人民法院" in matter["special"]["said"]["channel"]
        assert driver.case(number)["outcome"] == "told"


@pytest.mark.clause("X-34")
def test_the_law_on_consumers_beats_every_offices_own_term(drivers: dict[str, Driver]) -> None:
    lawful = [driver for driver in drivers.values() if "consumer" in driver.choices()["legal_classes"]]
    assert len(lawful) >= 2
    for driver in lawful:
        driver.begin_the_day()
        number, order = driver.accepted(legal_class="consumer")
        assert order["due_on"] == driver.working_days_from_now(7).isoformat(), driver.office
        with pytest.raises(Refused):
            driver.ask_more_time(number, order, driver.working_days_from_now(12))
