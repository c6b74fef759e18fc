"""Commands come by their moments; due work, and what a case has just said, come before them."""

from deploy.local.replay.schedule import AT_ONCE, Command, Schedule, half_day
from tests.unit.replay.samples import at

MORNING, NOON, NEXT = "2019-09-30 09:00", "2019-09-30 12:00", "2019-10-01 09:00"


def schedule(*planned: tuple[str, str]) -> Schedule:
    made = Schedule()
    for moment, case in planned:
        made.add(Command(at(moment), case, lambda: None))
    return made


def taken(made: Schedule, due: str | None = None) -> list[str]:
    first = made.first()
    assert first is not None
    half, touched, cases = half_day(first), set[str](), list[str]()
    while commands := made.take(half, at(due) if due else None, touched):
        assert commands[-1].at - commands[0].at < AT_ONCE
        touched.update(command.case for command in commands)
        cases.extend(command.case for command in commands)
    return cases


def test_the_earliest_comes_first_and_of_one_moment_all_cases_in_order() -> None:
    made = schedule((MORNING, "c"), ("2019-09-30 08:00", "a"), (MORNING, "b"))
    assert made.first() == at("2019-09-30 08:00")
    assert taken(made) == ["a", "b", "c"]
    assert len(made) == 0


def test_what_one_case_does_at_one_moment_is_taken_one_by_one() -> None:
    made = schedule((MORNING, "a"), (MORNING, "b"), (MORNING, "a"))
    assert [taken(made), taken(made)] == [["a", "b"], ["a"]]


def test_noon_and_midnight_part_the_half_days() -> None:
    made = schedule((MORNING, "a"), (NOON, "b"), ("2019-09-30 23:59", "c"), (NEXT, "d"))
    assert [taken(made), taken(made), taken(made)] == [["a"], ["b", "c"], ["d"]]


def test_due_work_comes_before_a_command_of_the_same_moment() -> None:
    made = schedule(("2019-09-30 08:59", "a"), (MORNING, "b"))
    assert taken(made, due=MORNING) == ["a"]
    assert taken(made, due="2019-09-30 09:01") == ["b"]


def test_a_case_s_next_command_waits_until_its_last_was_heard() -> None:
    made = schedule((MORNING, "a"), ("2019-09-30 09:10", "a"), ("2019-09-30 09:20", "b"))
    assert taken(made) == ["a", "b"]
    assert taken(made) == ["a"]


def test_a_command_that_waits_is_never_an_hour_late() -> None:
    made = schedule((MORNING, "a"), ("2019-09-30 09:10", "a"), ("2019-09-30 10:10", "b"))
    assert taken(made) == ["a"]
    assert taken(made) == ["a", "b"]


def test_what_is_to_be_done_within_an_hour_is_done_side_by_side() -> None:
    made = schedule((MORNING, "a"), ("2019-09-30 09:59", "b"), ("2019-09-30 10:00", "c"))
    commands = made.take(half_day(at(MORNING)), None, set())
    assert [command.case for command in commands] == ["a", "b"]
