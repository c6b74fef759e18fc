"""What the benchmarks count: every operation once, errors apart, percentiles that were reached."""

import math
import threading
import time

from deploy.local.bench.timing import Timings, for_seconds, timed


def test_a_percentile_is_a_time_that_was_measured() -> None:
    timings = Timings(took=[0.4, 0.1, 0.3, 0.2])
    assert timings.percentile(0.5) == 0.2
    assert timings.percentile(0.99) == 0.4
    assert math.isnan(Timings().percentile(0.5))


def test_every_item_is_done_once_by_one_of_the_workers_and_errors_are_no_operations() -> None:
    done, lock = [], threading.Lock()

    def work(item: int) -> bool:
        with lock:
            done.append(item)
        return item % 10 != 0

    timings = timed(range(200), [work] * 4)
    assert sorted(done) == list(range(200))
    assert (timings.n, timings.errors) == (180, 20)


def test_the_rate_counts_what_ran_side_by_side_against_the_time_on_the_wall() -> None:
    def sleep(_: int) -> bool:
        time.sleep(0.05)
        return True

    timings = timed(range(8), [sleep] * 8)
    assert timings.seconds < sum(timings.took)
    assert timings.rate == 8 / timings.seconds


def test_numbers_end_with_the_time() -> None:
    began = time.perf_counter()
    assert sum(1 for _ in for_seconds(0.05)) > 0
    assert time.perf_counter() - began >= 0.05
