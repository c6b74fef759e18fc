"""Every GET of the five services, asked by every role; and every answer the staff were given before."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import httpx

from deploy.local.desks import Desks
from deploy.local.leaks.answers import KeepingLine, whole
from deploy.local.leaks.controls import TEXTUAL, Controls
from deploy.local.leaks.desk import Desk
from deploy.local.leaks.needles import Needles
from deploy.local.leaks.places.place import Mark, Piece, marks
from deploy.local.leaks.policies import publish
from huiyin.chassis.trust import NO_CA
from huiyin.client.line import Person
from huiyin.contracts.roles import ROLES
from huiyin.contracts.services import SERVICES, Service

_AT_ONCE: Final = 4
_NUMBER: Final = re.compile(r"[A-Z]{2}-[A-Z]-\d{8}-\d{6}-\d{2}")
#: Acts that open who complained; all others answer nobody but with his own words.
OPENED: Final = frozenset(
    {
        "POST feedback /echoes/*/contact",
        "POST intake /cases/*/identity",
        "GET intake /cases/*/identity",
        "GET notify /tasks/*/*/content",
    }
)
_TASK: Final = re.compile(r"/tasks/[^/]+/.+/content")
_RECORDS: Final = (
    "registration",
    "statistics",
    "transfer",
    "investigation",
    "urging",
    "closing",
    "archiving",
)
#: What is asked where an address demands it; every other demand is the day's.
_ASKED: Final = {"of": "intake", "until": "2026-01-01", "months": "2024-09", "old": "1", "new": "2"}
_ENTRY: Final = "/knowledge/{entry}"
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_ID: Final = re.compile(r"/(orders|extensions|replies|words|tasks|calls|drafts)/[^/]+|/m\d+(?=/)")


@dataclass(frozen=True)
class Led:
    """A case that was led to its end, and what its addresses are made of; `about` are its parties."""

    number: str
    office: str
    unit: str
    file: str
    orders: tuple[str, ...]
    messages: tuple[str, ...]
    about: frozenset[int]
    #: Those of the directory who stand behind a wall.
    behind: tuple[Person, ...]
    #: What else its office has, by the name that addresses have for it: a call, a draft, an entry.
    made: Mapping[str, str]
    day: str


@dataclass
class Pages:
    """Every GET address, with the cases given, asked by every role, another office and unit, the accused."""

    line: KeepingLine
    desks: Mapping[str, Desks]
    cases: Sequence[Led]
    name: str = "页面和接口 (pages and endpoints, by every role)"

    def plant(self, controls: Controls) -> set[Mark]:
        """In the knowledge base, whose words every role reads as they were written."""
        case = self.cases[0]
        publish(self.desks[case.office], case.made["entry"], controls.textual())
        readers = self.line.ask("GET", "intake", "/openapi.json")["paths"][_ENTRY]["get"]["x-roles"]
        return marks((f"GET intake {_ENTRY} [{role}]" for role in readers), TEXTUAL)

    def pieces(self) -> Iterator[Piece]:
        """Each answer."""
        with httpx.Client(timeout=60, verify=NO_CA) as client, ThreadPoolExecutor(_AT_ONCE) as pool:
            yield from pool.map(lambda one: self._asked(client, one), self._questions())

    def _questions(self) -> "Iterator[_Question]":
        for service in SERVICES:
            paths = self.line.ask("GET", service, "/openapi.json")["paths"]
            for path in sorted(path for path, methods in paths.items() if "get" in methods):
                roles = paths[path]["get"].get("x-roles", ROLES)
                for n, query in enumerate(_queries(paths[path]["get"], self.cases[0].day)):
                    yield from self._filled(service, path, query, roles, n)

    def _filled(
        self, service: Service, path: str, query: str, roles: Sequence[str], turn: int
    ) -> "Iterator[_Question]":
        """Those who may ask ask of every case; the others, whom their role alone shuts out, of one.

        A value of a list (`turn` > 0) leaves out some of what is shown without it: one case, the next in
        turn, is asked for by each.
        """
        cases = self.cases if "{number}" in path else self._one_of_each_office()
        for n, case in enumerate(cases if turn == 0 else [cases[turn % len(cases)]]):
            for asker in self._askers(case):
                may = asker.person.role in roles
                addresses = sorted(_addresses(path, case)) if may else [_one(path, case)]
                for address in addresses if may or n == 0 else ():
                    yield _Question(service, path, f"{address}{query}", asker, case.about)

    def _one_of_each_office(self) -> list[Led]:
        return list({case.office: case for case in self.cases}.values())

    def _askers(self, case: Led) -> "list[_Asker]":
        """Every role of its office; another unit; two of another office; those behind a wall."""
        here = self.desks[case.office]
        other = next(desks for office, desks in self.desks.items() if office != case.office)
        units = list(dict.fromkeys(p.unit for p in here.folder.holders("unit")))
        own = [here.role(role) for role in ROLES if role != "unit"]
        mine = case.unit or units[0]
        elsewhere = next(unit for unit in reversed(units) if unit != mine)
        strangers = [here.unit(elsewhere), other.role("supervisor"), other.role("records")]
        insiders = [_Asker(one, one.role) for one in (*own, here.unit(mine)) if one not in case.behind]
        shut_out = [_Asker(one, f"{one.role}, shut out") for one in (*strangers, *case.behind)]
        return [*insiders, *shut_out]

    def _asked(self, client: httpx.Client, one: "_Question") -> Piece:
        url = f"{self.line.urls[one.service]}{one.address}"
        answer = client.get(url, headers=one.asker.person.headers())
        # Of lists everybody has one, with what is their own.
        name = one.asker.name if "{number}" in one.path else one.asker.person.role
        return Piece(f"GET {one.service} {one.path} [{name}]", whole(answer), one.about)


@dataclass(frozen=True)
class _Asker:
    """Somebody who asks, by the name under which they are entitled to a case or not."""

    person: Person
    name: str


@dataclass(frozen=True)
class _Question:
    service: Service
    path: str
    address: str
    asker: _Asker
    about: frozenset[int]


def _addresses(path: str, case: Led) -> set[str]:
    """The address with all that the case and its office really have: orders, replies, messages, calls."""
    names = _PARAMETER.findall(path)
    choices = itertools.product(*(_held(name, case) for name in names))
    return {_address(path, dict(zip(names, choice, strict=True))) for choice in choices}


def _held(name: str, case: Led) -> Sequence[str]:
    """All that a parameter of an address may stand for."""
    several: Mapping[str, Sequence[str]] = {
        "order": case.orders or ("m1-1",),
        "n": ("1", "2"),
        "message": case.messages or ("none",),
        "record": _RECORDS,
    }
    one = {"number": case.number, "matter": "m1", "file": case.file, "enclosure": "n1", **case.made}
    return several.get(name, (one.get(name, "1"),))


def _one(path: str, case: Led) -> str:
    return min(_addresses(path, case))


def _address(path: str, values: Mapping[str, str]) -> str:
    return _PARAMETER.sub(lambda found: values[found.group(1)], path)


def _queries(operation: Mapping[str, Any], day: str) -> Iterator[str]:
    """What must be asked, and each value of each parameter that has a list of values."""
    parameters = [p for p in operation.get("parameters", []) if p.get("in") == "query"]
    asked = {p["name"]: _ASKED.get(p["name"], day) for p in parameters if p.get("required")}
    listed = {p["name"]: [v for v in p["schema"].get("enum", ()) if v] for p in parameters}
    long = {"limit": "200"} if any(p["name"] == "limit" for p in parameters) else {}
    for more in [{}, *({name: value} for name, values in listed.items() for value in values)]:
        query = urlencode({**asked, **long, **more})
        yield f"?{query}" if query else ""


class Acts:
    """What staff were answered when they acted and looked, refusals included."""

    name = "办理时的回答 (answers to all that staff did)"

    def __init__(
        self, line: KeepingLine, needles: Needles, about: Mapping[str, frozenset[int]], desk: Desk
    ) -> None:
        self._line, self._needles, self._about, self._desk = line, needles, about, desk

    def plant(self, controls: Controls) -> set[Mark]:
        """An answer to staff who read the knowledge base."""
        entry = self._desk.made["entry"]
        publish(self._desk.desks, entry, controls.textual())
        return marks([f"GET intake /knowledge/{entry}"], TEXTUAL)

    def pieces(self) -> Iterator[Piece]:
        """Each answer; for those whom its own request named, it is no news."""
        for one in self._line.answered:
            named = {hit.person for hit in self._needles.look(one.asked)}
            where = f"{one.method} {one.service} {_route(one.path)}"
            about = self._parties(one.path) if where in OPENED else frozenset(named)
            yield Piece(where, one.content, about)

    def _parties(self, path: str) -> frozenset[int]:
        number = _NUMBER.search(path)
        return self._about.get(number.group() if number else "", frozenset())


def _route(path: str) -> str:
    if _TASK.fullmatch(path):
        return "/tasks/*/*/content"
    return _ID.sub(lambda found: f"/{found.group().split('/')[1]}/*", _NUMBER.sub("*", path))
