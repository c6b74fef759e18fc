"""Nothing older is sent to a person after something newer of the same case (E-119)."""

from datetime import timedelta

import pytest

from huiyin.contracts.events import MessageFailed
from services.notify.domain import delivery, settling
from services.notify.domain.order import driven
from services.notify.errors import Overtaken
from tests.unit.notify.given import ALL, NOON, Course, case, message, rules

LATER = NOON + timedelta(minutes=5)


def going(course: Course) -> list[str]:
    return [m.message for m in driven(course.now)]


def test_the_older_of_two_goes_first_and_the_newer_waits() -> None:
    course = Course(case()).ask(message("new", at=LATER, sequence=2), message("old"))
    assert going(course) == ["old"]
    course.do(delivery.claim, "old")
    assert going(course) == ["old"]
    course.do(delivery.take, "old")
    assert going(course) == ["new", "old"]  # the old one only waits for its receipt


def test_time_then_source_then_sequence_make_the_order() -> None:
    course = Course(case()).ask(
        message("third", source="supervision", sequence=1),
        message("second", sequence=9),
        message("first", sequence=2),
    )
    assert going(course) == ["first"]
    course.send("first")
    assert going(course)[0] == "second"
    course.send("second")
    assert going(course)[0] == "third"


def test_what_waits_for_a_retry_holds_up_what_is_newer() -> None:
    course = Course(case()).ask(message("old"), message("new", at=LATER))
    course.do(delivery.claim, "old").do(delivery.try_later, "old")
    assert going(course) == ["old"]


def test_an_older_one_that_arrives_after_a_newer_was_sent_is_superseded_and_says_so() -> None:
    course = Course(case()).ask(message("new", at=LATER)).send("new").ask(message("old"))
    assert course.message("old").state == "superseded"
    assert course.said == [MessageFailed(message="old", template="result_ready", reason="superseded")]


def test_of_one_moment_and_two_services_neither_overtakes_the_other() -> None:
    course = Course(case()).ask(message("registered", source="intake", sequence=2)).send("registered")
    course.ask(message("result", source="feedback", sequence=1))
    assert course.message("result", source="feedback").state == "pending"


def test_of_one_moment_and_one_service_the_later_said_overtakes() -> None:
    course = (
        Course(case()).ask(message("second", sequence=2)).send("second").ask(message("first", sequence=1))
    )
    assert course.message("first").state == "superseded"


@pytest.mark.parametrize("end", ["delivered", "uncertain"])
def test_what_was_perhaps_sent_overtakes_as_well(end: str) -> None:
    course = Course(case()).ask(message("new", at=LATER)).do(delivery.claim, "new")
    if end == "uncertain":
        course.do(delivery.doubt, "new")
    else:
        course.do(delivery.deliver, "new", medium="sms")
    assert course.ask(message("old")).message("old").state == "superseded"


def test_what_failed_overtakes_nothing() -> None:
    course = Course(case(("sms",))).ask(message("new", at=LATER)).do(delivery.claim, "new")
    course.do(delivery.turn, "new", "gateway-422").ask(message("old"))
    assert course.message("old").state == "pending"


def test_an_older_one_waits_while_a_newer_is_in_the_providers_hands() -> None:
    course = Course(case()).ask(message("new", at=LATER)).do(delivery.claim, "new").ask(message("old"))
    assert going(course) == ["new"]
    course.do(delivery.try_later, "new")
    assert going(course) == ["old"]


def test_an_older_one_is_superseded_when_the_newer_is_taken() -> None:
    course = Course(case()).ask(message("new", at=LATER)).do(delivery.claim, "new").ask(message("old"))
    assert course.do(delivery.take, "new").message("old").state == "superseded"


def test_when_a_sent_one_fails_after_a_newer_was_sent_no_other_medium_is_tried() -> None:
    course = Course(case()).ask(message("old"), message("new", at=LATER)).send("old").send("new")
    course.do(delivery.turn, "old", "gateway-failed")
    assert course.message("old").state == "superseded"
    assert course.types == ["message.failed"]


def test_other_addressees_do_not_wait() -> None:
    unit = message("order", template="order_given", addressee_kind="unit", addressee="ecology", at=LATER)
    course = Course(case()).ask(message("old"), unit)
    assert going(course) == ["old", "order"]
    assert course.send("order").message("old").state == "pending"


def test_a_letter_to_be_posted_holds_up_what_is_newer() -> None:
    course = Course(case(ALL)).ask(message("old", template="contact_failed_letter")).listed("old")
    course.ask(message("new", at=LATER))
    assert going(course) == []
    course.take(settling.finish(course.now, "intake:old", True, "", course.rules))
    assert going(course) == ["new"]


def test_a_call_to_be_made_holds_nothing_up_and_is_superseded() -> None:
    course = Course(case(("call", "sms"), "visit", "community-centre"), rules("community-centre"))
    course.ask(message("old")).listed("old").ask(message("new", at=LATER, template="case_concluded"))
    assert going(course) == ["new"]
    assert course.send("new").message("old").state == "superseded"


def test_a_question_to_a_person_stands_outside_the_order() -> None:
    course = Course(case()).ask(message("question", template="evaluation_call"), message("new", at=LATER))
    assert sorted(going(course)) == ["new", "question"]
    course.send("new")
    assert course.message("question").state == "pending"


def test_an_uncertain_one_is_not_sent_again_behind_a_newer() -> None:
    course = Course(case()).ask(message("old"), message("new", at=LATER))
    course.do(delivery.claim, "old").do(delivery.doubt, "old").send("new")
    with pytest.raises(Overtaken):
        settling.decide(course.now, "intake:old", "resend", course.rules)
