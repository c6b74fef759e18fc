"""What the web itself records in the audit: refusals, readings that say so, lists read page after page."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, TypeVar

from flask import Flask, Response, current_app, g, request

from huiyin.chassis.errors import Forbidden, NotFound, Refusal, Unauthenticated
from huiyin.chassis.steps import Actor
from huiyin.chassis.web.causes import request_actor

F = TypeVar("F", bound=Callable[..., Any])

Record = Callable[[str, Actor, str, Mapping[str, Any]], Any]
"""Keeps a row of the audit: what, who, case number or "", detail; raises when it cannot."""

_EXTENSION: Final = "huiyin-record"
_LONGEST_CASE: Final = 64
#: Whatever else somebody types into an address might name a person, and is kept nowhere.
_CASE: Final = re.compile(r"[A-Z]{2,4}-[A-Z]-\d{8}-\d{6,}-\d{2}", re.ASCII)
#: Refusals that have to do with who asks; others are about what was asked.
_OF_RIGHT: Final = frozenset({Unauthenticated.status, Forbidden.status, NotFound.status})
#: What of a query only says which page; its other words may hold what was looked for.
_PAGING: Final = frozenset({"skip", "limit", "after", "until"})


def keep_records(app: Flask, record: Record, answer_failure: Callable[[Exception], Response]) -> None:
    """Have the app's `@audited` views, and lists read behind their first page, recorded."""

    def record_walk(response: Response) -> Response:
        try:
            if response.status_code == Response.default_status and _walks():
                record("list.exported", request_actor(), case_number(), {"route": route(), **_page()})
        except Exception as failed:  # noqa: BLE001  what cannot be recorded is not answered
            return answer_failure(failed)
        return response

    app.extensions[_EXTENSION] = record
    app.after_request(record_walk)


def audited(what: str) -> Callable[[F], F]:
    """Have each good answer of a staff view recorded as `what` before it leaves; below the route."""

    def mark(view: F) -> F:
        @wraps(view)
        def recorded(*given: Any, **named: Any) -> Any:
            answer = view(*given, **named)
            record: Record = current_app.extensions[_EXTENSION]
            record(what, request_actor(), case_number(), {**_named(), **_page()})
            return answer

        return recorded  # type: ignore[return-value]

    return mark


def record_refusal(record: Record, refusal: Refusal) -> None:
    """Keep that somebody known was refused for want of a right, or asked for a case and found none.

    A hidden case is recorded as a missing one is: neither answer nor time tells them apart.
    """
    who: Actor | None = g.get("actor")
    if who is None or refusal.status not in _OF_RIGHT:
        return
    if refusal.status != NotFound.status or _named_case():
        detail = {"method": request.method, "route": route(), "status": refusal.status}
        record("refused", who, case_number(), detail)


def route() -> str:
    """The request's route as it is declared, without its values."""
    return request.url_rule.rule if request.url_rule is not None else "(unknown)"


def case_number() -> str:
    """The number of the case the address names, or "" when it has not the shape of one of ours."""
    named = _named_case()
    return named if is_number(named) else ""


def is_number(given: str) -> bool:
    """Whether it has the shape of a case's number, whether there is such a case or not."""
    return bool(_CASE.fullmatch(given))


def _named_case() -> str:
    given = request.view_args or {}
    return str(given.get("number") or given.get("case") or "")


def _walks() -> bool:
    return request.method == "GET" and g.get("actor") is not None and int(request.args.get("skip") or 0) > 0


def _page() -> dict[str, Any]:
    """Which page of what was looked at; of the filters only their names."""
    given = {name: value[:_LONGEST_CASE] for name, value in request.args.items() if name in _PAGING}
    filters = sorted(name for name in request.args if name not in _PAGING)
    return {**given, **({"by": filters} if filters else {})}


def _named() -> dict[str, Any]:
    """What the address names beside the case, such as an order."""
    given = request.view_args or {}
    return {name: value for name, value in given.items() if name not in {"number", "case"}}
