"""What a case knows of danger, of who has read it, and of the call it came by."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

#: Why a number may not be there (E-25).
NumberMark = Literal["shown", "withheld", "switchboard"]


@dataclass(frozen=True, kw_only=True)
class CallRef:
    """The call a case was taken down from: its originating line, and whether its number was shown.

    `id` is empty where an operator without a call centre wrote down that the number was not shown.
    """

    id: str = ""
    line: str = ""
    number: NumberMark = "shown"


@dataclass(frozen=True, kw_only=True)
class Danger:
    """The case is an emergency: since when, by whose word, whether somebody verified it.

    At `verify_by` leaders are told that nobody has, or that no line took over where one must (X-11).
    `told` holds, by hand-over, what leaders and the journal know of it. While it is `at_line`, a line has
    it or is being rung, and no unit gets an order (S3-45, S3-46).
    """

    raised_at: datetime
    raised_by: str
    verify_by: datetime | None = None
    verified_at: datetime | None = None
    verified_by: str = ""
    real: bool | None = None
    told: tuple[str, ...] = ()
    at_line: bool = False


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Whether somebody has read what came in writing; `alarm_at` is empty once leaders were told."""

    alarm_at: datetime | None
    read_at: datetime | None = None
    read_by: str = ""
