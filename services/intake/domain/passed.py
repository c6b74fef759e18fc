"""What a case keeps of its passing from office to office (E-123)."""

from dataclasses import dataclass
from datetime import datetime

from bson import Binary


@dataclass(frozen=True, kw_only=True)
class PassedMatter:
    """One matter as the other office calls it; whom it accuses, by that office's directory."""

    id: str
    kind: str
    category: str
    area: str
    accused_people: tuple[str, ...] = ()
    accused_units: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Passing:
    """Where a case went, by whom and why (sealed), and its `number` there, once it has one."""

    to: str
    by: str
    at: datetime
    why: Binary
    channel: str
    difficulty: str
    priority: str
    legal_class: str | None
    flags: tuple[str, ...]
    matters: tuple[PassedMatter, ...]
    number: str = ""
