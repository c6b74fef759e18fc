"""No request that anybody can make, with a token of any role or none, ends in a failure of ours.

schemathesis makes requests, right and wrong ones, from what each service says of itself in OpenAPI.
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from pymongo.database import Database
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from huiyin.chassis.foundation import Foundation
from huiyin.chassis.runner import Service
from huiyin.chassis.runner.web import wsgi
from huiyin.chassis.settings import BaseSettings
from huiyin.chassis.tokens import issue
from huiyin.contracts import services as names
from huiyin.contracts.roles import ROLES
from services.dispatch.__main__ import DISPATCH
from services.feedback.__main__ import FEEDBACK
from services.intake.__main__ import INTAKE
from services.intake.schemas.taking import Registration, form_of
from services.intake.use_cases import acts
from services.notify.__main__ import NOTIFY
from services.supervision.__main__ import SUPERVISION
from tests.integration.five_houses import OFFICE, FiveHouses, five_houses
from tests.integration.test_intake import FORM

SERVICES: Mapping[names.Service, Service[Any]] = {
    service.name: service for service in (INTAKE, DISPATCH, SUPERVISION, FEEDBACK, NOTIFY)
}
UNIT = "ecology"
#: How often each role got each status.
Seen = Counter[tuple[str | None, int]]
QUIETLY = settings(
    max_examples=1,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("requests")


@pytest.fixture
def houses(
    database: Database[dict[str, Any]], mongo_url: str, amqp_url: str, folder: Path
) -> Iterator[FiveHouses]:
    # Nobody drains these connections while requests are made, so no heartbeat is asked of them.
    with five_houses(database, mongo_url, f"{amqp_url}?heartbeat=0", folder) as made:
        yield made


def _running_case(houses: FiveHouses) -> str:
    """A case that every service has heard of."""
    intake = houses.houses["intake"]
    form = form_of(Registration().load(FORM), intake.now())
    number = acts.register(intake, form, houses.cause("operator"))["number"]
    for _ in range(4):
        houses.hand_over(houses.say())
    return str(number)


def _bearer(key: Path, role: str | None) -> dict[str, str]:
    if role is None:
        return {}
    token = issue(
        key,
        subject="ml-unit-ecology-1" if role == "unit" else f"ml-{role}-1",
        role=role,
        office=OFFICE,
        unit=UNIT if role == "unit" else "",
        ttl=timedelta(hours=1),
        issuer="huiyin",
        audience="huiyin",
    )
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.timeout(900)  # a minute, on a machine that does nothing else
def test_no_request_of_anybody_ends_in_a_failure_of_ours(houses: FiveHouses, folder: Path) -> None:
    number = _running_case(houses)
    seen: Seen = Counter()
    for name, service in SERVICES.items():
        own = houses.houses[name].base.settings
        # Nobody answers a question here, which is told at once; the public is not held up.
        free = replace(own, amqp_url="amqp://127.0.0.1:9/", public_per_minute=1_000_000)
        with _served(service, free) as app:
            for found in schemathesis.openapi.from_wsgi("/openapi.json", app).get_all_operations():
                assert isinstance(found, Ok)
                _try(found.ok(), number, folder / "keys" / "tokens.private.jwk", seen)
    for role in ROLES:
        assert min(seen[role, 200], seen[role, 403], seen[role, 422]) > 5, (role, seen)
    assert seen[None, 401] > 100, seen


@contextmanager
def _served(service: Service[Any], own: BaseSettings) -> Iterator[Flask]:
    """The service's app; the foundation that it lays is closed afterwards."""
    laid: list[Foundation] = []

    def house(base: Foundation) -> Any:
        laid.append(base)
        return service.house(base)

    yield wsgi(replace(service, house=house), own)
    for base in laid:
        base.close()


def _try(operation: Any, number: str, key: Path, seen: Seen) -> None:
    """One right and one wrong request, each made by every role and by nobody."""
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    # The simplest is tried first: a wrong one, but where nothing that is asked can be wrong.
    wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE) | right

    @QUIETLY
    @given(right=right, wrong=wrong)
    def ask(right: Any, wrong: Any) -> None:
        right.path_parameters = {**(right.path_parameters or {}), **_known(right, number)}
        for case in (right, wrong):
            for role in (*ROLES, None):
                case.headers["Idempotency-Key"] = uuid.uuid4().hex
                answer = case.call(headers=_bearer(key, role))
                seen[role, answer.status_code] += 1
                _check(case, answer)

    ask()


def _known(case: Any, number: str) -> dict[str, str]:
    return {"number": number} if "number" in (case.path_parameters or {}) else {}


def _check(case: Any, answer: Any) -> None:
    told = f"{case.method} {case.formatted_path} {case.body!r}: {answer.status_code} {answer.text[:500]}"
    away = answer.status_code == 503 and answer.json()["code"] == "unavailable"
    assert answer.status_code < 500 or away, told
    assert "Traceback" not in answer.text, told
    (policy,) = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    if answer.status_code >= 400:
        (kind,) = answer.headers["content-type"]
        assert kind == "application/problem+json", told
