"""Which serials bear no case, and which cases no leased serial."""

from dataclasses import replace

from huiyin.books.numbers import Numbers
from tests.unit.books.story import sound, without


def seen(*serials: int) -> Numbers:
    numbers = Numbers()
    for serial in serials:
        numbers.add(replace(sound(), number=f"ML-C-20240923-{serial:06d}-00"))
    return numbers


def test_serials_that_bear_no_case_are_told_as_ranges() -> None:
    (burned,) = seen(1, 2, 5, 7).burned({("ml", "20240923"): 10})
    assert (burned.serials, burned.count, burned.leased) == ("3–4, 6, 8–10", 6, 10)


def test_a_day_without_a_gap_is_not_told() -> None:
    assert list(seen(1, 2).burned({("ml", "20240923"): 2})) == []


def test_a_serial_beyond_the_lease_is_told() -> None:
    assert list(seen(1, 2).not_leased({("ml", "20240923"): 2})) == []
    assert [f.number for f in seen(1, 3).not_leased({("ml", "20240923"): 2})] == ["ml 20240923"]
    assert [f.number for f in seen(1).not_leased({})] == ["ml 20240923"]


def test_a_number_of_another_system_has_no_serial() -> None:
    numbers = Numbers()
    numbers.add(replace(sound(), number="2016-4711"))
    assert list(numbers.not_leased({})) == []


def test_a_number_without_its_case_bears_none() -> None:
    numbers = Numbers()
    numbers.add(without(sound(), "intake"))
    (burned,) = numbers.burned({("ml", "20240923"): 1})
    assert burned.serials == "1"
