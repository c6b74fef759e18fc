"""The section of a rulebook on what lies in letters: who is told, how long it is kept safe."""

# ruff: noqa: RUF009 - key() is dataclasses.field with the mark of its readers

from dataclasses import dataclass

from huiyin.chassis.rulebook.values import POSITIVE, key
from huiyin.contracts.roles import Role


@dataclass(frozen=True, kw_only=True)
class Enclosures:
    """Money and original certificates in letters, or brought by visitors (S2-60…S2-62)."""

    director: Role = key(read_by=("intake",))
    finance_after_days: int = key(read_by=("intake",), validate=POSITIVE)
