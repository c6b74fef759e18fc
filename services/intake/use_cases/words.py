"""The words of the cases and how rare their pairs are: caches, made anew from time to time."""

from typing import Final

from services.intake.store.cases import index_words
from services.intake.use_cases.house import House

#: A table is made anew when the office's cases grew by this factor: a tenth changes no weight by much.
_GROWN: Final = 1.1
_AT_ONCE: Final = 500


def keep(house: House) -> None:
    """Index what has no words yet; count the common pairs where an office's cases became many more."""
    for office in house.base.rulebooks.offices():
        while index_words(house.cases, office, _AT_ONCE):
            continue
        if house.likenesses.held(office) > house.likenesses.counted(office) * _GROWN:
            house.likenesses.count(office)
