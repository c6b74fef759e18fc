"""Who may call a view: every view says `@staff(roles)` or `@public`, or the app does not start.

The marks are checked before a request's body is read, so their order among other
decorators does not matter; but they stand below the route.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from flask import Flask, current_app, g, request

from huiyin.chassis.errors import Forbidden, Unauthenticated
from huiyin.chassis.sessions import NotInOffice
from huiyin.chassis.steps import Actor
from huiyin.contracts.roles import ROLES, Role

F = TypeVar("F", bound=Callable[..., Any])

_MARK: Final = "huiyin_access"
_AUTOMATIC: Final = {"HEAD", "OPTIONS"}


class SignIn(Protocol):
    """Says who a bearer token stands for, or refuses it (Unauthenticated, Forbidden)."""

    def verify(self, bearer: str) -> Actor:
        """The member of staff behind the token."""


@dataclass(frozen=True)
class ViewAccess:
    """One view and who may call it; `roles` is None when it does not say, empty when public.

    `walls`: whether it shows or does something of cases, so that a case's circle narrows it. `as_unit`:
    whether one calls it for one's own unit, whatever the role. `granted`: whether it is shown only to whom a
    custodian granted it, for that case. `stand_in`: the role that does it only where none of the others can.
    """

    endpoint: str
    route: str
    method: str
    roles: tuple[str, ...] | None
    walls: bool = True
    as_unit: bool = False
    granted: bool = False
    stand_in: Role | None = None

    @property
    def path(self) -> str:
        """The route as OpenAPI writes it."""
        return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", self.route)


def staff(
    *roles: Role,
    walls: bool = True,
    as_unit: bool = False,
    granted: bool = False,
    stand_in: Role | None = None,
) -> Callable[[F], F]:
    """Only staff whose token carries one of these roles.

    `walls=False` says that it holds nothing of what a case is about, nor of who is in it: it is the
    same for whoever has the role, also for the accused. `as_unit` says that whoever has one of the
    roles calls it for the unit they serve, and for its orders alone. `granted` says that a role is not
    enough: a custodian must have granted it. `stand_in` is let in beside the roles, for the use case to
    refuse while one of them is left (E-76).
    """
    if not roles or any(role not in ROLES for role in roles):
        raise TypeError(f"staff() takes at least one role of {', '.join(ROLES)}")
    asked = roles if stand_in is None else (*roles, stand_in)
    return lambda view: _mark(view, _Mark(asked, walls, as_unit, granted, stand_in))


def public(view: F) -> F:
    """Anyone, without a token."""
    return _mark(view, _Mark((), walls=False))


def is_public(view: Callable[..., Any]) -> bool:
    """Whether anyone may call the function behind a view."""
    mark: _Mark | None = getattr(view, _MARK, None)
    return mark is not None and not mark.roles


def access_list(app: Flask) -> list[ViewAccess]:
    """Every view of the app with its roles, for the architecture test and the documents."""
    return sorted(_views(app), key=lambda view: (view.route, view.method))


def require_marks(app: Flask) -> None:
    """TypeError naming every view that has neither mark."""
    bare = [f"{v.method} {v.route} ({v.endpoint})" for v in access_list(app) if v.roles is None]
    if bare:
        raise TypeError("views need @staff(...) or @public below their route: " + ", ".join(bare))


def check_access(tokens: SignIn) -> None:
    """Put the actor into `g.actor`, or refuse; runs before each request."""
    if request.url_rule is None or request.endpoint is None:
        return
    mark = _mark_of(current_app.view_functions[request.endpoint], request.method)
    if mark is not None and not mark.roles:
        return
    actor = g.actor = _signed_in(tokens)
    if mark is None or actor.role not in mark.roles:
        raise Forbidden("your role may not do this")


def _signed_in(tokens: SignIn) -> Actor:
    try:
        return tokens.verify(_bearer())
    except NotInOffice as gone:
        g.actor = gone.who  # whose refusal is recorded
        raise


@dataclass(frozen=True)
class _Mark:
    """What a view says of itself; public views name no role."""

    roles: tuple[str, ...]
    walls: bool
    as_unit: bool = False
    granted: bool = False
    stand_in: Role | None = None


def _mark(view: F, mark: _Mark) -> F:
    if hasattr(view, _MARK):
        raise TypeError(f"{view.__qualname__} says twice who may call it")
    setattr(view, _MARK, mark)
    return view


def _views(app: Flask) -> Iterator[ViewAccess]:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - _AUTOMATIC:
            mark = _mark_of(app.view_functions[rule.endpoint], method)
            if mark is None:
                yield ViewAccess(rule.endpoint, rule.rule, method, None)
            else:
                yield ViewAccess(rule.endpoint, rule.rule, method, **vars(mark))


def _mark_of(view: Callable[..., Any], method: str) -> _Mark | None:
    mark: _Mark | None = getattr(handler_of(view, method), _MARK, None)
    return mark


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
