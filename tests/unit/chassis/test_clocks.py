"""The simulated clock keeps its promises between processes."""

import multiprocessing
import os
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest

from huiyin.chassis.clocks import SimulatedOfficeClock, SystemMachineClock, SystemOfficeClock, office_clock
from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.settings import BaseSettings

START = datetime(2026, 11, 2, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "clock.json"
    SimulatedOfficeClock(path).set(START)
    return path


def _advance_often(path: Path, times: int) -> None:
    clock = SimulatedOfficeClock(path)
    for _ in range(times):
        before = clock.now()
        after = clock.advance(SECOND)
        assert before < after <= clock.now()


def test_the_clock_stands_still_until_advanced(path: Path) -> None:
    clock = SimulatedOfficeClock(path)
    assert clock.now() == clock.now() == START
    assert clock.advance(timedelta(days=15)) == clock.now() == START + timedelta(days=15)


def test_a_reader_that_cached_sees_every_advance_of_another_at_once(path: Path) -> None:
    reader, writer = SimulatedOfficeClock(path), SimulatedOfficeClock(path)
    for _ in range(1000):
        # Two within one tick of the file system's clock: the second may get an inode again.
        writer.advance(SECOND)
        assert writer.advance(SECOND) == reader.now()


def test_no_two_writes_bear_the_same_stamp_even_within_one_tick(path: Path) -> None:
    ahead = time.time_ns() + 10**12  # as if the last write were of this very tick, or later
    os.utime(path, ns=(ahead, ahead))
    SimulatedOfficeClock(path).advance(SECOND)
    assert path.stat().st_mtime_ns > ahead


def test_advances_of_processes_and_threads_all_count(path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_advance_often, args=(path, 150)) for _ in range(2)]
    threads = [threading.Thread(target=_advance_often, args=(path, 150)) for _ in range(2)]
    workers: list[Any] = [*processes, *threads]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [p.exitcode for p in processes] == [0, 0]
    assert SimulatedOfficeClock(path).now() == START + 600 * SECOND


def test_who_watches_is_told_of_every_move_and_of_nothing_else(path: Path) -> None:
    clock, moves = SimulatedOfficeClock(path), Queue[None]()
    clock.watch(lambda: moves.put(None))
    moves.get(timeout=5)  # where it stands at the beginning
    clock.advance(SECOND)
    moves.get(timeout=5)
    with pytest.raises(Empty):
        moves.get(timeout=0.1)


def test_the_clock_never_goes_back_by_an_advance_but_may_be_set_back(path: Path) -> None:
    clock = SimulatedOfficeClock(path)
    with pytest.raises(ValueError, match="only advances"):
        clock.advance(-SECOND)
    assert clock.set(START - SECOND) == clock.now() == START - SECOND


def test_a_time_without_a_zone_is_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="zone"):
        SimulatedOfficeClock(path).set(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_missing_or_broken_file_is_a_wrong_setting(path: Path) -> None:
    with pytest.raises(WrongSetting, match="set the clock first"):
        SimulatedOfficeClock(path.with_name("none")).now()
    path.write_text("tomorrow")
    with pytest.raises(WrongSetting, match="now"):
        SimulatedOfficeClock(path).now()


def test_the_system_clocks_are_aware_and_in_utc() -> None:
    assert SystemOfficeClock().now().tzinfo is UTC
    assert SystemMachineClock().now().tzinfo is UTC
    assert SystemMachineClock().monotonic() <= SystemMachineClock().monotonic()


def test_the_settings_choose_the_clock(path: Path, settings: BaseSettings) -> None:
    assert isinstance(office_clock(settings), SystemOfficeClock)
    simulated = replace(settings, environment="local", office_clock=path)
    assert office_clock(simulated).now() == START
    with pytest.raises(WrongSetting):
        office_clock(replace(settings, environment="production", office_clock=path))
