"""The course of one message: states, tries, receipts, and what people settle."""

from datetime import timedelta
from typing import Any

import pytest

from huiyin.contracts.events import MessageDelivered, MessageFailed, MessageUncertain
from services.notify.domain import delivery, settling
from services.notify.domain.correspondence import STEPS, MessageState
from services.notify.domain.rules import ASKS, TRIES
from services.notify.errors import NoSuchMessage, WrongState
from tests.unit.notify.given import ALL, MACHINE, NOON, PHONE, Course, case, message

ENDED: set[MessageState] = {"delivered", "failed", "superseded"}


def receipt(course: Course, delivered: bool, reference: str = "") -> Course:
    reference = reference or course.message().current().reference
    return course.take(settling.receive(course.now, reference, delivered, "gateway-failed", course.rules))


def uncertain() -> Course:
    return Course(case()).ask(message()).do(delivery.claim).do(delivery.doubt)


def test_no_step_leads_out_of_an_end() -> None:
    assert all(not ENDED & allowed for allowed, _ in STEPS.values())


def test_the_same_message_asked_again_has_no_second_effect() -> None:
    """E-119."""
    course = Course(case()).ask(message()).send().ask(message(sequence=7))
    assert len(course.now.messages) == 1
    assert course.message().state == "sent"


def test_the_same_word_of_another_service_is_another_message() -> None:
    course = Course(case()).ask(message(), message(source="feedback"))
    assert [m.id for m in course.now.messages] == ["intake:a", "feedback:a"]


def test_a_claimed_message_is_the_workers_until_the_lease_ends() -> None:
    course = Course(case()).ask(message()).do(delivery.claim)
    assert course.message().state == "sending"
    assert course.message().due_machine == MACHINE + timedelta(seconds=60)


def test_what_another_worker_claimed_cannot_be_claimed() -> None:
    with pytest.raises(WrongState):
        Course(case()).ask(message()).do(delivery.claim).do(delivery.claim)


def test_tries_grow_apart_and_end_with_the_next_medium() -> None:
    """E-112."""
    course, waits = Course(case()).ask(message()), []
    for _ in range(TRIES - 1):
        course.do(delivery.claim).do(delivery.try_later)
        due = course.message().due_machine
        assert due is not None
        waits.append((due - MACHINE).total_seconds())
    assert waits == [2, 6, 18, 54, 162, 486, 900]
    course.do(delivery.claim).do(delivery.try_later)
    assert [(a.medium, a.end) for a in course.message().attempts] == [
        ("sms", "tries-exhausted"),
        ("call", ""),
    ]


def test_tries_exhausted_on_the_last_medium_are_said() -> None:
    course = Course(case(("sms",))).ask(message())
    for _ in range(TRIES):
        course.do(delivery.claim).do(delivery.try_later)
    assert course.said == [MessageFailed(message="a", template="result_ready", reason="tries-exhausted")]


def test_without_an_answer_on_the_contact_a_message_waits_without_end() -> None:
    course = Course(case()).ask(message())
    for _ in range(50):
        course.do(delivery.put_off)
    assert course.message().state == "pending"
    assert course.message().due_machine == MACHINE + timedelta(minutes=2)
    assert course.said == []


def test_a_message_that_cannot_be_written_fails_at_once() -> None:
    course = Course(case()).ask(message()).do(delivery.fail, "a", "not-writable")
    assert course.said == [MessageFailed(message="a", template="result_ready", reason="not-writable")]


def test_a_delivery_is_said_with_its_medium() -> None:
    """S4-39."""
    course = receipt(Course(case()).ask(message()).send(), delivered=True)
    assert course.said == [
        MessageDelivered(message="a", template="result_ready", medium="sms", delivered_at=NOON)
    ]


def test_a_receipt_that_comes_before_the_result_is_saved_counts() -> None:
    course = receipt(Course(case()).ask(message()).do(delivery.claim), delivered=True)
    assert course.message().state == "delivered"


def test_a_receipt_heard_twice_is_said_once() -> None:
    course = Course(case()).ask(message()).send()
    reference = course.message().current().reference
    receipt(receipt(course, True, reference), True, reference)
    assert course.types == ["message.delivered"]


def test_a_bad_receipt_turns_to_the_next_medium() -> None:
    course = receipt(Course(case()).ask(message()).send(), delivered=False)
    assert course.message().current().medium == "call"


def test_a_bad_receipt_of_a_medium_given_up_changes_nothing() -> None:
    course = Course(case()).ask(message()).do(delivery.claim)
    old = course.message().current().reference
    course.do(delivery.turn, "a", "tries-exhausted")
    assert receipt(course, False, old).message().current().medium == "call"


def test_good_news_of_a_medium_given_up_ends_the_message_by_that_medium() -> None:
    course = Course(case()).ask(message()).do(delivery.claim)
    old = course.message().current().reference
    course.do(delivery.turn, "a", "tries-exhausted")
    receipt(course, True, old)
    assert isinstance(course.said[0], MessageDelivered)
    assert course.said[0].medium == "sms"


def test_a_receipt_of_an_unknown_reference_is_refused() -> None:
    with pytest.raises(NoSuchMessage):
        receipt(Course(case()).ask(message()), True, "unknown")


def test_a_receipt_that_never_comes_makes_the_message_uncertain_in_the_end() -> None:
    course, waits = Course(case()).ask(message()).send(), []
    while course.message().state == "sent":
        due = course.message().due_machine
        assert due is not None
        waits.append((due - MACHINE).total_seconds())
        course.do(delivery.ask_later)
    assert waits == [60, 240, 960, 3840, 15360, 61440, 86400, 86400][:ASKS]
    assert course.said == [MessageUncertain(message="a", template="result_ready", medium="sms")]


def test_a_provider_that_stays_silent_after_a_crash_makes_the_message_uncertain() -> None:
    course = Course(case()).ask(message()).do(delivery.claim)
    for _ in range(TRIES):
        course.do(delivery.ask_later)
    assert course.message().state == "uncertain"


def test_a_receipt_settles_what_was_uncertain() -> None:
    assert receipt(uncertain(), True).message().state == "delivered"
    assert receipt(uncertain(), False).message().current().medium == "call"


@pytest.mark.parametrize(
    ("decision", "state", "said"),
    [
        ("delivered", "delivered", ["message.uncertain", "message.delivered"]),
        ("failed", "pending", ["message.uncertain"]),
        ("resend", "pending", ["message.uncertain"]),
    ],
)
def test_a_person_settles_what_is_uncertain(decision: Any, state: str, said: list[str]) -> None:
    course = uncertain()
    course.take(settling.decide(course.now, "intake:a", decision, course.rules))
    assert (course.message().state, course.types) == (state, said)


def test_sent_again_it_bears_a_new_reference_on_the_same_medium() -> None:
    course = uncertain()
    first = course.message().current().reference
    course.take(settling.decide(course.now, "intake:a", "resend", course.rules))
    assert course.message().current().medium == "sms"
    assert course.message().current().reference != first


@pytest.mark.parametrize("decision", ["delivered", "failed", "resend"])
def test_only_what_is_uncertain_can_be_settled(decision: Any) -> None:
    course = Course(case()).ask(message()).send()
    with pytest.raises(WrongState):
        settling.decide(course.now, "intake:a", decision, course.rules)


def test_a_posted_letter_is_delivered_with_its_mail_number() -> None:
    course = Course(case(("letter",))).ask(message()).listed()
    course.take(settling.finish(course.now, "intake:a", True, "XA123456789CN", course.rules))
    assert (course.message().state, course.message().mail_number) == ("delivered", "XA123456789CN")
    assert course.types == ["message.delivered"]


def test_a_call_that_reached_nobody_turns_to_the_next_medium() -> None:
    course = Course(case(("call", "letter"), "letter")).ask(message()).listed()
    course.take(settling.finish(course.now, "intake:a", False, "", course.rules))
    assert [(a.medium, a.end) for a in course.message().attempts] == [
        ("call", "not-delivered"),
        ("letter", ""),
    ]


def test_only_what_is_on_a_list_can_be_finished() -> None:
    course = Course(case(ALL)).ask(message()).send()
    with pytest.raises(WrongState):
        settling.finish(course.now, "intake:a", True, "", course.rules)


def test_an_unknown_message_is_refused() -> None:
    with pytest.raises(NoSuchMessage):
        settling.finish(case(PHONE), "intake:a", True, "", Course(case()).rules)
