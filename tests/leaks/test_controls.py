"""Each wrapping's control is found by whoever takes that wrapping off, and by nobody else."""

import pytest

from deploy.local.leaks.controls import WRAPPINGS, Controls
from deploy.local.leaks.needles import Hit, Needles
from deploy.local.leaks.people import people

EVERYBODY = people(len(WRAPPINGS), 4)
PERSON = dict(zip(WRAPPINGS, EVERYBODY, strict=True))
CONTROLS, NEEDLES = Controls(EVERYBODY), Needles(EVERYBODY)


@pytest.mark.parametrize("way", WRAPPINGS)
def test_a_control_is_found_in_its_wrapping(way: str) -> None:
    assert NEEDLES.look(CONTROLS.wrapped(way)) == {Hit(PERSON[way].number, "name")}


@pytest.mark.parametrize("way", [way for way in WRAPPINGS if way != "plain"])
def test_a_wrapping_shows_nothing_of_whom_it_holds(way: str) -> None:
    """What stood there unwrapped, as digits do in most, would be found without any decoder."""
    person = PERSON[way]
    for value in (person.name, person.mobile, person.id_card, person.email):
        assert value.encode() not in CONTROLS.wrapped(way)
