"""Categories suggested for real messages: what was learnt of the earlier ones serves for the later."""

from typing import Any

import pytest
from pymongo.database import Database

from tests.suggestion.__main__ import DATA
from tests.suggestion.measuring import measure

pytestmark = pytest.mark.data


def test_the_right_class_is_mostly_first_and_nearly_always_among_three(
    database: Database[dict[str, Any]],
) -> None:
    figures = measure(database, DATA)
    assert figures.first >= 0.65
    assert figures.among_three >= 0.87
