"""The way to the services: the local platform's, or the one HUIYIN_SERVICES and HUIYIN_TOKEN name."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from huiyin.cli.ends import WRONG_USE, fail
from huiyin.cli.local import LocalStack, addresses, holder
from huiyin.cli.options import offices_folder
from huiyin.client.line import Line, Person
from huiyin.contracts.roles import ROLES
from huiyin.contracts.services import SERVICES, Service

#: A person waits at the terminal: what is away for longer than a second is told.
_TRIES: Final = 4


@dataclass(frozen=True)
class Platform:
    """The services as somebody at a terminal reaches them."""

    line: Line

    @property
    def with_own_token(self) -> bool:
        """Whether the caller brought a token, which then says who acts and for which office."""
        return bool(self.line.bearer)

    def person(self, role: str, office: str, unit: str = "", *, offices: Path | None = None) -> Person:
        """The first who holds the role by the directory, or whom the caller's own token stands for."""
        if role not in ROLES:
            fail(f"没有角色 {role}；可用：{'、'.join(ROLES)} (no such role)", WRONG_USE)
        if self.with_own_token:
            return Person(self.line, "", role, office, unit)
        return Person(self.line, holder(offices or offices_folder(), office, role, unit), role, office, unit)


@contextmanager
def platform(local: Path) -> Iterator[Platform]:
    """The platform of HUIYIN_SERVICES, else the local one; tokens from HUIYIN_TOKEN, else signed here."""
    stack, bearer = LocalStack(local), os.environ.get("HUIYIN_TOKEN", "")
    named = os.environ.get("HUIYIN_SERVICES")
    found = addresses(Path(named) if named else stack.services_file)
    if missing := [service for service in SERVICES if service not in found]:
        fail(f"没有 {'、'.join(missing)} 的地址 (no address of these services)", WRONG_USE)
    key = None if bearer else stack.signing_key
    line = Line(cast(dict[Service, str], found), key, patience=_TRIES, bearer=bearer)
    try:
        yield Platform(line)
    finally:
        line.close()


def known_service(name: str) -> Service:
    """The service of that name, or an error that names those there are."""
    if name not in SERVICES:
        fail(f"没有服务 {name}；可用：{'、'.join(SERVICES)} (no such service)", WRONG_USE)
    return name
