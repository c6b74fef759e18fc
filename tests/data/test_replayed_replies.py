"""Real replies, replayed: every number adds up, and the file alone says the same."""

import pytest

from tests.data.conftest import ROWS, Replayer

pytestmark = [pytest.mark.data, pytest.mark.long, pytest.mark.timeout(1200)]


def test_real_replies_are_on_time_or_late_as_the_file_alone_says(replayed: Replayer) -> None:
    books = replayed("replies", "community-centre", ROWS)
    assert books.problems == ()
    assert books.refused == {}
    assert books.events["case.registered"] == books.archived == books.checked == ROWS
    assert books.alone == books.platform
    assert books.platform.on_time + books.platform.late == ROWS
    assert books.events["supervision.issued"] >= books.platform.late
    assert books.events["reply.approved"] >= ROWS
