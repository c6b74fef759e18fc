"""What the county hotline asks of a complaint: its object, its truth, and who complains (S1)."""

import pytest

from tests.scenarios.driver import Driver
from tests.scenarios.taking import code_of, identity, looked, of_case, wrong_fields

FIRM = {
    "role": "complainant",
    "kind": "legal_person",
    "name": "云笛茶业有限公司",
    "phone": "19900000041",
    "contact_person": "齐临风",
    "registered_address": "牧歌镇茶园路8号",
}


@pytest.mark.clause("S1-01", "E-26")
def test_citizens_legal_persons_and_organisations_are_told_apart(county_hotline: Driver) -> None:
    assert county_hotline.case(county_hotline.registered())["parties"][0]["kind"] == "citizen"
    for kind in ("legal_person", "organisation"):
        number = county_hotline.registered(parties=[{**FIRM, "kind": kind}])
        assert county_hotline.case(number)["parties"][0]["kind"] == kind
        kept = identity(county_hotline, number)
        assert (kept["contact_person"], kept["registered_address"]) == ("齐临风", "牧歌镇茶园路8号")
    home = county_hotline.form(parties=[{**FIRM, "address": "石桥弄1号", "occupation": "职员"}])
    assert set(wrong_fields(county_hotline, home)) == {"parties.0.address", "parties.0.occupation"}
    bare = county_hotline.form(parties=[{"kind": "organisation", "name": "茶业协会", "phone": "19900000041"}])
    assert set(wrong_fields(county_hotline, bare)) == {"parties.0.registered_address"}


@pytest.mark.clause("S1-30")
def test_a_complaint_clearly_names_its_object(county_hotline: Driver) -> None:
    number = county_hotline.registered(matter={"object": "县公路站"})
    assert county_hotline.case(number)["matters"][0]["object"] == "县公路站"
    for unnamed in ("", "  ", "有关部门", "某单位"):
        form = county_hotline.form(matter={"object": unnamed})
        assert set(wrong_fields(county_hotline, form)) == {"matters.0.object"}
    county_hotline.registered(matter={"object": "", "kind": "consultation"})


@pytest.mark.clause("S1-31")
def test_content_is_clear_and_stated_to_be_true_and_objective(county_hotline: Driver) -> None:
    unstated = wrong_fields(county_hotline, county_hotline.form(truth_stated=False))
    assert set(unstated) == {"truth_stated"}
    assert "真实、客观" in unstated["truth_stated"][0]
    unclear = county_hotline.form(matter={"text": "！！！？？？。。。"})
    assert set(wrong_fields(county_hotline, unclear)) == {"matters.0.text"}
    assert county_hotline.case(county_hotline.registered())["truth_stated"] is True


@pytest.mark.clause("S1-32", "E-32")
def test_fabrication_is_warned_of_and_found_by_a_person_only(county_hotline: Driver) -> None:
    unwarned = wrong_fields(county_hotline, county_hotline.form(warned=False))
    assert "捏造" in unwarned["warned"][0]
    number = county_hotline.registered()
    assert county_hotline.case(number)["warned"] is True
    assert looked(county_hotline, f"/cases/{number}/findings")["findings"] == []
    finding = {"what": "facts", "grounds": "现场核查，路面完好"}
    assert code_of(lambda: of_case(county_hotline, number, "findings", finding)) == (403, "forbidden")
    of_case(county_hotline, number, "findings", finding, "supervisor")
    of_case(county_hotline, number, "findings", {**finding, "what": "name"}, "leader")
    found = looked(county_hotline, f"/cases/{number}/findings")["findings"]
    assert [(f["what"], f["by"]) for f in found] == [("facts", "ch-supervisor-1"), ("name", "ch-leader-1")]
    county_hotline.until_said(number, "fabrication.found", times=2)
    assert county_hotline.case(number)["outcome"] is None, "nothing follows from it by itself"


@pytest.mark.clause("S1-33", "E-24")
def test_name_telephone_work_unit_and_home_are_stored_or_registered_as_not_given(
    county_hotline: Driver,
) -> None:
    number = county_hotline.registered()
    stored = identity(county_hotline, number)
    assert {"name": "柏守拙", "phone": "19900000001", "work_unit": "晨钟印刷厂"}.items() <= stored.items()
    assert stored["address"] == "白帆街道石桥弄1号"
    for name in ("name", "phone", "work_unit", "address"):
        party = county_hotline.form()["parties"][0]
        given = {field: value for field, value in party.items() if field != name}
        assert set(wrong_fields(county_hotline, county_hotline.form(parties=[given]))) == {
            f"parties.0.{name}"
        }
        refused = county_hotline.registered(parties=[{**given, "not_given": [name]}])
        assert county_hotline.case(refused)["parties"][0]["not_given"] == [name]
