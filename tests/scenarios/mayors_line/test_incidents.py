"""Different people, one incident: linked, each answered, counted once; its mass alarms leaders once."""

import pytest

from huiyin.client.line import Json
from tests.scenarios.driver import Driver

PLACE = "990101001"
#: Two who tell of one thing in their own words; the place is a test's own, so that it stays rare.
TELL = (
    "{at}昨晚八点起停水，水龙头一滴水都没有",
    "我住{at}，昨晚起停水，水龙头没有水，老人没法做饭",
)


def told(office: Driver, n: int, text: str = "", at: str = "澜汀苑") -> str:
    """One of many who tell of the incident, each with a telephone of their own."""
    matter = {
        "category": "municipal/road",
        "area": PLACE,
        "place": at,
        "text": text.format(at=at) or f"{at}停水了，第{n}户来问几点来水",
    }
    party = {"name": "不愿具名", "phone": f"1997777{n:04d}", "address": f"{at}{n}栋"}
    return office.registered(matter=matter, party=party)


def link(office: Driver, number: str, other: str) -> Json:
    body = {"other": other, "verdict": "incident", "why": "同一停水事件"}
    return office.role("operator").post("intake", f"/cases/{number}/links", body)


def links(office: Driver, number: str) -> Json:
    return office.role("operator").get("intake", f"/cases/{number}/links")


def issues(office: Driver) -> int:
    return int(office.role("records").get("intake", "/stages")["issues"])


@pytest.mark.clause("E-37")
def test_one_incident_of_two_people_is_proposed_linked_counted_once_and_each_is_answered(
    mayors_line: Driver,
) -> None:
    office = mayors_line
    before = issues(office)
    first, second = told(office, 9001, TELL[0]), told(office, 9002, TELL[1])
    proposed = office.until(lambda: links(office, second)["proposals"])
    mine = next(one for one in proposed if one["other"] == first)
    assert mine["kind"] == "incident"
    assert "澜汀苑" in mine["words"]
    assert issues(office) == before + 2
    link(office, second, first)
    office.until(lambda: second in links(office, first)["others"])
    assert issues(office) == before + 1
    for number in (first, second):
        order = office.until(lambda number=number: office.handling(number)["orders"])[0]  # type: ignore[misc]
        assert order["state"] == "dispatched", "each is answered by an order of its own"
    office.role("operator").post("intake", f"/cases/{second}/links/undone")
    office.until(lambda: links(office, first)["others"] == [])
    assert issues(office) == before + 2


def test_what_a_person_finds_to_be_another_matter_is_proposed_no_more(mayors_line: Driver) -> None:
    office = mayors_line
    first, second = (told(office, 9011 + n, text, at="栖衡里") for n, text in enumerate(TELL))
    office.until(lambda: first in {one["other"] for one in links(office, second)["proposals"]})
    body = {"other": first, "verdict": "not_alike", "why": "两处水表，各自停水"}
    office.role("operator").post("intake", f"/cases/{second}/links", body)
    after = links(office, second)
    assert first not in {one["other"] for one in after["proposals"]}
    assert after["link"] is None


@pytest.mark.clause("E-56", "E-37")
def test_many_at_once_raise_one_alarm_to_leaders_with_the_cases_linked(mayors_line: Driver) -> None:
    office = mayors_line
    mass = office.folder.rulebook.incident.mass.cases
    first, *others = [told(office, n) for n in range(8001, 8001 + mass + 1)]
    for number in others[: mass - 2]:
        link(office, number, first)
    office.until(
        lambda: office.said(first, "incident.grew")[-1:] and links(office, first)["total"] == mass - 2
    )
    assert alarms(office, first) == []
    for number in others[mass - 2 :]:
        link(office, number, others[0])
    grown = office.until(lambda: _grown(office, first, mass + 1))
    assert grown["peak"] == mass + 1
    office.until(lambda: alarms(office, first))
    assert set(links(office, first)["others"]) == set(others)
    alarm = alarms(office, first)
    assert [(one["addressee"], one["params"]["cases"]) for one in alarm] == [("leader", str(mass))]
    assert all(alarms(office, number) == [] for number in others[-2:])


def alarms(office: Driver, number: str) -> list[Json]:
    said = (row["data"] for row in office.said(number, "message.requested"))
    return [one for one in said if one["template"] == "incident_alarm"]


def _grown(office: Driver, number: str, cases: int) -> Json | None:
    said = [row["data"] for row in office.said(number, "incident.grew")]
    return next((one for one in said if one["cases"] == cases), None)
