"""Who may call a view: every view says `@staff(roles)` or `@public`, or the app does not start.

The marks are checked before a request's body is read, so their order among other
decorators does not matter; but they stand below the route.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from flask import Flask, current_app, g, request

from huiyin.chassis.errors import Forbidden, Unauthenticated
from huiyin.chassis.tokens import Tokens
from huiyin.contracts.roles import ROLES, Role

F = TypeVar("F", bound=Callable[..., Any])

_MARK: Final = "huiyin_access"
_AUTOMATIC: Final = {"HEAD", "OPTIONS"}


@dataclass(frozen=True)
class ViewAccess:
    """One view and who may call it; `roles` is None when it does not say, empty when public."""

    endpoint: str
    route: str
    method: str
    roles: tuple[str, ...] | None

    @property
    def path(self) -> str:
        """The route as OpenAPI writes it."""
        return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", self.route)


def staff(*roles: Role) -> Callable[[F], F]:
    """Only staff whose token carries one of these roles."""
    if not roles or any(role not in ROLES for role in roles):
        raise TypeError(f"staff() takes at least one role of {', '.join(ROLES)}")
    return lambda view: _mark(view, roles)


def public(view: F) -> F:
    """Anyone, without a token."""
    return _mark(view, ())


def is_public(view: Callable[..., Any]) -> bool:
    """Whether anyone may call the function behind a view."""
    return getattr(view, _MARK, None) == ()


def access_list(app: Flask) -> list[ViewAccess]:
    """Every view of the app with its roles, for the architecture test and the documents."""
    return sorted(_views(app), key=lambda view: (view.route, view.method))


def require_marks(app: Flask) -> None:
    """TypeError naming every view that has neither mark."""
    bare = [f"{v.method} {v.route} ({v.endpoint})" for v in access_list(app) if v.roles is None]
    if bare:
        raise TypeError("views need @staff(...) or @public below their route: " + ", ".join(bare))


def check_access(tokens: Tokens) -> None:
    """Put the actor into `g.actor`, or refuse; runs before each request."""
    if request.url_rule is None or request.endpoint is None:
        return
    roles = _roles(current_app.view_functions[request.endpoint], request.method)
    if roles == ():
        return
    actor = g.actor = tokens.verify(_bearer())
    if roles is None or actor.role not in roles:
        raise Forbidden("your role may not do this")


def _mark(view: F, roles: tuple[str, ...]) -> F:
    if hasattr(view, _MARK):
        raise TypeError(f"{view.__qualname__} says twice who may call it")
    setattr(view, _MARK, roles)
    return view


def _views(app: Flask) -> Iterator[ViewAccess]:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - _AUTOMATIC:
            roles = _roles(app.view_functions[rule.endpoint], method)
            yield ViewAccess(rule.endpoint, rule.rule, method, roles)


def _roles(view: Callable[..., Any], method: str) -> tuple[str, ...] | None:
    roles: tuple[str, ...] | None = getattr(handler_of(view, method), _MARK, None)
    return roles


def handler_of(view: Callable[..., Any], method: str) -> Callable[..., Any]:
    """The function behind a view: of a MethodView, its method's own."""
    cls = getattr(view, "view_class", None)
    if cls is None:
        return view
    name = method.lower()
    if not hasattr(cls, name):
        name = "get"  # which answers HEAD, too
    own: Callable[..., Any] = getattr(cls, name)
    return own


def _bearer() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("sign in: send the header Authorization: Bearer <token>")
    return token.strip()
