"""No message goes to the accused, to their unit, or to who recused; nor is it told why (S0-35, S2-58)."""

from dataclasses import replace
from typing import Any

import pytest

from huiyin.contracts.circle import Circle, MatterCircle
from huiyin.contracts.events import CircleApplied, CircleChanged, MessageFailed, PartClosed
from services.notify.domain import delivery, wording
from services.notify.domain.addressees import person_of
from services.notify.domain.correspondence import Correspondence
from services.notify.domain.rules import media
from tests.unit.notify.given import NOON, OVER, Course, case, message, rules

RULES = rules("community-centre")
ORDER: dict[str, Any] = {"template": "order_given", "addressee_kind": "unit", "addressee": "relief"}


def circle(version: int = 1, **shut: Any) -> Circle:
    return Circle(version=version, matters=(MatterCircle(matter="m1", **shut),))


def begun(**shut: Any) -> Correspondence:
    return replace(case(office="community-centre"), circle=circle(**shut) if shut else Circle())


def told(version: int = 2, **shut: Any) -> CircleChanged:
    return CircleChanged(circle=circle(version, **shut), matters=("m1",), cause="accused", changed_at=NOON)


@pytest.mark.clause("S0-35", "S2-58")
@pytest.mark.parametrize("matter", ["m1", ""])
def test_a_message_to_the_accused_unit_is_never_sent_and_is_counted(matter: str) -> None:
    course = Course(begun(accused_units=("relief",)), RULES).ask(message(matter=matter, **ORDER))
    assert course.message().state == "cancelled"
    assert course.said == [MessageFailed(message="a", template="order_given", reason="cancelled")]


@pytest.mark.clause("E-72")
def test_of_another_matter_of_the_case_the_unit_is_told() -> None:
    course = Course(begun(accused_units=("relief",)), RULES).ask(message(matter="m2", **ORDER))
    assert course.message().state == "pending"


@pytest.mark.clause("E-73")
def test_what_has_not_gone_out_when_the_accused_are_learned_never_goes() -> None:
    course = Course(begun(), RULES).ask(message("a", matter="m1", **ORDER), message("b"))
    course.take(delivery.change_circle(course.now, told(accused_units=("relief",)), RULES))
    assert [m.state for m in course.now.messages] == ["cancelled", "pending"]
    assert course.said[0] == CircleApplied(version=2)
    again = delivery.change_circle(course.now, told(), RULES)
    assert again == (course.now, [])


def test_a_letter_on_a_work_list_is_taken_off_and_one_that_went_out_stays() -> None:
    course = Course(begun(), RULES)
    for name, addressee in (("a", "lansheng"), ("b", "relief")):
        course.ask(message(name, matter="m1", **{**ORDER, "addressee": addressee}))
    course.listed("a").send("b")
    course.take(delivery.change_circle(course.now, told(accused_units=("lansheng", "relief")), RULES))
    assert [m.state for m in course.now.messages] == ["cancelled", "sent"]


def test_a_cancelled_message_does_not_hold_the_part_open() -> None:
    course = Course(begun(accused_units=("relief",)), RULES).ask(message(matter="m1", **ORDER))
    course.take(delivery.conclude(course.now, OVER))
    assert course.said[-1] == PartClosed(count=2)


@pytest.mark.clause("S2-59", "E-76")
def test_a_role_is_told_through_its_first_holder_whom_the_matter_does_not_touch() -> None:
    ask = message(template="instruction_needed", addressee_kind="role", addressee="leader", matter="m1")

    def holder(**shut: Any) -> str | None:
        person = person_of(begun(**shut), ask, RULES.folder, NOON)
        return person.subject if person else None

    assert holder() == "cc-leader-1"
    assert holder(accused=("cc-leader-1",)) == "cc-leader-2"
    assert holder(accused=("cc-leader-1", "cc-leader-2")) is None
    untold = Course(begun(accused=("cc-leader-1", "cc-leader-2")), RULES).ask(ask)
    assert untold.message().state == "cancelled"


@pytest.mark.clause("S2-26", "E-71")
def test_what_is_for_the_head_or_for_a_body_outside_goes_by_letter_alone() -> None:
    for kind, addressee in (("person", "cc-leader-1"), ("outside", "discipline_inspection")):
        asked = message(template="order_given", addressee_kind=kind, addressee=addressee, matter="m1")
        assert media(begun(), asked, RULES) == ("letter",)
    assert wording.outside("discipline_inspection", "zh") == "纪检监察机关"


def test_the_accused_head_is_told_nothing() -> None:
    asked = message(template="order_given", addressee_kind="person", addressee="cc-leader-1", matter="m1")
    assert Course(begun(accused=("cc-leader-1",)), RULES).ask(asked).message().state == "cancelled"
