"""The way to the five services over HTTP: tokens, patience, pages, and a refusal's words."""

import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import uuid4

import httpx

from huiyin.chassis.tokens import issue
from huiyin.chassis.trust import trusted_at
from huiyin.contracts.services import Service

Json = dict[str, Any]
T = TypeVar("T")

ISSUER: Final = "huiyin"
_TOKEN_HOLDS: Final = timedelta(hours=12)
_RENEW_AFTER_S: Final = 6 * 3600
_TRIES: Final = 40
_TRY_AGAIN_S: Final = 0.25
#: A service that is there and cannot answer now.
BUSY: Final = frozenset({502, 503, 504})
PAGE: Final = 200


class Refused(Exception):
    """The platform said no; `status`, `code` and `detail` as it said them."""

    def __init__(self, answer: httpx.Response) -> None:
        problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        self.status = answer.status_code
        self.code: str = problem.get("code", "")
        self.detail: str = problem.get("detail", answer.text[:200])
        self.errors: Json = problem.get("errors", {})
        request = f"{answer.request.method} {answer.request.url}"
        super().__init__(f"{self.status} {self.code} {self.detail} {self.errors or ''} ({request})")


@dataclass
class Line:
    """The way to the five services; what is away for a while is asked again with the same key.

    Tokens are signed here with `signing_key`; who has a `bearer` token of his own uses that for all.
    `ledger` is a file that gets a line for each act that was answered 2xx: the client's own list,
    which `huiyin check --ledger` compares with the books (docs/checking.md).
    """

    urls: Mapping[Service, str]
    signing_key: Path | None
    patience: int = _TRIES
    bearer: str = ""
    ledger: Path | None = None
    client: InitVar[httpx.Client | None] = None
    _client: httpx.Client = field(init=False)
    _tokens: dict[tuple[str, ...], tuple[float, str]] = field(default_factory=dict)
    _noting: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self, client: httpx.Client | None) -> None:
        self._client = client or httpx.Client(timeout=30, verify=trusted_at(*self.urls.values()))

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def token(self, subject: str, role: str, office: str, unit: str = "") -> str:
        """A token of the local stack, renewed in time; or the caller's own."""
        if self.signing_key is None:
            return self.bearer
        who = (subject, role, office, unit)
        made, token = self._tokens.get(who, (float("-inf"), ""))
        if time.monotonic() - made > _RENEW_AFTER_S:
            token = issue(
                self.signing_key,
                subject=subject,
                role=role,
                office=office,
                unit=unit,
                ttl=_TOKEN_HOLDS,
                issuer=ISSUER,
                audience=ISSUER,
            )
            self._tokens[who] = (time.monotonic(), token)
        return token

    def ask(self, method: str, service: Service, path: str, **request: Any) -> Json:
        """The answer's body; Refused when the platform says no."""
        return _body(self.send(method, service, path, **request))

    def send(self, method: str, service: Service, path: str, **request: Any) -> httpx.Response:
        """The answer, whatever it is, once somebody answers."""
        for _ in range(self.patience - 1):
            try:
                answer = self._client.request(method, f"{self.urls[service]}{path}", **request)
            except httpx.TransportError:
                time.sleep(_TRY_AGAIN_S)
                continue
            if answer.status_code not in BUSY:
                return answer
            time.sleep(_TRY_AGAIN_S)
        return self._client.request(method, f"{self.urls[service]}{path}", **request)

    def note(self, act: Json) -> None:
        """Write an act that was answered into the client's own ledger, if one is kept."""
        if self.ledger is None:
            return
        line = json.dumps({**act, "at": datetime.now(UTC).isoformat()}, ensure_ascii=False)
        with self._noting, self.ledger.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def _body(answer: httpx.Response) -> Json:
    if answer.is_error:
        raise Refused(answer)
    body: Json = answer.json()
    return body


def _number(answer: Json, path: str) -> str:
    """The case an act belongs to: the answer names it, or the path does behind its first word."""
    named = path.split("/")[2:3]
    return str(answer.get("number") or (named[0] if named else ""))


@dataclass(frozen=True)
class Person:
    """One member of staff at the platform."""

    line: Line
    subject: str
    role: str
    office: str
    unit: str = ""

    def get(self, service: Service, path: str, **query: Any) -> Json:
        """Look at something."""
        params = {name: value for name, value in query.items() if value is not None}
        return self.line.ask("GET", service, path, params=params, headers=self.headers())

    def post(self, service: Service, path: str, body: Json | None = None, key: str | None = None) -> Json:
        """Do something, once; the same key is the same act."""
        key = key or uuid4().hex
        headers = {**self.headers(), "Idempotency-Key": key}
        response = self.line.send("POST", service, path, json=body, headers=headers)
        answer = _body(response)
        said = {"service": service, "method": "POST", "path": path, "status": response.status_code}
        who = {"office": self.office, "caller": self.subject, "key": key}
        self.line.note({"number": _number(answer, path), **said, **who})
        return answer

    def all(self, service: Service, path: str, name: str, **query: Any) -> list[Json]:
        """A whole list, page by page."""
        found: list[Json] = []
        for skip in itertools.count(0, PAGE):
            page: list[Json] = self.get(service, path, skip=skip, limit=PAGE, **query)[name]
            found += page
            if len(page) < PAGE:
                break
        return found

    def headers(self) -> dict[str, str]:
        """Who asks, as each request says it."""
        token = self.line.token(self.subject, self.role, self.office, self.unit)
        return {"Authorization": f"Bearer {token}"}


def until(condition: Callable[[], T | None], within: float = 30, pause: float = 0.05) -> T:
    """Look until the condition gives something true; the last Refused or a TimeoutError otherwise."""
    deadline = time.monotonic() + within
    while True:
        try:
            found, problem = condition(), None
        except (Refused, StopIteration, LookupError) as not_yet:
            found, problem = None, not_yet
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"not so after {within:.0f} s (last: {found!r})") from problem
        time.sleep(pause)
