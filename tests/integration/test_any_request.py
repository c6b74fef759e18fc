"""No request that anybody can make, with a token of any role or none, ends in a failure of ours.

schemathesis makes requests, right and wrong ones, from what each service says of itself in OpenAPI.
"""

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from pymongo.database import Database
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from huiyin.chassis.tokens import issue
from huiyin.contracts.roles import ROLES
from huiyin.contracts.services import SERVICES
from services.intake.schemas.taking import Registration, form_of
from services.intake.use_cases import acts
from tests.integration.five_houses import OFFICE, FiveHouses, five_houses
from tests.integration.served import served
from tests.integration.test_intake import FORM

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
    for name in SERVICES:
        with served(name, houses.houses[name].base.settings) as app:
            schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
            _leave_headers_to_us(schema.raw_schema)
            for found in schema.get_all_operations():
                assert isinstance(found, Ok)
                _try(found.ok(), number, folder / "keys" / "tokens.private.jwk", seen)
    for role in ROLES:
        assert min(seen[role, 200], seen[role, 403], seen[role, 422]) > 2, (role, seen)
    assert seen[None, 401] > 100, seen


def _leave_headers_to_us(spec: Any) -> None:
    """The simplest wrong request has no token; here it is what is asked that shall be wrong."""
    spec.pop("security", None)
    for operation in (one for path in spec["paths"].values() for one in path.values() if "responses" in one):
        operation.pop("security", None)
        of = operation.get("parameters", [])
        operation["parameters"] = [one for one in of if one.get("in") != "header"]


def _try(operation: Any, number: str, key: Path, seen: Seen) -> None:
    """One right and one wrong request, each made by every role and by nobody."""
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    # What is no JSON at all comes first, and says little; a few addresses ask nothing that can be wrong.
    negative = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    wrong = negative.filter(lambda case: not isinstance(case.body, bytes)) | right

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
