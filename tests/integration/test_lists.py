"""Each list, in each order and by each filter, answers as that of an office without the hidden cases.

Three times the same office: nobody is kept out, everybody who asks is, the cases are not there.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from bson import Binary
from flask.testing import FlaskClient
from pymongo.database import Database

from deploy.local.permissions import addresses
from huiyin.chassis.tokens import issue
from huiyin.client.line import Json
from huiyin.contracts.circle import Circle, MatterCircle
from huiyin.contracts.roles import ROLES, Role
from huiyin.contracts.services import SERVICES, Service
from services.intake.domain.archiving import Filing
from services.intake.domain.danger import Reading
from services.intake.domain.drafts import FormDraft
from services.intake.domain.numbers import compose
from services.supervision.domain.supervision import Dissatisfaction, Extension, Rereview
from tests.integration.five_houses import AT, OFFICE, FiveHouses, five_houses
from tests.integration.laid_cases import clear, lay, lay_one, states
from tests.integration.served import served
from tests.unit.offices import folder

#: By what each list is asked: as it comes, and in each other order and by each filter.
LISTS: Final[dict[tuple[Service, str], tuple[Json, ...]]] = {
    ("intake", "/cases"): (
        {},
        {"order": "priority"},
        {"q": "公交车"},
        {"unit": "police"},
        {"channel": "call"},
        {"stage": "registered"},
        {"since": "2024-09-01T00:00:00Z", "until": "2024-10-01T00:00:00Z"},
    ),
    ("intake", "/drafts"): ({},),
    ("intake", "/duty-book"): ({"day": AT.date().isoformat()},),
    ("intake", "/filings"): ({},),
    ("intake", "/stages"): ({},),
    ("intake", "/tally"): ({},),
    ("intake", "/unread"): ({},),
    ("intake", "/volumes"): ({}, {"year": AT.year}, {"category": "transport"}),
    ("dispatch", "/desks"): ({"state": "accepted"},),
    ("dispatch", "/handlings"): ({"person": "dispatcher"}, {"person": "leader"}),
    ("dispatch", "/orders"): ({"state": "accepted"},),
    ("supervision", "/clocks"): ({},),
    ("supervision", "/dissatisfactions"): ({},),
    ("supervision", "/extensions"): ({},),
    ("supervision", "/rereviews"): ({},),
    ("supervision", "/reviews"): ({},),
    ("supervision", "/unfinished"): ({},),
    ("feedback", "/echoes"): ({"state": "open"},),
    ("notify", "/tasks"): ({"medium": "call"},),
    ("notify", "/uncertain"): ({},),
}
#: What tests/scenarios/test_permissions.py alone asks, before a wall stands and behind it.
IN_SCENARIOS: Final = {
    "/audit",
    "/calls",
    "/duty-book/print",
    "/enclosures",
    "/identity-requests",
    "/quarantine",
    "/records/{record}",
    "/rulebook",
    "/waiting",
}
UNPAGED: Final = ("/clocks", "/desks", "/duty-book", "/stages", "/tally")
PAGE: Final = 2
NUMBERS: Final = tuple(compose("SZ", "D", AT.date(), n) for n in range(1, 10))
SECRET: Final = NUMBERS[1::2]
ASKED: Final = [a for a in addresses() if a.is_list and (a.service, a.access.path) in LISTS]
PEOPLE: Final = {
    role: "ml-unit-police-1" if role == "unit" else f"ml-{role}-1"
    for role in ROLES
    if any(role in address.roles for address in ASKED)
}
WALLS: Final[dict[str, MatterCircle]] = {
    "accused": MatterCircle(matter="m1", accusing=True, accused=tuple(PEOPLE.values())),
    "of an accused unit": MatterCircle(
        matter="m1",
        accusing=True,
        accused_units=tuple(sorted({folder(OFFICE).people[one].unit for one in PEOPLE.values()})),
    ),
    "recused": MatterCircle(matter="m1", recused=tuple(PEOPLE.values())),
}
#: What each list told each role, page by page.
Told = dict[tuple[str, str, str], list[Any]]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lists")


@pytest.fixture
def houses(
    database: Database[dict[str, Any]], mongo_url: str, amqp_url: str, keys: Path
) -> Iterator[FiveHouses]:
    with five_houses(database, mongo_url, f"{amqp_url}?heartbeat=0", keys) as made:
        yield made


def test_every_list_is_asked() -> None:
    known = {path for _, path in LISTS} | IN_SCENARIOS
    assert {a.access.path for a in addresses() if a.is_list} == known


@pytest.mark.clause("S2-58", "S2-89", "S0-13")
def test_a_list_is_that_of_an_office_without_the_hidden_cases(houses: FiveHouses, keys: Path) -> None:
    with ExitStack() as open_apps:
        clients = {
            service: open_apps.enter_context(
                served(service, houses.houses[service].base.settings)
            ).test_client()
            for service in SERVICES
        }
        _lay_office(houses, NUMBERS, Circle())
        before = _ask_all(clients, keys)
        _lay_office(houses, [one for one in NUMBERS if one not in SECRET], Circle())
        without = _ask_all(clients, keys)
        assert [asked for asked in without if before[asked] == without[asked]] == []
        for who, wall in WALLS.items():
            _lay_office(houses, NUMBERS, Circle(matters=(wall,)))
            walled = _ask_all(clients, keys)
            assert [(who, asked) for asked in without if walled[asked] != without[asked]] == []


def _ask_all(clients: dict[Service, FlaskClient], keys: Path) -> Told:
    """What each of these lists tells each role that may ask."""
    key = keys / "keys" / "tokens.private.jwk"
    bearers = {role: _bearer(key, role) for role in PEOPLE}
    return {
        (address.words, str(query), role): _pages(
            clients[address.service], address.access.path, query, bearer
        )
        for address in ASKED
        for query in LISTS[address.service, address.access.path]
        for role, bearer in bearers.items()
        if role in address.roles and address.cell(role, "own_unit" if role == "unit" else "none") == "yes"
    }


def _pages(client: FlaskClient, path: str, query: Json, bearer: Json) -> list[Any]:
    pages = [{}] if path in UNPAGED else [{"skip": n, "limit": PAGE} for n in range(0, 10, PAGE)]
    found = [client.get(path, query_string={**query, **page}, headers=bearer) for page in pages]
    assert [one.status_code for one in found] == [200] * len(pages), (path, found[0].text)
    return [one.json for one in found]


def _bearer(key: Path, role: Role) -> Json:
    unit = "police" if role == "unit" else ""
    token = issue(
        key,
        subject=PEOPLE[role],
        role=role,
        office=OFFICE,
        unit=unit,
        ttl=timedelta(hours=1),
        issuer="huiyin",
        audience="huiyin",
    )
    return {"Authorization": f"Bearer {token}"}


def _lay_office(houses: FiveHouses, numbers: Any, circle: Circle) -> None:
    """These cases, the secret ones behind a circle: unread ones, some to be filed, some that are filed."""
    clear(houses)
    drafts = houses.houses["intake"].drafts
    drafts.collection.delete_many({})
    reason = houses.houses["supervision"].base.sealer.seal(OFFICE, f"{AT:%Y-%m}", "需多方取证")
    for number in numbers:
        shut = circle if number in SECRET else Circle()
        lay(houses, number, _on_every_list(number, shut, reason))
        lay_one(drafts, f"d{number}", _draft(number, shut))


def _on_every_list(number: str, circle: Circle, reason: Binary) -> dict[Service, Any]:
    made = states(number, ("m1",), circle)
    handling, supervision = made["dispatch"], made["supervision"]
    running, replied = supervision.clocks
    (reply,) = replied.replies
    approved = replace(replied, order="m1-3", replies=(replace(reply, verdict="approved"),))
    made["intake"] = _at_some_stage(made["intake"], NUMBERS.index(number))
    made["dispatch"] = replace(handling, awaiting=("m1",))
    made["supervision"] = replace(
        supervision,
        clocks=(running, replied, approved),
        extensions=(
            Extension(
                id="extension-1",
                order=running.order,
                until=AT.date(),
                reason=reason,
                asked_by="ml-unit-police-1",
                asked_at=AT,
            ),
        ),
        dissatisfactions=(Dissatisfaction(round=1, said=1, matters=("m1",)),),
        rereviews=(Rereview(order="m1-3", reply=1, noted_at=AT),),
    )
    return made


def _at_some_stage(case: Any, n: int) -> Any:
    unread = replace(case, accepted_at=AT + timedelta(minutes=n % 4), reading=Reading(alarm_at=None))
    if n < 3:  # of each three one or two are secret
        return unread
    over = replace(unread, outcome="echoed", concluded_at=AT)
    return over if n < 6 else replace(over, filings=(Filing(kept=True, by="ml-records-1", at=AT),))


def _draft(number: str, circle: Circle) -> FormDraft:
    matters = tuple(replace(one, matter="draft") for one in circle.matters)
    return FormDraft(
        id=f"d{number}",
        office=OFFICE,
        channel="call",
        content=None,
        holder="ml-operator-2",
        begun_by="ml-operator-2",
        begun_at=AT,
        changed_at=AT,
        expires_at=AT + timedelta(days=1),
        circle=Circle(matters=matters),
    )
