"""The passwords of the local stack, made once and kept in one private file."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deploy.local.errors import LocalStackError
from deploy.local.files import create_private
from huiyin.contracts.services import SERVICES


def _password() -> str:
    return secrets.token_urlsafe(24)  # needs no quoting in a URL


def _one_each() -> dict[str, str]:
    return {service: _password() for service in SERVICES}


@dataclass(frozen=True)
class Passwords:
    """Of the broker's and the store's administrators, of each service, and between the nodes."""

    broker: str = field(default_factory=_password, repr=False)
    store: str = field(default_factory=_password, repr=False)
    services: Mapping[str, str] = field(default_factory=_one_each, repr=False)
    erlang_cookie: str = field(default_factory=_password, repr=False)
    store_key: str = field(default_factory=lambda: secrets.token_hex(256), repr=False)


def kept_passwords(file: Path) -> Passwords:
    """Those in the file; made and kept there when there is none."""
    content = create_private(file, json.dumps(asdict(Passwords()), indent=2).encode())
    try:
        return Passwords(**json.loads(content))
    except (ValueError, TypeError) as error:
        raise LocalStackError(
            f"{file} cannot be read ({error}): without it the data beside it cannot be opened;"
            " restore it, or remove the whole folder to begin anew"
        ) from error
