"""What the county hotline accepts, and by whose rules (S1-03, S1-34, S1-37)."""

import pytest

from deploy.local.platform import Platform
from huiyin.client.line import Json, Refused
from tests.scenarios.driver import Driver


@pytest.mark.clause("S1-03")
@pytest.mark.parametrize("area", ["990105", "990105001", "990105002", "990105003"])
def test_matters_of_the_countys_organs_are_accepted_and_go_to_one_of_them(
    county_hotline: Driver, area: str
) -> None:
    office = county_hotline
    number, order = office.dispatched(matter={"area": area})
    unit = office.folder.units[order["unit"]]
    assert office.case(number)["matters"][0]["area"] == area
    assert unit.level in {"district", "street"}


@pytest.mark.clause("S1-03")
def test_another_countys_matter_is_none_of_this_hotlines(county_hotline: Driver) -> None:
    with pytest.raises(Refused, match="区域目录里没有 990101001"):
        county_hotline.registered(matter={"area": "990101001"})


@pytest.mark.clause("S1-34")
def test_the_complainant_may_have_it_kept_confidential_and_the_mark_stays(county_hotline: Driver) -> None:
    office = county_hotline
    marked = office.registered(matter={"confidential": True})
    unmarked = office.registered()
    assert (_marked(office, marked), _marked(office, unmarked)) == (True, False)
    later = office.role("callback").post(
        "intake", f"/cases/{unmarked}/circle/confidentiality", {"matter": "m1"}
    )
    assert later["version"] == 2
    assert _marked(office, unmarked)


def _marked(office: Driver, number: str) -> bool:
    (matter,) = office.role("auditor").get("intake", f"/cases/{number}/circle")["matters"]
    return bool(matter["confidential"])


@pytest.mark.clause("S1-37", "XI-08")
def test_rules_and_names_are_the_countys_own_and_stand_on_its_receipts(
    county_hotline: Driver, mayors_line: Driver, platform: Platform
) -> None:
    receipts: list[tuple[Driver, Json]] = [
        (office, office.register(office.form())) for office in (county_hotline, mayors_line)
    ]
    for office, receipt in receipts:
        own = office.folder.rulebook.office
        assert (receipt["office"], receipt["rules"]) == (own.name, own.rules)
    first, second = (receipt for _, receipt in receipts)
    assert first["office"] != second["office"]
    assert first["rules"] != second["rules"]


@pytest.mark.clause("X-34")
def test_the_law_on_consumers_beats_the_countys_longer_terms(county_hotline: Driver) -> None:
    office = county_hotline
    for difficulty in ("ordinary", "complex"):
        _, order = office.accepted(legal_class="consumer", difficulty=difficulty)
        assert order["due_on"] == office.working_days_from_now(7).isoformat()
