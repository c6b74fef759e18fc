"""Echoes and rulebooks as the rules of feedback meet them, without servers."""

from pathlib import Path

import pytest

from huiyin.chassis.calendar import WorkingCalendar, load_calendar
from huiyin.chassis.rulebook import Rulebook, load_offices

OFFICES = Path(__file__).parents[3] / "deploy" / "offices"


@pytest.fixture(scope="session")
def books() -> dict[str, Rulebook]:
    return {name: folder.rulebook for name, folder in load_offices(OFFICES).items()}


@pytest.fixture
def book(books: dict[str, Rulebook]) -> Rulebook:
    """The mayor's line: 3 attempts, 4 hours apart, a letter after, 7 days to change an evaluation."""
    return books["mayors-line"]


@pytest.fixture
def centre(books: dict[str, Rulebook]) -> Rulebook:
    """The community centre, which writes to anonymous letter writers but asks them nothing."""
    return books["community-centre"]


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    return load_calendar(OFFICES / "calendars")
