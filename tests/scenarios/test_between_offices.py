"""Five offices on one platform, whose rules contradict each other: each line of difference, as it holds.

What a service acts on by now is also shown by what it does; of the rest the running platform shows the rule.
"""

from datetime import timedelta
from typing import Any

import pytest

from deploy.local.platform import OFFICES
from huiyin.client.line import Json, Refused
from tests.scenarios.differences import LEVELS, LINES, VALUES, term
from tests.scenarios.driver import Driver

S0, S1, S2, S3, S4 = "petition-office", "county-hotline", "community-centre", "city-hotline", "mayors-line"


@pytest.fixture(scope="module")
def rules(drivers: dict[str, Driver]) -> list[Json]:
    """What the running platform says its rules are, office after office."""
    offices = (S0, S1, S2, S3, S4)
    return [drivers[office].role("rulebook").get("intake", "/rulebook")["rules"] for office in offices]


@pytest.mark.parametrize(
    ("line", "key"),
    [pytest.param(n, k, marks=pytest.mark.clause(n)) for n, found in LINES.items() for k in found],
)
def test_each_line_of_difference_is_a_key_with_each_offices_value(
    rules: list[Json], line: str, key: str
) -> None:
    assert tuple(_at(book, key) for book in rules) == LINES[line][key]


@pytest.mark.parametrize("line", [pytest.param(line, marks=pytest.mark.clause(line)) for line in VALUES])
def test_each_offices_rulebook_has_its_values(rules: list[Json], line: str) -> None:
    which, values = VALUES[line]
    assert {key: _at(rules[which], key) for key in values} == values


@pytest.mark.clause("P-S2", "P-S3", "P-S4")
def test_what_a_rulebook_counts_out_is_there_one_by_one(rules: list[Json]) -> None:
    centre, hotline, line = rules[2:]
    always = [{"from": "00:00", "to": "24:00", "days": "all"}]
    assert all(hotline["intake"]["hours"][channel] == always for channel in hotline["intake"]["channels"])
    told = {"legal_channel", "secret", "out_of_scope", "unlawful"}  # with emergencies and repeats: six
    assert told <= hotline["special_classes"].keys()
    text = (OFFICES / S3 / "rulebook.yaml").read_text(encoding="utf-8")
    begins = tuple(f"    {name}: {{amount" for name in LEVELS)
    levels = [row for row in text.splitlines() if row.startswith(begins)]
    assert len(levels) == len(LEVELS)
    assert all(row.endswith("ours") for row in levels), "the file says that they are our default"
    assert len(centre["review"]["criteria"]) == 6
    assert ("quarterly", "quarter") in {(r["kind"], r["period"]) for r in centre["reports"]["issued"]}
    assert ("duty_summary", "day") in {(r["kind"], r["period"]) for r in line["reports"]["issued"]}
    assert line["review"]["rehandle_limit"] == term(5, "wd"), "re-handling has a limit"


@pytest.mark.clause("XI-08", "S1-37")
def test_the_governing_rules_and_the_offices_names_are_configuration(rules: list[Json]) -> None:
    named = {(book["office"]["name"], book["office"]["rules"], book["office"]["code"]) for book in rules}
    assert len(named) == len({code for *_, code in named}) == 5
    assert ("云笛县12345县长公开电话受理中心", "云笛县县长公开电话受理办理规则", "YD") in named


@pytest.mark.clause("X-27")
def test_each_office_judges_replies_by_its_own_criteria(rules: list[Json]) -> None:
    assert [[c["id"] for c in book["review"]["criteria"]] for book in rules] == [
        ["grounded"],
        ["settled"],
        ["facts", "characterisation", "policy", "formalities", "met", "persuasion"],
        ["answered"],
        [
            "serious",
            "to_requirements",
            "facts",
            "characterisation",
            "policy",
            "formalities",
            "met",
            "persuasion",
        ],
    ]


@pytest.mark.clause("X-28")
def test_each_office_issues_its_own_reports(rules: list[Json]) -> None:
    issued = [{(r["kind"], r["period"]) for r in book["reports"]["issued"]} for book in rules]
    assert issued == [
        {("special_report", "at_once")},
        {("hotline_special_report", "at_once"), ("information", "month")},
        {("quarterly", "quarter"), ("major_matter", "at_once")},
        {("analysis", "week"), ("common_problems", "month")},
        {("duty_summary", "day"), ("special_duty_report", "at_once"), ("circular", "month")},
    ]


@pytest.mark.clause("X-33")
def test_each_office_has_its_own_chain_up(rules: list[Json]) -> None:
    tops = [book["roles"]["escalation_chain"][-1]["title"] for book in rules]
    assert tops == ["区政府主要领导", "县政府主要领导", "街道分管领导", "市人民政府", "市政府分管副市长"]


@pytest.mark.clause("V-06")
def test_the_words_that_officers_decide_on_have_thresholds_or_marks(rules: list[Json]) -> None:
    for book in rules:
        criteria = book["terms"]["criteria"].values()
        assert all((c["cases"] and c["within"]) or c["any_of"] for c in criteria)
    assert [sorted(book["terms"]["criteria"]) for book in rules] == [
        ["early_sign", "major", "repeated", "tendency", "tough"],
        ["complex", "difficult", "major", "repeated", "widespread"],
        ["complex", "difficult", "hot", "important", "repeated"],
        ["common", "difficult", "major", "repeated"],
        ["difficult", "hot", "major", "repeated", "representative"],
    ]


# -- what acts by now ---------------------------------------------------------------------


@pytest.mark.clause("X-18")
@pytest.mark.parametrize(
    ("office", "channels"),
    [
        (S0, {"call", "letter", "visit"}),
        (S1, {"call"}),
        (S2, {"visit", "call", "web", "letter"}),
        (S3, {"call", "web"}),
        (S4, {"call", "letter", "mailbox", "web"}),
    ],
)
def test_each_office_takes_down_what_comes_by_its_own_channels(
    drivers: dict[str, Driver], office: str, channels: set[str]
) -> None:
    for channel in channels:
        assert drivers[office].registered(channel=channel)
    for channel in {"call", "letter", "visit", "web", "mailbox"} - channels:
        with pytest.raises(Refused, match="channel"):
            drivers[office].registered(channel=channel)


@pytest.mark.clause("X-17")
@pytest.mark.parametrize(
    ("office", "missing"),
    [
        (S0, {"phone"}),
        (S1, {"name", "phone", "work_unit", "address"}),
        (S2, {"name", "phone", "work_unit", "occupation", "address"}),
        (S3, {"contact", "phone"}),
        (S4, {"name", "phone", "work_unit"}),
    ],
)
def test_each_office_asks_its_own_fields_of_a_caller(
    drivers: dict[str, Driver], office: str, missing: set[str]
) -> None:
    nothing = dict.fromkeys(("name", "phone", "email", "address", "work_unit", "occupation"))
    form = drivers[office].form(party=nothing)
    form["parties"] = [{k: v for k, v in form["parties"][0].items() if v is not None}]
    with pytest.raises(Refused) as refused:
        drivers[office].register(form)
    assert {name.removeprefix("parties.0.") for name in refused.value.errors} == missing


@pytest.mark.clause("X-16")
def test_only_the_county_takes_no_anonymous_callers(drivers: dict[str, Driver]) -> None:
    refused = set()
    for office, driver in drivers.items():
        form = driver.form()
        form["parties"] = [{"role": "complainant", "anonymous": True, "phone": "19900000001"}]
        try:
            driver.register(form)
        except Refused:
            refused.add(office)
    assert refused == {S1}


@pytest.mark.clause("X-15", "P-S0", "S0-34")
def test_only_the_petition_office_keeps_everything_secret_unasked(drivers: dict[str, Driver]) -> None:
    def secret(driver: Driver, **told: bool) -> bool:
        number = driver.registered(matter=told)
        circle = driver.role("dispatcher").get("intake", f"/cases/{number}/circle")
        return bool(circle["matters"][0]["confidential"])

    assert {office for office, driver in drivers.items() if secret(driver)} == {S0}
    assert secret(drivers[S1], confidential=True), "marked by the caller (S1-34)"


@pytest.mark.clause("X-34")
@pytest.mark.parametrize("office", [S0, S1, S3])
def test_a_consumers_seven_days_beat_every_offices_own_limit(drivers: dict[str, Driver], office: str) -> None:
    driver = drivers[office]
    driver.begin_the_day()
    _, order = driver.accepted(legal_class="consumer", matter={"category": "consumer"})
    assert order["due_on"] == driver.working_days_from_now(7).isoformat()


@pytest.mark.clause("X-06")
def test_more_time_is_granted_by_the_mayors_line_alone(
    petition_office: Driver, county_hotline: Driver, city_hotline: Driver
) -> None:
    for driver in (petition_office, county_hotline, city_hotline):
        number, order = driver.accepted()
        with pytest.raises(Refused):
            driver.ask_more_time(number, order, driver.now().date() + timedelta(days=100))


def _at(book: Any, key: str) -> Any:
    for name in key.split("."):
        book = book.get(name) if book else None
    return book
