"""The clock goes by due moments and half-days; what concerns one case is done one after the other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.local.replay.play import Play
from deploy.local.replay.script import Script
from tests.unit.replay.samples import HOURS, SHANGHAI, at

MORNING, TEN, AFTERNOON = "2019-09-30 09:00", "2019-09-30 10:00", "2019-09-30 15:00"


class Scene:
    """A play with nobody behind it: what is due by case, and what was done when, with every quiet between."""

    def __init__(self, dues: dict[str, str]) -> None:
        self.dues = {at(moment): {f"N-{row}"} for row, moment in dues.items()}
        self.told: list[str] = []
        self.clock_at = at("2019-09-29 08:00")
        folder = SimpleNamespace(rulebook=None)
        desks: Any = SimpleNamespace(folder=folder, stages=lambda: {"archived": 1})
        quiet: Any = self
        clock: Any = SimpleNamespace(now=lambda: self.clock_at, set=self.go_to)
        self.play = Play(desks, clock, quiet, HOURS, Script(1))
        rows: Any = [SimpleNamespace(number=f"N-{row}", id=row) for row in "abc"]
        self.play.courses = rows

    def go_to(self, moment: datetime) -> None:
        self.clock_at = moment
        if due := [m for m in self.dues if m < moment]:
            self.told += [f"{m.astimezone(SHANGHAI):%H:%M} due {min(self.dues.pop(m))[2:]}" for m in due]

    def wait(self, _now: datetime) -> datetime | None:
        self.told.append("quiet")
        return min(self.dues, default=None)

    def wait_done(self, now: datetime) -> None:
        assert all(moment > now for moment in self.dues)

    def due_until(self, end: datetime) -> dict[datetime, set[str]]:
        return {moment: set(cases) for moment, cases in self.dues.items() if moment < end}

    def command(self, moment: str, row: str) -> None:
        def act() -> None:
            self.told.append(f"{self.clock_at.astimezone(SHANGHAI):%H:%M} act {row}")

        self.play.note(at(moment), row, act)

    def run(self) -> list[str]:
        with ThreadPoolExecutor(1) as hands:
            while self.play._stop(hands):
                pass
        return self.told


def test_what_is_due_comes_before_a_command_of_the_same_moment_without_a_quiet_between_two_cases() -> None:
    scene = Scene({"a": TEN})
    scene.command(TEN, "b")
    scene.command(MORNING, "c")
    assert scene.run() == ["quiet", "09:00 act c", "10:00 due a", "10:00 act b", "quiet"]


@pytest.mark.parametrize("due", [MORNING, "2019-09-30 09:59"])
def test_a_case_in_which_something_fell_due_is_left_alone_until_all_is_quiet(due: str) -> None:
    scene = Scene({"a": due})
    scene.command(TEN, "a")
    assert scene.run() == ["quiet", f"{due[11:]} due a", "quiet", "10:00 act a", "quiet"]


def test_a_case_that_was_acted_on_falls_due_when_all_is_quiet() -> None:
    scene = Scene({"a": TEN})
    scene.command(MORNING, "a")
    scene.command(TEN, "b")
    assert scene.run() == ["quiet", "09:00 act a", "quiet", "10:00 due a", "10:00 act b", "quiet"]


def test_a_command_that_must_wait_is_not_overtaken_by_what_is_due_later() -> None:
    scene = Scene({"c": "2019-09-30 11:00"})
    scene.command(MORNING, "a")
    scene.command(TEN, "a")
    assert scene.run() == ["quiet", "09:00 act a", "quiet", "10:00 act a", "11:00 due c", "quiet"]


def test_half_days_are_parted_by_quiet() -> None:
    scene = Scene({"c": AFTERNOON})
    scene.command(MORNING, "a")
    scene.command(AFTERNOON, "b")
    assert scene.run() == ["quiet", "09:00 act a", "quiet", "15:00 due c", "15:00 act b", "quiet"]
