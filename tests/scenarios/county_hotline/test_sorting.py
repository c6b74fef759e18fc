"""The county hotline sorts: five kinds, five scopes, general or complex (S1)."""

import pytest

from tests.scenarios.driver import Driver
from tests.scenarios.special import has_no_order_and_no_evaluation, told_instead, wrong_fields


@pytest.mark.clause("S1-02")
@pytest.mark.parametrize("kind", ["criticism", "opinion", "suggestion", "help", "consultation"])
def test_each_kind_is_kept(county_hotline: Driver, kind: str) -> None:
    number = county_hotline.registered(matter={"kind": kind})
    assert county_hotline.case(number)["matters"][0]["kind"] == kind


@pytest.mark.parametrize(
    ("scope", "says"),
    [
        pytest.param("government_work", ("批评", "建议", "工作人员"), marks=pytest.mark.clause("S1-07")),
        pytest.param("development", ("改革", "经济建设", "社会发展"), marks=pytest.mark.clause("S1-08")),
        pytest.param("duties_and_policies", ("职责", "程序", "政策"), marks=pytest.mark.clause("S1-09")),
        pytest.param("livelihood", ("群众生活", "突发"), marks=pytest.mark.clause("S1-10")),
        pytest.param("social_life", ("社会生活",), marks=pytest.mark.clause("S1-11")),
    ],
)
def test_each_scope_can_be_given_and_is_kept(
    county_hotline: Driver, scope: str, says: tuple[str, ...]
) -> None:
    name = county_hotline.choices()["schemes"]["scope"]["classes"][scope]["name"]
    assert all(word in name for word in says)
    number = county_hotline.registered(matter={"classes": {"scope": scope}})
    assert county_hotline.case(number)["matters"][0]["classes"] == {"scope": scope}


@pytest.mark.clause("S1-12")
def test_what_is_accepted_has_one_scope_and_what_none_fits_is_not_accepted_with_the_reason(
    county_hotline: Driver,
) -> None:
    scope = "matters.0.classes.scope"
    assert scope in wrong_fields(county_hotline, matter={"classes": {}})
    assert scope in wrong_fields(county_hotline, matter={"classes": {"scope": "weather"}})
    refusing = {"class": "not_accepted", "said": {"reason": "属于外县事务，五类均不适合"}}
    both = {"classes": {"scope": "livelihood"}, "special": refusing}
    assert scope in wrong_fields(county_hotline, matter=both)
    mute = {"classes": {}, "special": {"class": "not_accepted"}}
    assert "matters.0.special.said.reason" in wrong_fields(county_hotline, matter=mute)
    number, matter = told_instead(county_hotline, refusing, classes={})
    assert matter["special"]["said"] == {"reason": "属于外县事务，五类均不适合"}
    assert has_no_order_and_no_evaluation(county_hotline, number)


@pytest.mark.clause("S1-29")
def test_general_or_complex_is_kept_and_can_be_corrected_with_the_reason(county_hotline: Driver) -> None:
    assert sorted(county_hotline.choices()["difficulties"]) == ["complex", "ordinary"]
    for difficulty in ("ordinary", "complex"):
        number = county_hotline.registered(difficulty=difficulty)
        assert county_hotline.case(number)["difficulty"] == difficulty
    assert "difficulty" in wrong_fields(county_hotline, difficulty="legendary")
    number = county_hotline.registered(difficulty="ordinary")
    county_hotline.reclassify(number, difficulty="complex", reason="涉及多个乡镇，取证需时")
    (change,) = county_hotline.case(number)["reclassified"]
    assert (change["before"]["difficulty"], change["after"]["difficulty"]) == ("ordinary", "complex")


def test_of_other_authorities_the_rules_are_silent_so_there_is_no_such_class(county_hotline: Driver) -> None:
    silent = {"special": {"class": "out_of_scope", "said": {"authority": "市局"}}}
    assert "matters.0.special.class" in wrong_fields(county_hotline, matter=silent)
    assert county_hotline.choices()["out_of_scope"] == "none"
