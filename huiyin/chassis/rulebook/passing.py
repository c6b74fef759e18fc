"""The section of a rulebook that says what becomes of a case that was passed on to another office."""

from dataclasses import dataclass
from typing import Literal

from huiyin.chassis.rulebook.values import key


@dataclass(frozen=True, kw_only=True)
class Passing:
    """Whether an office's own case ends when another has it (E-123), or is followed here too (S4-26)."""

    own_case: Literal["concluded", "kept_open"] = key(read_by=("intake",))
