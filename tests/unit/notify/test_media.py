"""Which medium carries a message, and which one is tried next (E-66, E-112, S4-39)."""

from dataclasses import replace

import pytest

from huiyin.contracts.events import Medium, MessageFailed
from services.notify.domain import delivery
from services.notify.domain.correspondence import Message
from services.notify.domain.rules import media
from tests.unit.notify.given import ALL, PHONE, Course, case, message, rules


def of_unit(unit: str) -> Message:
    return message(template="order_given", addressee_kind="unit", addressee=unit)


def of_role(role: str) -> Message:
    return message(template="instruction_needed", addressee_kind="role", addressee=role)


@pytest.mark.parametrize(
    ("office", "channel", "expected"),
    [
        ("mayors-line", "web", ("sms", "call", "mail", "letter")),
        ("mayors-line", "mailbox", ("call", "mail", "sms", "letter")),
        ("mayors-line", "letter", ("call", "letter", "sms", "mail")),
        ("community-centre", "letter", ("call", "letter", "sms", "mail")),
    ],
)
def test_an_answer_goes_by_the_channels_media_first_in_the_offices_order(
    office: str, channel: str, expected: tuple[Medium, ...]
) -> None:
    assert media(case(ALL, channel, office), message(), rules(office)) == expected


def test_only_media_that_reach_the_party_are_used() -> None:
    assert media(case(("mail",)), message(), rules()) == ("mail",)


def test_a_notice_without_content_is_left_to_machines_as_long_as_they_reach() -> None:
    notice = message(template="case_registered")
    assert media(case(ALL, "visit", "community-centre"), notice, rules("community-centre")) == (
        "sms",
        "mail",
        "call",
        "letter",
    )


def test_a_letter_after_vain_calls_is_a_letter() -> None:
    letter = message(template="contact_failed_letter")
    assert media(case(ALL), letter, rules()) == ("letter",)
    assert media(case(PHONE), letter, rules()) == ()


def test_an_unknown_party_is_reached_by_nothing() -> None:
    assert media(case(), message(addressee="p9"), rules()) == ()


def test_a_unit_gets_mail_and_paper_when_mail_fails() -> None:
    assert media(case(), of_unit("urban_management"), rules()) == ("mail", "letter")


def test_a_unit_without_account_gets_paper() -> None:
    """E-66."""
    assert media(case(), of_unit("chenzhong_street"), rules()) == ("letter",)


def test_a_unit_without_address_gets_paper() -> None:
    assert media(case(), of_unit("guihang"), rules("community-centre")) == ("letter",)


def test_a_closed_unit_is_reached_by_its_successor() -> None:
    """E-62."""
    assert media(case(), of_unit("parks"), rules()) == ("mail", "letter")


def test_an_unknown_unit_is_reached_by_nothing() -> None:
    assert media(case(), of_unit("nowhere"), rules()) == ()


def test_a_role_is_reached_at_its_first_holders_unit() -> None:
    assert media(case(), of_role("leader"), rules()) == ("mail", "letter")


def test_a_role_that_nobody_holds_is_reached_by_nothing() -> None:
    vacant = replace(rules().folder, people={})
    assert media(case(), of_role("leader"), replace(rules(), folder=vacant)) == ()


def test_without_any_medium_the_message_fails_at_once_and_says_so() -> None:
    course = Course(case(())).ask(message())
    assert course.message().state == "failed"
    assert course.said == [MessageFailed(message="a", template="result_ready", reason="no-medium")]


def test_when_a_medium_fails_for_good_the_next_one_is_tried() -> None:
    """E-112."""
    course = Course(case()).ask(message()).do(delivery.claim).do(delivery.turn, "a", "gateway-422")
    assert [(a.medium, a.end) for a in course.message().attempts] == [("sms", "gateway-422"), ("call", "")]
    assert course.message().state == "pending"
    assert course.said == []


def test_when_the_last_medium_fails_the_failure_is_said_with_its_reason() -> None:
    """E-112: a visible failure."""
    course = Course(case(("sms",))).ask(message()).do(delivery.claim)
    course.do(delivery.turn, "a", "gateway-422")
    assert course.said == [MessageFailed(message="a", template="result_ready", reason="gateway-422")]


def test_each_medium_has_a_reference_of_its_own_that_is_always_the_same() -> None:
    course = Course(case()).ask(message()).do(delivery.claim).do(delivery.turn, "a", "gateway-422")
    again = Course(case()).ask(message())
    sms, call = (attempt.reference for attempt in course.message().attempts)
    assert sms != call
    assert again.message().current().reference == sms


def test_the_same_word_in_another_case_has_another_reference() -> None:
    other = Course(replace(case(), number="SZ20260605W00002")).ask(message())
    assert other.message().current().reference != Course(case()).ask(message()).message().current().reference
