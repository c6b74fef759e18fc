"""Case numbers are readable, unique and tell their own slips (S0-06, E-43)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.numbers import compose, is_number

NUMBER = compose("SZ", "D", date(2024, 9, 27), 12)


def test_a_number_names_office_channel_day_and_serial() -> None:
    assert NUMBER.startswith("SZ-D-20240927-000012-")
    assert is_number(NUMBER)


def test_a_busy_day_may_need_more_digits() -> None:
    assert is_number(compose("SZ", "D", date(2024, 9, 27), 1_234_567))


@pytest.mark.parametrize("wrong", ["", "SZ-D-20240927-000012", NUMBER.lower(), NUMBER + "0", "无"])
def test_what_is_no_number_is_seen(wrong: str) -> None:
    assert not is_number(wrong)


@given(st.integers(1, 999_999), st.integers(5, 19), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(serial: int, at: int, by: int) -> None:
    number = compose("SZ", "D", date(2024, 9, 27), serial)
    digit = number[at]
    if not digit.isdigit():
        return
    slipped = number[:at] + str((int(digit) + by) % 10) + number[at + 1 :]
    assert not is_number(slipped)


@given(st.integers(1, 999_999), st.integers(14, 18))
def test_swapped_neighbours_are_found(serial: int, at: int) -> None:
    number = compose("SZ", "D", date(2024, 9, 27), serial)
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert swapped == number or not is_number(swapped)
