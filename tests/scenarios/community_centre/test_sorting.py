"""The centre sorts: three difficulties, special marks, what leaders hand on, what is not dispatched (S2)."""

import pytest

from tests.scenarios.driver import Driver
from tests.scenarios.special import told_instead, wrong_fields

LEGACY = {"difficulty": "legacy"}


@pytest.mark.clause("S2-34", "XI-06")
def test_three_difficulties_are_kept_and_any_one_sign_makes_the_third(community_centre: Driver) -> None:
    assert sorted(community_centre.choices()["difficulties"]) == ["complex", "legacy", "ordinary"]
    for difficulty in ("ordinary", "complex"):
        number = community_centre.registered(difficulty=difficulty)
        assert community_centre.case(number)["difficulty"] == difficulty
    assert "具备其一" in str(wrong_fields(community_centre, **LEGACY)["signs"])
    assert "signs" in wrong_fields(community_centre, **LEGACY, signs=["many_people"])
    for sign in ("legacy", "very_difficult", "several_units"):
        case = community_centre.case(community_centre.registered(**LEGACY, signs=[sign]))
        assert (case["difficulty"], case["signs"]) == ("legacy", [sign])


@pytest.mark.clause("S2-66", "V-06")
def test_special_marks_are_kept_with_a_reason_where_the_rulebook_has_criteria(
    community_centre: Driver,
) -> None:
    marks = {"important": "多户停暖", "difficult": "无政策依据", "leader_annotated": "", "repeat_visit": ""}
    assert marks.keys() <= community_centre.choices()["flags"].keys()
    for mark, why in marks.items():
        reasons = {"why": {mark: why}} if why else {}
        case = community_centre.case(community_centre.registered(flags=[mark], **reasons))
        assert (case["flags"], case["why"]) == ([mark], reasons.get("why", {}))
    assert "why.important" in wrong_fields(community_centre, flags=["important"])
    assert "why.difficult" in wrong_fields(community_centre, flags=["difficult"], why={"difficult": " "})


@pytest.mark.clause("E-95")
def test_what_a_leader_hands_straight_to_a_department_is_registered_and_handled_there(
    community_centre: Driver,
) -> None:
    handed = {"leader": "cc-leader-1", "unit": "relief"}
    number = community_centre.registered(matter={"handed": handed})
    (order,) = community_centre.until(lambda: community_centre.handling(number)["orders"])
    assert (order["unit"], order["ground"], order["state"]) == ("relief", "by_leader", "dispatched")
    assert community_centre.handling(number)["gate"] == "none"
    (matter,) = community_centre.case(number)["matters"]
    assert matter["given"] == {"unit": "relief", "ground": "by_leader", "leader": "cc-leader-1"}
    nobody = {"leader": "cc-operator-1", "unit": "moon"}
    wrong = wrong_fields(community_centre, matter={"handed": nobody})
    assert {"matters.0.handed.leader", "matters.0.handed.unit"} <= wrong.keys()


def test_another_authoritys_matter_is_told_where_it_goes_and_is_transferred(community_centre: Driver) -> None:
    beyond = {"class": "out_of_scope", "said": {"authority": "将移送街道城管中队"}}
    number, matter = told_instead(community_centre, beyond)
    assert (matter["dispatched"], matter["special"]["said"]) == (True, beyond["said"])
    community_centre.until(lambda: community_centre.handling(number)["gate"] == "asked")


@pytest.mark.clause("E-45")
def test_of_a_letter_with_thanks_and_a_complaint_only_the_complaint_is_dispatched(
    community_centre: Driver,
) -> None:
    form = community_centre.form(channel="letter")
    thanks = {**form["matters"][0], "kind": "praise", "category": "praise", "text": "感谢五号窗口耐心帮忙。"}
    number = str(community_centre.register({**form, "matters": [*form["matters"], thanks]})["number"])
    community_centre.until(lambda: community_centre.handling(number)["gate"] == "asked")
    community_centre.instruct(number)
    orders = community_centre.until(lambda: community_centre.handling(number)["orders"])
    assert {order["matter"] for order in orders} == {"m1"}
    assert [matter["dispatched"] for matter in community_centre.case(number)["matters"]] == [True, False]
