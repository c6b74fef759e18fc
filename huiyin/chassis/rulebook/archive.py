"""The section of a rulebook on the archive: what is kept, how, how long (X-31, E-127)."""

from dataclasses import dataclass
from typing import Literal

from huiyin.chassis.rulebook.values import POSITIVE, key

Material = Literal["telephone_records", "assignment_and_reply", "meeting_materials", "leader_instructions"]


@dataclass(frozen=True, kw_only=True)
class Archive:
    """What is kept in volumes, and how long; `materials` are those of value (S4-54)."""

    rule: Literal["all", "by_decision", "of_value"] = key(read_by=("intake",))
    materials: tuple[Material, ...] = key(read_by=("intake",))
    bound: bool = key(read_by=("intake",))
    retention_years: int | None = key(read_by=("intake",), validate=POSITIVE)
    destroy: bool = key(read_by=("intake",))
