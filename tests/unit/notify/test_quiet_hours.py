"""No contact at night (E-112)."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notify.domain import delivery
from services.notify.domain.rules import end_of_span
from tests.unit.notify.given import ALL, MACHINE, MORNING, NIGHT, NOON, Course, case, message, rules

ZONE = "Asia/Shanghai"


def shanghai(day: int, clock: str) -> datetime:
    hour, minute, second = (int(part) for part in clock.split(":"))
    return datetime(2026, 6, day, hour, minute, second, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (shanghai(5, "20:59:59"), None),
        (shanghai(5, "21:00:00"), shanghai(6, "08:00:00")),
        (shanghai(5, "23:59:59"), shanghai(6, "08:00:00")),
        (shanghai(6, "00:00:00"), shanghai(6, "08:00:00")),
        (shanghai(6, "07:59:59"), shanghai(6, "08:00:00")),
        (shanghai(6, "08:00:00"), None),
    ],
)
def test_quiet_hours_run_over_midnight_and_end_on_the_minute(now: datetime, end: datetime | None) -> None:
    assert end_of_span("21:00", "08:00", ZONE, now) == end


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (shanghai(5, "11:59:59"), None),
        (shanghai(5, "12:00:00"), shanghai(5, "14:00:00")),
        (shanghai(5, "14:00:00"), None),
    ],
)
def test_quiet_hours_may_lie_within_one_day(now: datetime, end: datetime | None) -> None:
    assert end_of_span("12:00", "14:00", ZONE, now) == end


def test_quiet_hours_may_end_at_24_o_clock() -> None:
    assert end_of_span("22:00", "24:00", ZONE, shanghai(5, "23:00:00")) == shanghai(6, "00:00:00")
    assert end_of_span("22:00", "24:00", ZONE, shanghai(6, "00:00:00")) is None


def test_a_span_of_no_length_is_never_quiet() -> None:
    assert end_of_span("21:00", "21:00", ZONE, shanghai(5, "21:00:00")) is None


def test_at_night_an_sms_waits_for_the_office_clock_alone() -> None:
    asked = Course(case(), rules(at=NIGHT)).ask(message()).message()
    assert (asked.due_office, asked.due_machine) == (MORNING, None)


def test_by_day_an_sms_waits_for_nothing() -> None:
    asked = Course(case()).ask(message()).message()
    assert (asked.due_office, asked.due_machine) == (None, MACHINE)


def test_what_is_urgent_goes_at_night() -> None:
    assert Course(case(), rules(at=NIGHT)).ask(message(urgent=True)).message().due_office is None


def test_a_call_task_waits_at_night() -> None:
    assert Course(case(("call",)), rules(at=NIGHT)).ask(message()).message().due_office == MORNING


@pytest.mark.parametrize("media", [("mail",), ("letter",)])
def test_mail_and_letters_may_go_at_night(media: tuple[str, ...]) -> None:
    asked = Course(case(media), rules(at=NIGHT)).ask(message()).message()  # type: ignore[arg-type]
    assert asked.due_office is None


def test_units_and_staff_are_written_to_at_night() -> None:
    order = message(template="order_given", addressee_kind="unit", addressee="chenzhong_street")
    assert Course(case(), rules(at=NIGHT)).ask(order).message().due_office is None


def test_a_mail_that_fails_at_night_is_followed_by_an_sms_in_the_morning() -> None:
    course = Course(case(("mail", "sms"), channel="mailbox"), rules(at=NIGHT)).ask(message())
    course.do(delivery.claim).do(delivery.turn, "a", "smtp-550")
    assert course.message().current().medium == "sms"
    assert course.message().due_office == MORNING


def test_what_the_night_overtakes_rests() -> None:
    course = Course(case(), rules(at=NOON)).ask(message()).at(office=NIGHT).do(delivery.rest)
    assert (course.message().state, course.message().due_office) == ("pending", MORNING)


def test_what_a_crash_left_in_the_evening_is_not_sent_again_at_night() -> None:
    course = Course(case(ALL)).ask(message()).do(delivery.claim).at(office=NIGHT).do(delivery.rest)
    assert (course.message().state, course.message().due_office) == ("pending", MORNING)
