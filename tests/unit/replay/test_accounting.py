"""What the file alone says: the reply's day, the office's term, the working calendar, nothing else."""

import pytest

from deploy.local.replay.accounting import Punctuality, alone_on_time
from huiyin.chassis.rulebook import Rulebook
from tests.unit.offices import rulebook
from tests.unit.replay.samples import CALENDAR, message

CENTRE: Rulebook = rulebook("community-centre")


@pytest.mark.parametrize(
    ("received", "replied", "on_time"),
    [
        ("2019-09-09 08:00", "2019-09-29 23:59:59", True),  # Mid-Autumn off, a Sunday worked
        ("2019-09-09 08:00", "2019-09-30 00:00", True),  # the 15th working day
        ("2019-09-09 23:59", "2019-09-30 23:59:59", True),
        ("2019-09-09 08:00", "2019-10-01 00:00", False),
        ("2019-09-10 00:00", "2019-10-08 12:00", True),  # the holidays count for nothing
        ("2019-09-10 00:00", "2019-10-09 00:00", False),
    ],
)
def test_fifteen_working_days_after_the_day_it_came(received: str, replied: str, on_time: bool) -> None:
    assert alone_on_time(message(received, replied), CENTRE, CALENDAR) is on_time


def test_where_the_file_cannot_tell_nothing_is_said() -> None:
    assert alone_on_time(message("2019-09-09 08:00", None), CENTRE, CALENDAR) is None
    letter = message("2019-09-09 08:00", "2019-09-30 08:00", channel="letter")
    assert alone_on_time(letter, CENTRE, CALENDAR) is None  # its term begins when the unit gets it
    mayors = rulebook("mayors-line")
    assert alone_on_time(message("2019-09-09 08:00", "2019-09-30 08:00"), mayors, CALENDAR) is None


def test_punctuality_counts_both() -> None:
    assert Punctuality.of([True, False, True]) == Punctuality(on_time=2, late=1)
