"""Who may do what: every address of the five services by role and by relation to the case.

Made from the marks that the views carry (`@staff`, `@public`), for docs/permissions.md and for the
test that asks the running services each cell (tests/scenarios/test_permissions.py).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Final, Literal
from unittest.mock import MagicMock

from flask import Flask

from huiyin.chassis.runner.web import desks
from huiyin.chassis.web.access import ViewAccess, access_list
from huiyin.chassis.web.documents import Api, configure
from huiyin.client.line import Json
from huiyin.contracts.roles import ROLES, Role
from huiyin.contracts.services import SERVICES, Service

Relation = Literal[
    "none",
    "granted",
    "own_unit",
    "superior_unit",
    "other_unit",
    "accused",
    "accused_unit",
    "recused",
    "other_office",
]
#: What somebody gets: it is done or shown; 403; as if there were no such thing; left out of a list.
Cell = Literal["yes", "forbidden", "hidden", "left_out", "no_such_person"]

#: A relation's name, and whose it is: of the office's staff, of the units', or anybody's.
RELATIONS: Final[Mapping[Relation, str]] = {
    "none": "无关 none",
    "granted": "保管人已准许 custodian-granted",
    "own_unit": "承办单位 own unit",
    "superior_unit": "上级单位负责人 head of a superior unit",
    "other_unit": "其他单位 other unit",
    "accused": "被检举 accused",
    "accused_unit": "被检举单位 of an accused unit",
    "recused": "应回避 recused",
    "other_office": "其他机构 other office",
}
_OF_UNITS: Final = frozenset({"own_unit", "superior_unit", "other_unit"})
_OF_STAFF: Final = frozenset({"none"})


@dataclass(frozen=True)
class Address:
    """One view of one service."""

    service: Service
    access: ViewAccess

    @property
    def words(self) -> str:
        """As people write it."""
        return f"{self.access.method} {self.access.path}"

    @property
    def roles(self) -> tuple[str, ...]:
        """Who may call it; nobody in particular where it is public."""
        return self.access.roles or ()

    @property
    def of_one(self) -> bool:
        """Whether it is about one case, one message or call of a case, or one draft of one."""
        named = ("{number}", "{message}", "{call}", "{draft}")
        return any(one in self.access.path for one in named)

    @property
    def is_list(self) -> bool:
        """Whether it is one from which cases are left out."""
        return self.access.method == "GET" and self.access.walls and bool(self.roles) and not self.of_one

    def cell(self, role: Role, relation: Relation) -> Cell:
        """What a role gets by its relation to the case."""
        if relation == "granted" and not self.access.granted:
            return "no_such_person"
        for_unit = role == "unit" or self.access.as_unit
        if relation in (_OF_STAFF if for_unit else _OF_UNITS):
            return "no_such_person"
        stands_in = role == self.access.stand_in and relation == "none"
        if stands_in or (self.access.roles and role not in self.roles):
            return "forbidden"
        if self.access.granted:
            return "yes" if relation == "granted" else "hidden"
        if not self.access.walls or self._lets_in(relation):
            return "yes"
        return "hidden" if self.of_one else "left_out"

    def _lets_in(self, relation: Relation) -> bool:
        """Heads of units above the one that has the order read what is theirs; they do not act on it."""
        if relation == "superior_unit":
            acts = self.access.method == "POST" and self.access.as_unit
            return self.of_one and not acts
        if relation == "other_office" and self.access.endpoint.startswith("waiting."):
            return True  # what waits is the platform's, and so are those who look after it
        is_new = not self.of_one and self.access.method == "POST"
        return is_new or relation in ("none", "own_unit")


def addresses() -> list[Address]:
    """Every address that is there for people, service by service, in the order of its path."""
    return [Address(service, view) for service in SERVICES for view in _views(service)]


def page() -> str:
    """docs/permissions.md."""
    found = addresses()
    own = [a for a in found if not _is_everywhere(a, found)]
    everywhere = [a for a in found if _is_everywhere(a, found) and a.service == SERVICES[0]]
    sections = [_section(service, [a for a in own if a.service == service]) for service in SERVICES]
    return "\n\n".join([_HEAD, *sections, _section("every service 各服务", everywhere)]) + "\n"


def specs() -> dict[Service, Json]:
    """What each service's OpenAPI says, without a service that runs."""
    return {service: _made(service)[1].spec.to_dict() for service in SERVICES}


def _views(service: Service) -> Iterator[ViewAccess]:
    return (view for view in access_list(_made(service)[0]) if view.roles is not None)


def _made(service: Service) -> tuple[Flask, Api]:
    made = getattr(import_module(f"services.{service}.__main__"), service.upper())
    app = Flask(service)
    configure(app, service)
    api = Api(app)
    # The desks are only asked what they offer: nobody calls them, so nothing need stand behind them.
    for blueprint in desks(replace(made, house=lambda _: MagicMock()), MagicMock()):
        api.register_blueprint(blueprint)
    return app, api


def _is_everywhere(address: Address, found: Iterable[Address]) -> bool:
    return sum(other.words == address.words for other in found) == len(SERVICES)


def _section(title: str, found: list[Address]) -> str:
    heads = ["address 接口", "roles 角色", *RELATIONS.values()]
    lines = [heads, ["---"] * len(heads), *(_row(address) for address in found)]
    return "\n\n".join([f"## {title}", "\n".join(f"| {' | '.join(line)} |" for line in lines)])


def _row(address: Address) -> list[str]:
    named = (
        f"({role})" if role == address.access.stand_in else role for role in ROLES if role in address.roles
    )
    roles = ", ".join(named) or "公开 public"
    return [f"`{address.words}`", roles, *(_told(address, relation) for relation in RELATIONS)]


def _told(address: Address, relation: Relation) -> str:
    asked = set(address.roles or ROLES) - {address.access.stand_in}
    cells = {address.cell(role, relation) for role in ROLES if role in asked}
    told = cells - {"no_such_person"}
    return _WORDS[told.pop()] if told else ""


_WORDS: Final[Mapping[Cell, str]] = {
    "yes": "✓",
    "hidden": "404",
    "left_out": "不列 left out",
    "forbidden": "403",
}

_HEAD: Final = """<!-- Written by `python -m deploy.local.docs` from the services' code; do not edit. -->

# 谁可以做什么 · Who may do what

Every address of the five services, by role and by relation to the case; each cell of an address with roles is
asked of the running services by `tests/scenarios/test_permissions.py`. A public one asks nobody who they are,
and is asked with every role's token and with none: it answers all alike.
How the walls round a case are built: [walls](walls.md).

- **角色 roles**: whoever holds none of them gets 403, recorded in the audit. The office's
  [directory](running.md#units-and-people) says who holds which. One in brackets is the next level up: 403
  while anybody of the other roles stands outside the circle and would not judge their own unit's work (E-76).
- **✓** it is shown or done, or refused for what it says (409, 422), not for who asks.
- **404** the same answer as for a number that does not exist: whoever stands outside learns nothing.
- **不列 left out** the list, its total and its count are those of an office without that case.
- An empty cell: the address is not for such people at all (a unit's, or the office's own).

What the relations mean (`huiyin/chassis/standing.py`, `huiyin/chassis/walls.py`):

- *custodian-granted*: asked with a reason, and a custodian granted it for a time ([custody](custody.md)).
- *own unit*: the unit has an order of the case, or succeeded one that has (E-62).
- *head of a superior unit*: leads (`leader` in units.yaml, or the successor of one who left) a unit above one
  that has an order; reads it, and does not act on it.
- *accused*, *recused*: by name. *Of an accused unit*: by the unit that the directory says one serves. Where a
  case has several matters, it holds for each by itself: of a case that is partly open the open part is shown,
  and what speaks of it as a whole (journal, volume, withdrawal, instruction, contacts) needs every matter.
- Whoever stands in the circle of any matter never learns who complained.

The books (`/ledger`, `/numbers`) are the same for every auditor, also for one who is accused: they hold
neither words, people, units nor categories, and a case left out would be a gap that looks like a loss."""
