"""What a file is taken in as: new complaints, or running cases of an older system."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from huiyin.client.line import Json
from huiyin.contracts.roles import Role
from huiyin.rows import Field, Row
from huiyin.rows.forms import registration, takeover


@dataclass(frozen=True)
class Kind:
    """Where rows go, in whose role, what each needs beside a registration, and what names it."""

    path: str
    role: Role
    needed: tuple[Field, ...]
    named_by: Field
    body: Callable[[Row], Json]


NEW: Final = Kind("/cases", "operator", (), "id", registration)
#: The records desk keeps the office's files, and it is they that are handed over. An operator may
#: not set dates or pass by the leader's gate, and an administrator has no business with cases.
RUNNING: Final = Kind(
    "/takeovers", "records", ("number", "received_at", "unit", "deadline"), "number", takeover
)
