"""The words of the cases and how rare their pairs are: caches, made anew when they need it."""

from typing import Final

from services.intake.store.cases import index_words
from services.intake.use_cases.house import House

_AT_ONCE: Final = 500


def keep(house: House) -> None:
    """Index what has no words yet."""
    for office in house.base.rulebooks.offices():
        while index_words(house.cases, office, _AT_ONCE):
            continue


def count(house: House) -> None:
    """Count the common pairs anew where an office's cases became many more, or the count is old."""
    now = house.base.machine_clock.now()
    for office in house.base.rulebooks.offices():
        if house.likenesses.is_outgrown(office, now):
            house.likenesses.count(office, now)
