"""What intake says of enclosures: that one came, and what became of it. Neither sums nor words travel."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from huiyin.contracts.events.base import Event

Settlement = Literal["returned", "finance", "police", "written_off"]


@dataclass(frozen=True, kw_only=True)
class EnclosureRegistered(Event):
    """Money, original certificates or things came with a letter or a visitor (S2-60, E-91)."""

    type: ClassVar[str] = "enclosure.registered"
    enclosure: str
    voucher: str
    origin: Literal["letter", "visit"]
    lines: int
    registered_at: datetime


@dataclass(frozen=True, kw_only=True)
class EnclosureSettled(Event):
    """These lines of an enclosure are out of custody: returned (S2-62), or otherwise (E-87, E-90)."""

    type: ClassVar[str] = "enclosure.settled"
    enclosure: str
    voucher: str
    how: Settlement
    lines: tuple[str, ...]
    settled_at: datetime
