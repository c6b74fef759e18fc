"""A hotline's real messages, replayed: every number adds up, and two runs of one seed tell the same."""

import pytest

from tests.data.conftest import ROWS, Replayer

pytestmark = [pytest.mark.data, pytest.mark.long, pytest.mark.timeout(1200)]

FEW = 8


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
