"""Four hundred invented people go through the whole platform: nobody is found where nobody entitles it."""

from pathlib import Path

import pytest

from deploy.local.leaks.run import Run, Size
from deploy.local.stack import Stack

pytestmark = [pytest.mark.own_platform, pytest.mark.timeout(1800)]


def test_nobody_who_was_planted_is_found_outside_the_entitled_places(tmp_path: Path) -> None:
    size = Size()
    with Stack(tmp_path, searchable=True) as stack:
        stack.start(print)
        outcome = Run(stack, size, print)()
    found = {place.name: place for place in outcome.searched}
    print(*(f"{place.seconds:6.1f} s  {name}" for name, place in found.items()), sep="\n")
    assert {name: place.leaks for name, place in found.items() if place.leaks} == {}
    assert {name: place.missed for name, place in found.items() if place.missed} == {}, (
        "a control is not found"
    )
    assert outcome.unplanted == frozenset(), "somebody must stand in each field that takes words"
    assert len(outcome.crowd.planted) == size.people
    assert outcome.holds
    empty = [name for name, place in found.items() if not place.bytes]
    assert empty == [], "a place without a byte was not searched"
    assert sum(place.entitled for place in found.values()) > size.people, "the entitled do get what they need"
