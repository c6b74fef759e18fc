"""The part is closed once, when the case is concluded and all is quiet."""

import pytest

from huiyin.contracts.events import PartClosed
from services.notify.domain import delivery, settling
from tests.unit.notify.given import OVER, Course, case, message


def concluded(course: Course) -> Course:
    return course.take(delivery.conclude(course.now, OVER))


def test_with_nothing_to_send_the_part_closes_with_the_case() -> None:
    assert concluded(Course(case())).said == [PartClosed(count=1)]


def test_the_count_is_of_all_that_was_said_and_itself() -> None:
    course = Course(case()).ask(message()).send().do(delivery.deliver, "a", medium="sms")
    assert concluded(course).said[-1] == PartClosed(count=2)


@pytest.mark.parametrize("state", ["pending", "sending", "sent", "listed"])
def test_what_is_on_its_way_keeps_the_part_open(state: str) -> None:
    course = Course(case()).ask(message())
    if state != "pending":
        course.do(delivery.claim)
    if state in ("sent", "listed"):
        course.do(delivery.take if state == "sent" else delivery.put_on_list)
    assert course.message().state == state
    assert concluded(course).said == []


def test_the_part_closes_with_the_last_delivery() -> None:
    course = concluded(Course(case()).ask(message()).send()).do(delivery.deliver, "a", medium="sms")
    assert course.types == ["message.delivered", "part.closed"]
    assert course.said[-1] == PartClosed(count=2)
    assert course.now.closed


def test_the_part_closes_with_the_last_failure() -> None:
    course = concluded(Course(case(("sms",))).ask(message()).do(delivery.claim))
    assert course.do(delivery.turn, "a", "gateway-422").types == ["message.failed", "part.closed"]


def test_what_is_uncertain_was_said_and_does_not_hold_the_part() -> None:
    course = concluded(Course(case()).ask(message()).do(delivery.claim)).do(delivery.doubt)
    assert course.types == ["message.uncertain", "part.closed"]


def test_the_part_closes_once_whatever_comes_later() -> None:
    course = concluded(Course(case())).ask(message()).send().do(delivery.deliver, "a", medium="sms")
    assert concluded(course).types == ["part.closed", "message.delivered"]


def test_a_case_that_is_not_concluded_stays_open() -> None:
    course = Course(case()).ask(message()).send().do(delivery.deliver, "a", medium="sms")
    assert not course.now.closed


def test_a_letter_done_after_conclusion_closes_the_part() -> None:
    course = concluded(Course(case(("letter",))).ask(message()).listed())
    course.take(settling.finish(course.now, "intake:a", True, "", course.rules))
    assert course.types == ["message.delivered", "part.closed"]
