"""A notice: one line for the feed of a department, kept with the correspondence of its case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What one unit's feed is told of one event; no text, no identity.

    `id` is the event's, `heard` its number among its sayer's events. `n` is the line's number among
    those of this case in this feed, from 1; 0 until it is told.
    """

    id: str
    unit: str
    type: str
    order: str
    at: datetime
    heard: int
    data: Mapping[str, Any]
    n: int = 0
