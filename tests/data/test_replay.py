"""Real history, replayed: every number adds up."""

import pytest

from tests.data.conftest import Replayer

pytestmark = [pytest.mark.data, pytest.mark.timeout(1200)]

ROWS = 60  # three hundred once a replay is quick enough


def test_real_replies_are_on_time_or_late_as_the_file_alone_says(replayed: Replayer) -> None:
    books = replayed("replies", "community-centre", ROWS)
    assert books.problems == ()
    assert books.refused == {}
    assert books.events["case.registered"] == books.archived == books.checked == ROWS
    assert books.alone == books.platform
    assert books.platform.on_time + books.platform.late == ROWS
    assert books.events["supervision.issued"] >= books.platform.late
    assert books.events["reply.approved"] >= ROWS


def test_a_hotline_s_messages_are_taken_by_channel_and_the_unnamed_are_not_called(replayed: Replayer) -> None:
    books = replayed("hotline_city", "mayors-line", ROWS)
    assert books.problems == ()
    taken = books.events["case.registered"]
    assert taken == books.archived == books.checked == ROWS - sum(books.refused.values())
    assert all("channel" in why for why in books.refused)
    assert books.alone is None  # the file tells no reply times
    assert books.platform.on_time + books.platform.late == taken
    assert 0 < books.events["evaluation.recorded"] < taken
