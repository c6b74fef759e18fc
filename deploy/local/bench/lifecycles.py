"""Whole lives of cases, each act of staff one HTTP request with the token of who does it."""

import itertools
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from deploy.local.bench.clients import Connection
from deploy.local.bench.report import Row
from deploy.local.bench.site import OFFICE, Site, forms
from huiyin.client.line import Json
from huiyin.contracts.roles import Role
from huiyin.contracts.services import Service

T = TypeVar("T")

_CASES: Final = 200
_AT_ONCE: Final = 16
_LOOK_EVERY_S: Final = 0.02
_COUNT_EVERY_S: Final = 0.2
_PATIENCE_S: Final = 60.0
#: The platform has not heard of it yet; whoever works through a list would not have seen it yet.
_EARLY: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT})
_BUSY: Final = frozenset({0, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.BAD_GATEWAY})


class _Desk:
    """One kind of staff: as many connections as people work at once."""

    def __init__(self, site: Site, service: Service, role: Role, unit: str = "") -> None:
        self._free: SimpleQueue[Connection] = SimpleQueue()
        for _ in range(_AT_ONCE):
            self._free.put(site.connection(service, role, unit))

    def post(self, path: str, body: Any = None) -> Json:
        """Do it; again while the platform has not got so far."""
        return self._until_done(lambda connection: connection.post(path, body))

    def get(self, path: str) -> Json:
        """Look at it, once it is there."""
        return self._until_done(lambda connection: connection.get(path))

    def _until_done(self, ask: Callable[[Connection], tuple[int, Json]]) -> Json:
        end = time.perf_counter() + _PATIENCE_S
        while True:
            connection = self._free.get()
            try:
                status, body = ask(connection)
            finally:
                self._free.put(connection)
            if status in {HTTPStatus.OK, HTTPStatus.CREATED}:
                return body
            if status not in _EARLY | _BUSY or time.perf_counter() > end:
                raise RuntimeError(f"a lifecycle stopped: {status} {body.get('detail', body)}")
            time.sleep(_LOOK_EVERY_S)


class Lifecycles:
    """Registers cases and leads them to the archive, stage after stage, several at once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._book = site.stack.desks[OFFICE].folder.rulebook
        self._operator = _Desk(site, "intake", "operator")
        self._dispatcher = _Desk(site, "dispatch", "dispatcher")
        self._supervisor = _Desk(site, "supervision", "supervisor")
        self._caller = _Desk(site, "feedback", "callback")
        self._units = {
            unit: _Desk(site, "dispatch", "unit", unit) for _, unit in itertools.islice(forms(), 4)
        }
        self.acts = 0

    def run(self) -> Row:
        """The table's line: lifecycles a second, from the first registration to the last archived."""
        before = self._archived()
        began = time.perf_counter()
        numbers = self._each(list(itertools.islice(forms(), _CASES)), self._register)
        orders = self._each(numbers, self._order)
        for stage in (self._accept, self._reply, self._approve):
            self._each(orders, stage)
        for step in (self._contact, self._reach, self._tell, self._evaluate):
            self._each(numbers, step)
        acted = time.perf_counter() - began
        while self._archived() < before + _CASES:
            time.sleep(_COUNT_EVERY_S)
        took = time.perf_counter() - began
        what = f"一生 lifecycles to the archive, {self.acts:,} acts, drain {took - acted:.1f} s"
        return Row(what, n=f"{_CASES:,}", rate=f"{_CASES / took:,.1f}", errors="0")

    def _each(self, items: Sequence[Any], act: Callable[[Any], T]) -> list[T]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(act, items))

    def _act(self, desk: _Desk, path: str, body: Any = None) -> Json:
        done = desk.post(path, body)
        self.acts += 1
        return done

    def _archived(self) -> int:
        return self._site.stack.desks[OFFICE].stages().get("archived", 0)

    def _register(self, told: tuple[Json, str]) -> str:
        number: str = self._act(self._operator, "/cases", told[0])["number"]
        return number

    def _order(self, number: str) -> Json:
        """What stands on the unit's desk; looking is no act."""
        orders: list[Json] = []
        while not orders:
            orders = self._dispatcher.get(f"/handlings/{number}")["orders"]
        return {**orders[0], "number": number}

    def _accept(self, order: Json) -> None:
        self._unit_act(order, "acceptance")

    def _reply(self, order: Json) -> None:
        text = "经现场核查，情况属实。已安排人员修复并清理现场，于今日完工，已当面告知诉求人。"
        self._unit_act(order, "replies", {"text": text, "final": True})

    def _unit_act(self, order: Json, step: str, body: Json | None = None) -> None:
        path = f"/handlings/{order['number']}/orders/{order['id']}/{step}"
        self._act(self._units[order["unit"]], path, body)

    def _approve(self, order: Json) -> None:
        results = [{"criterion": c.id, "result": "pass"} for c in self._book.review.criteria]
        path = f"/supervisions/{order['number']}/orders/{order['id']}/reviews"
        self._act(self._supervisor, path, {"reply": 1, "results": results})

    def _contact(self, number: str) -> None:
        self._act(self._caller, f"/echoes/{number}/contact", {"purpose": "callback"})

    def _reach(self, number: str) -> None:
        self._act(self._caller, f"/echoes/{number}/attempts", {"medium": "call", "reached": True})

    def _tell(self, number: str) -> None:
        self._act(self._caller, f"/echoes/{number}/told", {"medium": "call"})

    def _evaluate(self, number: str) -> None:
        body = {"matter": "m1", "reached": True, "solved": True, "satisfied": True}
        self._act(self._caller, f"/echoes/{number}/evaluations", body)
