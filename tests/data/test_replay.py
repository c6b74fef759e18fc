"""Real history, replayed: every number adds up, and two runs of one seed tell the same."""

import pytest

from tests.data.conftest import Replayer

pytestmark = [pytest.mark.data, pytest.mark.timeout(1200)]

ROWS = 100
FEW = 8


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


def test_two_runs_of_one_seed_tell_the_same_and_another_seed_another_story(replayed: Replayer) -> None:
    first, second = (replayed("hotline_city", "mayors-line", FEW) for _ in range(2))
    assert first == second
    assert replayed("hotline_city", "mayors-line", FEW, seed=2) != first
