"""What the platform does: registrations, orders visible to units, whole lifecycles, idleness."""

import itertools
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from deploy.local.bench.clients import Connection
from deploy.local.bench.report import Row, row
from deploy.local.bench.site import Site, forms
from deploy.local.bench.timing import Timings, for_seconds, timed

_REGISTER_S: Final = 10.0
_EACH_S: Final = 0.1
_VISIBLE_CASES: Final = 200
_LOOK_EVERY_S: Final = 0.01
_PATIENCE_S: Final = 30.0


def registrations(site: Site, connections: int) -> Row:
    """Registrations one after another on each connection, for a while."""
    clerks = [site.connection("intake", "operator") for _ in range(connections)]
    told = forms()
    lock = threading.Lock()

    def one_by(clerk: Connection) -> Callable[[int], bool]:
        def register(_: int) -> bool:
            with lock:
                form, _unit = next(told)
            return clerk.post("/cases", form)[0] == HTTPStatus.CREATED

        return register

    timings = timed(for_seconds(_REGISTER_S), [one_by(clerk) for clerk in clerks])
    return row(f"登记 registrations, {connections} 个连接 connections", timings)


def visibility(site: Site) -> Row:
    """From the receipt of a number until the order lies on the unit's desk, at ten cases a second."""
    timings, lock = Timings(), threading.Lock()
    clerk = site.connection("intake", "operator")

    def watch(number: str, unit: str) -> None:
        began = time.perf_counter()
        seen = _wait_visible(site.connection("dispatch", "unit", unit), number)
        with lock:
            if seen:
                timings.took.append(time.perf_counter() - began)
            else:
                timings.errors += 1

    watches = []
    began = time.perf_counter()
    for n, (form, unit) in enumerate(itertools.islice(forms(), _VISIBLE_CASES)):
        time.sleep(max(0.0, began + n * _EACH_S - time.perf_counter()))
        status, receipt = clerk.post("/cases", form)
        if status != HTTPStatus.CREATED:
            timings.errors += 1
            continue
        watches.append(threading.Thread(target=watch, args=(receipt["number"], unit)))
        watches[-1].start()
    for thread in watches:
        thread.join()
    timings.seconds = time.perf_counter() - began
    return row("登记到单位可见 registered → order visible, 10/s", timings)


def _wait_visible(desk: Connection, number: str) -> bool:
    end = time.perf_counter() + _PATIENCE_S
    while time.perf_counter() < end:
        _, page = desk.get("/orders?state=dispatched&limit=200")
        if any(order["number"] == number for order in page.get("orders", ())):
            desk.close()
            return True
        time.sleep(_LOOK_EVERY_S)
    return False
