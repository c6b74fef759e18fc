"""The script is a pure function of the seed and the row's id."""

from collections import Counter

import pytest

from deploy.local.replay.script import GIVEN_BACK, HALF_DAYS, MOODS, SENT_BACK, Script

ROWS = [f"row-{n}" for n in range(4000)]


def everything(seed: int, rows: list[str]) -> list[tuple[object, ...]]:
    script = Script(seed)
    return [
        (
            script.gives_back(row),
            script.sends_back(row, "m1-1"),
            script.misses(row, 1),
            script.mood(row, 1),
            script.reply_days(row),
            script.minute("reply", row),
            script.digits(row),
            *(script.half_days(act, row) for act in HALF_DAYS),
        )
        for row in rows
    ]


def test_one_seed_tells_one_story_whatever_the_order_of_rows() -> None:
    forwards, backwards = everything(1, ROWS[:200]), everything(1, ROWS[199::-1])
    assert forwards == backwards[::-1]
    assert everything(2, ROWS[:200]) != forwards


def test_the_shares_are_those_that_are_printed() -> None:
    script = Script(7)
    moods = Counter(script.mood(row, 1) for row in ROWS)
    assert {mood: moods[mood] / len(ROWS) for mood in MOODS} == pytest.approx(MOODS, abs=0.02)
    assert sum(map(script.gives_back, ROWS)) / len(ROWS) == pytest.approx(GIVEN_BACK, abs=0.015)
    assert sum(script.sends_back(row, "m1-1") for row in ROWS) / len(ROWS) == pytest.approx(
        SENT_BACK, abs=0.02
    )


def test_every_act_takes_the_half_days_that_are_printed() -> None:
    script = Script(7)
    for act, (least, most) in HALF_DAYS.items():
        assert {script.half_days(act, row) for row in ROWS} == set(range(least, most + 1))


def test_after_a_second_handling_all_are_content() -> None:
    assert {Script(1).mood(row, 2) for row in ROWS} == {"satisfied"}


def test_no_made_up_number_is_one_that_the_gateway_does_not_reach() -> None:
    digits = [Script(1).digits(row) for row in ROWS]
    assert {len(number) for number in digits} == {8}
    assert not any(number.endswith("0000") for number in digits)
