"""What feedback says: contacts, evaluations, echoes."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from huiyin.contracts.events.base import Event, Medium


@dataclass(frozen=True, kw_only=True)
class EchoOpened(Event):
    """The complainant is to be told the result of this round."""

    type: ClassVar[str] = "echo.opened"
    round: int


@dataclass(frozen=True, kw_only=True)
class ContactAttempted(Event):
    """One attempt to reach the complainant (E-31)."""

    type: ClassVar[str] = "contact.attempted"
    round: int
    attempt: int
    medium: Medium
    reached: bool
    attempted_at: datetime


@dataclass(frozen=True, kw_only=True)
class ResultTold(Event):
    """The complainant was told the result (S4-39)."""

    type: ClassVar[str] = "result.told"
    round: int
    medium: Medium
    told_at: datetime


@dataclass(frozen=True, kw_only=True)
class EvaluationRecorded(Event):
    """What the complainant said: reached? solved? satisfied?"""

    type: ClassVar[str] = "evaluation.recorded"
    round: int
    matter: str
    reached: bool
    solved: bool
    satisfied: bool
    evaluated_at: datetime


@dataclass(frozen=True, kw_only=True)
class EvaluationDissatisfied(Event):
    """The complainant is not satisfied: a review opens, not automatically a new round (E-110)."""

    type: ClassVar[str] = "evaluation.dissatisfied"
    round: int
    matters: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EchoCompleted(Event):
    """The matter has had its echo; told but not judged is `unevaluated`, never satisfied (E-109)."""

    type: ClassVar[str] = "echo.completed"
    round: int
    outcome: Literal["satisfied", "upheld", "unreachable", "unevaluated", "exempt"]
    completed_at: datetime
