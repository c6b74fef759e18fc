"""When people act: at the hours of working half-days, and always before the real reply."""

import pytest

from deploy.local.replay.course import course_of, steps_before_reply
from deploy.local.replay.script import Script
from tests.unit.replay.samples import CALENDAR, HOURS, at, message


@pytest.mark.parametrize(
    ("now", "half_days", "then"),
    [
        ("2019-09-27 09:59", 1, "2019-09-27 15:00"),  # what comes in a half-day is looked at in the next
        ("2019-09-27 14:59", 1, "2019-09-29 10:00"),
        ("2019-09-27 10:00", 1, "2019-09-27 15:00"),
        ("2019-09-27 10:00", 2, "2019-09-29 10:00"),  # a Sunday worked
        ("2019-09-30 15:00", 1, "2019-10-08 10:00"),  # National Day
        ("2019-10-03 09:00", 3, "2019-10-09 10:00"),
    ],
)
def test_people_act_at_the_hours_of_working_half_days(now: str, half_days: int, then: str) -> None:
    assert HOURS.after(at(now), half_days) == at(then)


@pytest.mark.parametrize("gate", [True, False])
@pytest.mark.parametrize(
    "replied", ["2019-09-30 09:00:09", "2019-09-30 16:00", "2019-10-09 09:00", "2020-03-01 10:00"]
)
def test_whatever_must_precede_the_reply_does(gate: bool, replied: str) -> None:
    for seed in range(60):
        script = Script(seed)
        course = course_of(message("2019-09-30 09:00", replied), script, HOURS)
        steps = steps_before_reply(course, script, HOURS, gate=gate)
        moments = [course.received_at, *(moment for _, moment in steps), course.reply_at]
        assert moments == sorted(moments)
        assert len(set(moments)) == len(moments)
        acts = [act for act, _ in steps]
        expected = (["note"] if gate else []) + ["accept"]
        assert acts in (expected, [*expected, "choose", "accept"])


def test_a_unit_gives_back_only_when_there_is_time_for_it() -> None:
    script = next(Script(seed) for seed in range(200) if Script(seed).gives_back("r-1"))
    soon = course_of(message("2019-09-30 09:00", "2019-09-30 16:00"), script, HOURS)
    late = course_of(message("2019-09-30 09:00", "2019-12-30 16:00"), script, HOURS)
    assert len(steps_before_reply(soon, script, HOURS, gate=True)) == 2
    assert [act for act, _ in steps_before_reply(late, script, HOURS, gate=True)][-2:] == ["choose", "accept"]


def test_where_the_file_tells_no_reply_time_the_unit_takes_working_days() -> None:
    course = course_of(message("2019-09-30 09:00", None), Script(3), HOURS)
    days = CALENDAR.working_days_between(course.received_at.date(), course.reply_at.date())
    assert days == Script(3).reply_days("r-1")
    assert CALENDAR.is_working_day(course.reply_at.date())
