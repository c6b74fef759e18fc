"""docs/permissions.md, cell by cell, against the running services: one request for each role and relation."""

import itertools
import json
import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import httpx
import pytest
from pymongo import MongoClient

from deploy.local.permissions import RELATIONS, Address, Relation, addresses
from deploy.local.platform import Platform, Site
from deploy.local.servers import Servers
from huiyin.chassis.revocations import Revocation, revoke
from huiyin.chassis.trust import NO_CA
from huiyin.client.line import PAGE, Json, Line, Person, Refused
from huiyin.contracts.roles import ROLES, Role
from huiyin.contracts.services import SERVICES, Service
from tests.scenarios.driver import Driver
from tests.scenarios.phone import Phone, fresh_number

pytestmark = pytest.mark.long

ADDRESSES: Final = addresses()
GAS: Final = {"category": "utilities/gas"}
#: What a list asks for beside its page.
QUERIES: Final[dict[str, Json]] = {
    "/handlings": {"person": "dispatcher"},
    "/tasks": {"medium": "call"},
    "/waiting": {"state": "dropped"},
    "/orders": {"state": "replied"},
    "/desks": {"state": "replied"},
    "/audit": {"case": "{number}", "limit": PAGE},
    "/rulebook": {"case": "{number}"},
    "/duty-book": {"day": "{day}"},
    "/duty-book/print": {"day": "{day}"},
    "/records/{record}": {"since": "2024-01-01T00:00:00+08:00", "until": "2034-01-01T00:00:00+08:00"},
    "/knowledge/{entry}/comparison": {"old": 1, "new": 2},
}
WORDING: Final[Json] = {
    "title": "核对权限",
    "text": "核对权限",
    "kind": "faq",
    "audience": "public",
    "valid_from": "2024-01-01",
}
#: Bodies that the schemas let through and that a case in this state, or a domain, refuses: nothing is done.
BODIES: Final[dict[str, Json]] = {
    "identity": {"reason": "核对权限"},
    "restriction": {"why": "核对权限"},
    "withdrawal": {"reason": "核对权限"},
    "passing": {"to": "county-hotline", "reason": "核对权限", "matters": [{"id": "m9"}]},
    "accused": {"matter": "m1", "people": ["nobody-here"]},
    "recusals": {"people": ["nobody-here"]},
    "confidentiality": {"matter": "m9"},
    "classification": {"reason": "核对权限", "kind": "none"},
    "approval-requests": {"matter": "m9", "unit": "police"},
    "approvals": {"request": "none", "text": "同意"},
    "instruction": {"text": "请办理。"},
    "orders": {"matter": "m1", "unit": "police", "role": "lead"},
    "return": {"reason": "不属于本单位"},
    "replies": {"text": "已办结。"},
    "extensions": {"until": "2030-01-02", "reason": "需多方取证"},
    "decision": {"granted": True},
    "reviews": {"reply": 9, "results": [{"criterion": "none", "result": "pass"}]},
    "dissatisfaction": {"decision": "uphold", "explanation": "处理于法有据。"},
    "rereview": {"decision": "uphold", "explanation": "处理于法有据。"},
    "contact": {"purpose": "callback"},
    "attempts": {"medium": "call", "reached": True},
    "told": {"medium": "call"},
    "evaluations": {"matter": "m1", "reached": True, "solved": True, "satisfied": True},
    "done": {"outcome": "delivered"},
    "settlement": {"decision": "delivered"},
    "drop": {"why": "核对权限"},
    "park": {"why": "核对权限"},
    "likeness": {"text": "核对权限"},
    "links": {"other": "SZ-D-20200101-999999-42", "verdict": "not_alike", "why": "核对权限"},
    "identity-requests": {"reason": "核对权限"},
    "grant": {"hours": 1, "note": "核对权限"},
    "refusal": {"note": "核对权限"},
    "stripped-release": {},
    "/cases/{number}/parties/{party}/contact": {"name": "核对", "based_on": 0},
    "/cases/{number}/matters/{matter}/corrections": {"place": "核对", "based_on": 0, "reason": "核对权限"},
    "findings": {"what": "facts", "grounds": "核对权限"},
    "consent": {},
    "press-consent": {"consents": False},
    "incidents": {"kind": "dangerous", "words": "核对权限"},
    "police": {"station": "核对权限"},
    "measure": {"measure": "persuaded"},
    "drafts": {"form": {}},
    "form": {"form": {}},
    "takeover": {},
    "registration": {},
    "hand-overs": {"line": "999"},
    "/calls/{call}/hand-overs/{hand_over}/settlement": {"taken": True, "how": "核对权限"},
    "emergency": {"line": None},
    "verification": {"real": True},
    "reading": {},
    "limits": {"reason": "核对权限", "until": "2000-01-01T00:00:00Z"},
    "lifting": {"reason": "核对权限"},
    "enclosures": {
        "origin": "letter",
        "lines": [{"kind": "certificate", "certificate": "身份证"}],
    },
    "recount": {"lines": [{"kind": "certificate", "certificate": "身份证"}]},
    "confirmation": {"lines": [{"line": "l1", "present": True}]},
    "gift": {},
    "handover": {"to": "ml-records-1"},
    "reception": {},
    "/cases/{number}/enclosures/{enclosure}/incidents": {"kind": "lost", "account": "核对权限"},
    "outcome": {"outcome": "recovered", "note": "核对权限"},
    "copy-requests": {"reason": "核对权限"},
    "certified-copy": {"file": "f9"},
    "returns": {"way": "registered_mail", "mail": "XA0000000"},
    "returned-mail": {"mail": "XA0000000", "why": "unknown"},
    "finance": {"receipt": "R1"},
    "quarantine": {"reason": "核对权限"},
    "opening": {"reason": "核对权限"},
    "verdict": {"decision": "released", "reason": "核对权限"},
    "filing": {"kept": False, "reason": "核对权限"},
    "reopening": {"reason": "核对权限"},
    "/suggestions/category": {"text": "核对权限"},
    "/knowledge": {"entry": "none", "owner": "nobody", "wording": WORDING},
    "/knowledge/{entry}/versions": {"wording": WORDING, "why": "核对权限"},
    "/knowledge/{entry}/proposals/{proposal}/decision": {"taken": False, "note": "核对权限"},
    "/callers/{caller}/incidents": {"measure": "persuade", "words": "核对权限"},
}
#: What is sent as a file.
UPLOADS: Final = ("files", "release")
#: These would change the case for the cells that come after.
SPARE: Final = ("restriction", "withdrawal", "enclosures")
#: What the cells of a relation show.
SHOWN: Final[dict[Relation, tuple[str, ...]]] = {
    "accused": ("S0-35", "S2-58"),
    "accused_unit": ("S2-24", "S2-58"),
    "recused": ("S2-89", "E-75"),
    "other_office": ("E-84",),
}
MEMBERS: Final[dict[Relation, str]] = {
    "own_unit": "ml-unit-gas-1",
    "superior_unit": "ml-unit-housing-head",
    "other_unit": "ml-unit-bus-1",
}
#: Leaders hold orders only as heads; the first leads the unit above all others, the second leads none.
LEADERS: Final[dict[Relation, str]] = {"superior_unit": "ml-leader-1", "other_unit": "ml-leader-2"}


#: Those whom a circle keeps out.
WALLED: Final[tuple[Relation, ...]] = ("accused", "accused_unit", "recused")
#: Lists that have no pages, and those of which the world's cases stand on one page.
PAGED: Final[dict[str, Json]] = {
    path: {}
    for path in (
        "/stages",
        "/tally",
        "/desks",
        "/clocks",
        "/rulebook",
        "/audit",
        "/duty-book",
        "/duty-book/print",
    )
}
#: What counts and names no case.
COUNTS: Final = ("/stages", "/tally", "/desks", "/clocks")
#: What no case of this world stands on; tests/integration/test_lists.py lays one on each of them.
ELSEWHERE: Final = (
    "/dissatisfactions",
    "/drafts",
    "/echoes",
    "/filings",
    "/handlings",
    "/rereviews",
    "/tasks",
    "/uncertain",
    "/unread",
    "/volumes",
)


@dataclass(frozen=True)
class World:
    """Cases of the mayor's line, by whom they keep out: each time one replied to, and one that runs."""

    line: Driver
    other: Driver
    day: str
    ordinary: str
    spare: str
    walled: Mapping[Relation, tuple[str, str]]
    granted: str
    calls: Mapping[str, str]
    drafts: Mapping[str, str]
    #: What each list told each role before any wall stood.
    before: dict[tuple[Address, Role], str]

    def draft(self, number: str) -> str:
        """The half-typed form that keeps out whom the case keeps out; one that is not there."""
        return self.drafts.get(number, "d0000000000000000")

    def number(self, relation: Relation, last: str) -> str:
        """The case for which somebody stands in that relation."""
        if relation in self.walled:
            return self.walled[relation][0]
        other = self.spare if last in SPARE else self.ordinary
        return self.granted if relation == "granted" else other

    def marks(self, relation: Relation) -> set[str]:
        """By what the cases are known on a list from which somebody of that relation is kept out."""
        if relation not in (*self.walled, "other_office"):
            return {self.ordinary}
        walled = [pair for of, pair in self.walled.items() if relation in (of, "other_office")]
        return {mark for replied, runs in walled for mark in (replied, runs, self.drafts[replied])}

    def person(self, role: Role, relation: Relation) -> Person | None:
        """Somebody of that role and relation, if the office has one."""
        at = self.other if relation == "other_office" else self.line
        if relation in MEMBERS and role == "leader":
            subject = LEADERS.get(relation)
            return self.person_named(subject, "leader") if subject else None
        if relation in MEMBERS:
            member = self.line.folder.people[MEMBERS[relation]]
            return Person(self.line.line, member.subject, "unit", self.line.office, member.unit)
        if role == "unit":
            return at.unit("guihang" if at is self.other else "gas_company")
        return at.role(role)

    def person_named(self, subject: str, role: Role) -> Person:
        """One of the mayor's line."""
        return Person(self.line.line, subject, role, self.line.office)


@pytest.fixture(scope="module")
def world(
    drivers: dict[str, Driver], servers: Servers, platform: Platform, client: httpx.Client
) -> Iterator[World]:
    line, other = drivers["mayors-line"], drivers["community-centre"]
    line.begin_the_day()
    rung = [Phone(platform.call_centre).ring(line, fresh_number())["call"] for _ in range(4)]
    ordinary, *replied = (line.replied(matter=GAS, call=call)[0] for call in rung)
    walled = dict(zip(WALLED, zip(replied, (_running(line) for _ in WALLED), strict=True), strict=True))
    spare, _ = line.dispatched(matter=GAS)
    granted, _ = line.dispatched(matter=GAS)
    _grant(line, granted)
    everybody = sorted({line.role(role).subject for role in ROLES if role != "unit"} | {"ml-unit-gas-1"})
    named: dict[Relation, Json] = {
        "accused": {"people": everybody},
        "accused_unit": {"units": sorted({line.folder.people[one].unit for one in everybody})},
        "recused": {"people": everybody},
    }
    numbers = (ordinary, *replied)
    with MongoClient[Json](servers.addresses.mongo_url) as admin:
        _keep_dropped(admin, numbers)
        drafts = _drafts(line, [{}, *({"matters": [{"accused": who}]} for who in named.values())], numbers)
        calls = dict(zip(numbers, rung, strict=True))
        day = line.now().date().isoformat()
        made = World(line, other, day, ordinary, spare, walled, granted, calls, drafts, {})
        _remember(made, client)
        _wall(line, walled, named)
        yield made
        for service in SERVICES:
            rows = admin[f"huiyin_{service}"]["waiting"]
            rows.delete_many({"_id": {"$in": [f"dropped-{number}" for number in numbers]}})


def _running(line: Driver) -> str:
    """A letter with an enclosure and a file in quarantine; its unit asks for time, an operator who wrote."""
    number, order = line.accepted(matter=GAS, channel="letter", party={"address": "回音市晨钟路1号"})
    line.ask_more_time(number, order, line.working_days_from_now(12))
    operator = line.role("operator")
    operator.post("intake", f"/cases/{number}/enclosures", BODIES["enclosures"])
    operator.post("intake", f"/cases/{number}/identity-requests", BODIES["identity-requests"])
    keyed = {**operator.headers(), "Idempotency-Key": uuid.uuid4().hex}
    files = {"file": ("a.txt", "核对权限".encode())}
    sent = line.line.send("POST", "intake", f"/cases/{number}/files", files=files, headers=keyed).json()
    operator.post("intake", f"/cases/{number}/files/{sent['id']}/quarantine", BODIES["quarantine"])
    return number


def _wall(line: Driver, walled: Mapping[Relation, tuple[str, str]], named: Mapping[Relation, Json]) -> None:
    """Let each circle keep out whom it names, in every service."""
    supervisor = Person(line.line, "ml-supervisor-2", "supervisor", line.office)
    for relation, numbers in walled.items():
        for number in numbers:
            of, matter = ("recusals", {}) if relation == "recused" else ("accused", {"matter": "m1"})
            supervisor.post("intake", f"/cases/{number}/circle/{of}", {**matter, **named[relation]})
    for number in (number for numbers in walled.values() for number in numbers):
        for service, path in ONE_OF.items():
            look = partial(line.role("callback").get, service, f"/{path}/{number}")
            line.until(partial(line.is_hidden, look, number))


def _remember(world: World, client: httpx.Client) -> None:
    """Look at every list while no wall stands; each service's audit holds that a case was asked for."""
    numbers = [number for numbers in world.walled.values() for number in numbers]
    for service, path in ONE_OF.items():
        for number in numbers:
            with pytest.raises(Refused, match="403"):
                world.line.role("rulebook").get(service, f"/{path}/{number}")
    for address in (a for a in ADDRESSES if a.is_list):
        for role in (role for role in ROLES if role in address.roles):
            person = world.person(role, "none")
            assert person is not None
            asked = Asked(client, world, address, person)
            by_case = "{number}" in str(QUERIES.get(address.access.path))
            world.before[address, role] = "".join(
                asked.whole(n) for n in (numbers if by_case else numbers[:1])
            )


def _drafts(line: Driver, forms: list[Json], numbers: tuple[str, ...]) -> dict[str, str]:
    """A draft of the operator's own beside the ordinary case, and for the others such as accuse somebody."""
    own, other = line.role("operator"), Person(line.line, "ml-operator-2", "operator", line.office)
    who = (own, *(other for _ in forms[1:]))
    begun = [p.post("intake", "/drafts", {"form": form}) for p, form in zip(who, forms, strict=True)]
    return {number: draft["draft"] for number, draft in zip(numbers, begun, strict=True)}


def _grant(line: Driver, number: str) -> None:
    """A custodian lets everybody who may ask open who complained."""
    asked = next(a for a in ADDRESSES if a.words == "POST /cases/{number}/identity-requests")
    for role in asked.roles:
        path = f"/cases/{number}/identity-requests"
        request = line.role(role).post("intake", path, {"reason": "核对权限"})["id"]  # type: ignore[arg-type]
        line.role("custodian").post("intake", f"{path}/{request}/grant", {"hours": 8, "note": "同意"})


def _is_applied(who: Person, number: str) -> bool:
    return not who.get("intake", f"/cases/{number}/circle")["missing"]


def _keep_dropped(admin: MongoClient[Json], numbers: tuple[str, ...]) -> None:
    """A message of each case that nothing more will be done with."""
    now = datetime.now(UTC)
    row: Json = {"state": "dropped", "reason": "malformed", "error": "", "dropped": "kept by a test"}
    row |= {"raw": b"{}", "headers": {}, "attempts": 1, "since": now, "not_before": now}
    for service in SERVICES:
        rows = [{"_id": f"dropped-{number}", "case": number, **row} for number in numbers]
        admin[f"huiyin_{service}"]["waiting"].insert_many(rows)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30, verify=NO_CA) as made:
        yield made


@dataclass(frozen=True)
class Asked:
    """One request, ready to be sent to one number or another."""

    client: httpx.Client
    world: World
    address: Address
    person: Person | None

    def whole(self, number: str) -> str:
        """The answer, page by page, as long as one is full."""
        told = ""
        for n in itertools.count():
            answer = self.send(number, n)
            assert answer.is_success, answer.text
            told += answer.text
            if self.address.access.path in PAGED or answer.text.count('"number"') < PAGE:
                return told
        raise AssertionError

    def send(self, number: str, page: int = 0) -> httpx.Response:
        """The answer; of a list, one page."""
        access = self.address.access
        last = access.path.rpartition("/")[2]
        path = access.path.format(
            number=number, incident="i9", draft=self.world.draft(number),
            order="m1-1", n=1, extension="extension-1", matter="m1",
            file="f9", party="p9", request="none", unit="police",
            call=self.world.calls.get(number, f"C{0:024x}"), hand_over="h9", caller="none", limit="l9",
            enclosure="n9", line="l9", token="none", record="registration", entry="none", proposal="p9",
            message="none:none" if "{number}" in access.path else f"dropped-{number}",
        )  # fmt: skip
        upload = access.method == "POST" and last in UPLOADS
        body = BODIES.get(access.path, BODIES.get(last)) if access.method == "POST" and not upload else None
        return self.client.request(
            access.method,
            f"{self.world.line.line.urls[self.address.service]}{path}",
            params=self._query(number, page),
            json=body,
            files={"file": ("a.txt", "核对权限".encode())} if upload else None,
            headers={**(self.person.headers() if self.person else {}), "Idempotency-Key": uuid.uuid4().hex},
        )

    def _query(self, number: str, page: int) -> Json:
        """What is asked of a list beside its page."""
        query = QUERIES.get(self.address.access.path, {})
        part = PAGED.get(self.address.access.path, {"skip": page * PAGE, "limit": PAGE})
        asked = {name: str(v).format(number=number, day=self.world.day) for name, v in query.items()}
        return {**asked, **part} if self.address.is_list else asked


#: Where a service shows one case.
ONE_OF: Final[dict[Service, str]] = {
    "intake": "cases",
    "dispatch": "handlings",
    "supervision": "supervisions",
    "feedback": "echoes",
    "notify": "messages",
}


@pytest.mark.parametrize("service", SERVICES)
def test_whoever_has_not_the_role_is_refused_at_every_address(
    world: World, client: httpx.Client, service: str
) -> None:
    wrong = []
    for address in (a for a in ADDRESSES if a.service == service and a.roles):
        for role in (role for role in ROLES if role not in address.roles):
            person = world.person(role, "none")
            assert person is not None
            answer = Asked(client, world, address, person).send(world.ordinary)
            if (answer.status_code, answer.json()["code"]) != (403, "forbidden"):
                wrong.append((address.words, role, answer.status_code, answer.text[:200]))
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "relation", [pytest.param(one, marks=pytest.mark.clause(*SHOWN.get(one, ()))) for one in RELATIONS]
)
def test_each_cell_is_as_the_page_says(
    world: World, client: httpx.Client, service: str, relation: Relation
) -> None:
    wrong = []
    for address in (a for a in ADDRESSES if a.service == service and a.roles):
        last = address.access.path.rpartition("/")[2]
        number = world.number(relation, last)
        for role in (role for role in ROLES if role in address.roles):
            cell = address.cell(role, relation)
            person = world.person(role, relation)
            if cell == "no_such_person" or person is None:
                continue
            found = _found(Asked(client, world, address, person), number, world.marks(relation))
            if found != cell and (cell, found) != ("yes", "left_out"):  # not everything stands on every list
                wrong.append((address.words, role, f"{found}, not {cell}"))
    assert wrong == []


def _found(asked: Asked, number: str, marks: set[str]) -> str:
    """What somebody got: hidden only when it is word for word what a number gets that does not exist."""
    answer = asked.send(number)
    if asked.address.of_one and answer.is_success:
        return "yes"
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return f"{answer.status_code} {answer.text}"
    if asked.address.is_list and answer.is_success:
        return "yes" if any(mark in asked.whole(number) for mark in marks) else "left_out"
    missing = "SZ-D-20200101-999999-42"
    hides = answer.status_code == httpx.codes.NOT_FOUND and (asked.address.of_one or asked.address.is_list)
    if hides and _told(answer, number) == _told(asked.send(missing), missing):
        return "left_out" if asked.address.is_list else "hidden"
    code = str(answer.json().get("code"))
    return code if code in ("forbidden", "unauthenticated") else "yes"


def _told(answer: httpx.Response, number: str) -> dict[str, Any]:
    body = answer.json()
    words = {name: body[name] for name in ("type", "title", "status", "detail", "code", "errors")}
    return {name: _without(str(value), number) for name, value in words.items()}


def _without(words: str, number: str) -> str:
    """The words without a case's number, or a draft's."""
    return re.sub(r"d[0-9a-f]{16}", "…", words).replace(number, "…")


@pytest.mark.parametrize("service", SERVICES)
def test_whoever_is_left_out_of_a_list_was_shown_it_before_the_wall_stood(
    world: World, client: httpx.Client, service: str
) -> None:
    wrong = []
    for (address, role), before in world.before.items():
        path = address.access.path
        if address.service != service or path in ELSEWHERE:
            continue
        outside: Relation = "own_unit" if role == "unit" else "none"
        if address.cell(role, outside) == "no_such_person":
            continue
        person = world.person(role, outside)
        assert person is not None
        for relation in WALLED:
            marks = world.marks(relation)
            if path in COUNTS:
                now = Asked(client, world, address, person).send(world.ordinary).json()
                shown = _counted(json.loads(before)) > _counted(now)
            else:
                shown = any(mark in before for mark in marks) or path == "/rulebook"  # it answered
            if not shown:
                wrong.append((address.words, role, relation))
    assert wrong == []


def _counted(told: Any) -> int:
    """Everything that an answer counts."""
    if isinstance(told, dict):
        return sum(_counted(value) for value in told.values())
    return told if isinstance(told, int) else 0


@pytest.mark.clause("E-84")
def test_a_public_address_answers_everybody_alike(world: World, client: httpx.Client) -> None:
    for address in (a for a in ADDRESSES if not a.roles):
        told = set()
        for role in (None, *ROLES):
            person = world.person(role, "none") if role else None
            answer = Asked(client, world, address, person).send(world.ordinary)
            told.add((answer.status_code, answer.json()["code"], answer.json()["detail"]))
        assert len(told) == 1, (address.words, told)
        ((status, code, _),) = told
        assert (status, code) not in ((401, "unauthenticated"), (403, "forbidden")), address.words


@pytest.mark.clause("S2-58", "S2-89")
def test_totals_and_counts_are_those_of_an_office_without_the_hidden_cases(world: World) -> None:
    walled, untouched = world.line.role("dispatcher"), world.person_named("ml-dispatcher-2", "dispatcher")
    hidden = {number for numbers in world.walled.values() for number in numbers}
    of_all = hidden - set(world.walled["accused_unit"])  # who is untouched serves in that unit, too
    for who, sees in ((walled, set()), (untouched, of_all)):
        listed = {row["number"] for row in who.all("intake", "/cases", "cases")}
        assert listed & hidden == sees
        assert who.get("intake", "/cases", limit=1)["total"] == len(listed)
        assert sum(who.get("intake", "/stages")["stages"].values()) == len(listed)


@pytest.fixture
def anew(platform: Platform, site: Site) -> Iterator[Callable[[str], Person]]:
    """Somebody of the mayor's line who signs in now."""
    lines: list[Line] = []

    def sign_in(subject: str) -> Person:
        lines.append(Line(platform.urls, site.keys.tokens_private))
        return Person(lines[-1], subject, "callback", "mayors-line")

    yield sign_in
    for line in lines:
        line.close()


@pytest.mark.clause("E-84")
def test_a_stranger_and_a_revoked_session_are_shut_out_at_every_service_at_once(
    world: World, site: Site, anew: Callable[[str], Person]
) -> None:
    subject = "ml-callback-2"  # whose tokens no other test holds
    stranger, who = anew("ml-callback-9"), anew(subject)
    refusals = {(r.status, r.code) for r in _refused(stranger, world.ordinary)}
    assert refusals == {(403, "forbidden")}
    assert _refused(who, world.ordinary) == []
    time.sleep(1)  # a token says to the second when it was given
    revoke(site.keys.revocations, Revocation(at=datetime.now(UTC), by="a test", why="遗失", subject=subject))
    refusals = {(r.status, r.code) for r in _refused(who, world.ordinary)}
    assert refusals == {(401, "session-revoked")}
    time.sleep(1)
    assert _refused(anew(subject), world.ordinary) == []


def _refused(who: Person, number: str) -> list[Refused]:
    """What each service said that did not show the case."""
    found = []
    for service, path in ONE_OF.items():
        try:
            who.get(service, f"/{path}/{number}")
        except Refused as refused:
            found.append(refused)
    assert len(found) in (0, len(SERVICES)), "the services do not agree"
    return found
