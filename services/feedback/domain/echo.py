"""The echo: how one case is answered, and what is allowed in which state."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from bson import Binary

from huiyin.chassis.errors import Refusal
from huiyin.contracts.circle import Circle
from huiyin.contracts.events import CaseOutcome, Event, Matter, Medium, PartyRef
from services.feedback.errors import NoSuchMatter, NotHandled, NotTold, WrongState

Outcome = tuple["Echo", Sequence[Event]]
State = Literal["waiting", "open", "told", "evaluated", "dissatisfied", "completed"]
#: How an echo ends by itself, as `echo.completed` says it.
Ending = Literal["satisfied", "upheld", "unreachable", "unevaluated", "exempt"]
#: How an echo ended, by itself or because its case was concluded otherwise.
Ended = Literal[Ending, CaseOutcome]

#: Which step is allowed in which state, and where it leads.
STEPS: Final[dict[str, dict[State, State]]] = {
    "open": {"waiting": "open"},
    "exempt": {"waiting": "completed"},
    "contact": {"open": "open", "told": "told", "evaluated": "evaluated", "dissatisfied": "dissatisfied"},
    "attempt": {"open": "open", "told": "told", "evaluated": "evaluated"},
    "tell": {"open": "told", "told": "told", "evaluated": "evaluated"},
    "evaluate": {"told": "evaluated", "evaluated": "evaluated", "dissatisfied": "evaluated"},
    "doubt": {"evaluated": "dissatisfied"},
    "satisfy": {"evaluated": "completed"},
    "give_up": {"open": "completed", "told": "completed", "evaluated": "completed"},
    "decline": {"told": "completed", "evaluated": "completed"},
    "uphold": {"dissatisfied": "completed"},
    "withdraw": {"open": "completed", "told": "completed", "evaluated": "completed"},
}


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One attempt to reach the complainant (E-31)."""

    medium: Medium
    reached: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Telling:
    """The result was told by this medium (S4-39)."""

    medium: Medium
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What the complainant said of one matter; the words are sealed. `first_at` opens the window."""

    matter: str
    reached: bool
    solved: bool
    satisfied: bool
    by: str
    at: datetime
    first_at: datetime
    words: Binary | None = None


@dataclass(frozen=True, kw_only=True)
class Echo:
    """Feedback's whole view of one case; from `state` on it speaks of this round only.

    `owner` is the one who replies (E-108), `handled` says that the round's handling is complete,
    `undelivered` names messages that reached nobody, `reason` why nobody was told or asked (S4-41),
    `sorting` the version by which the case is sorted.
    """

    number: str
    office: str
    rulebook: str
    channel: str
    language: str
    legal_class: str | None
    flags: tuple[str, ...]
    owner: str
    matters: tuple[Matter, ...]
    parties: tuple[PartyRef, ...]
    round: int = 1
    state: State = "waiting"
    handled: bool = False
    replies: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    told: tuple[Telling, ...] = ()
    undelivered: tuple[str, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    outcome: Ended | None = None
    reason: str = ""
    completed_at: datetime | None = None
    circle: Circle = field(default_factory=Circle)
    sorting: int = 1
    withdrawn: bool = False

    @property
    def matter_ids(self) -> tuple[str, ...]:
        """Every matter of the case."""
        return tuple(matter.id for matter in self.matters)

    @property
    def doubts(self) -> tuple[str, ...]:
        """The matters whose result does not satisfy, in the case's order."""
        doubted = {evaluation.matter for evaluation in self.evaluations if not evaluation.satisfied}
        return tuple(matter.id for matter in self.matters if matter.id in doubted)

    @property
    def unevaluated(self) -> tuple[str, ...]:
        """The matters nothing was said about yet; no answer is never "satisfied" (E-109)."""
        said = {evaluation.matter for evaluation in self.evaluations}
        return tuple(matter.id for matter in self.asked_of if matter.id not in said)

    @property
    def asked_of(self) -> tuple[Matter, ...]:
        """The matters that are evaluated: dispatched ones of no special class (E-111)."""
        return tuple(matter for matter in self.matters if matter.dispatched and not matter.special)

    def evaluation(self, matter_id: str) -> Evaluation | None:
        """What was said of a matter; NoSuchMatter when the case has none of this id."""
        if matter_id not in {matter.id for matter in self.asked_of}:
            raise NoSuchMatter(f"该诉求没有需要评价的事项 {matter_id}。请核对事项编号。")
        return next((e for e in self.evaluations if e.matter == matter_id), None)

    def step(self, verb: str) -> "Echo":
        """The echo after an allowed step; a refusal that says what comes first otherwise."""
        allowed = STEPS[verb]
        if self.state not in allowed:
            raise self._refusal()
        return replace(self, state=allowed[self.state])

    def end(self, verb: str, outcome: Ending, reason: str, at: datetime) -> "Echo":
        """The echo completed, with the reason kept (S4-41)."""
        return replace(self.step(verb), outcome=outcome, reason=reason, completed_at=at)

    def in_round(self, n: int) -> "Echo":
        """The echo in round `n`: a new round starts afresh, an older one changes nothing."""
        if n <= self.round:
            return self
        return Echo(
            number=self.number,
            office=self.office,
            rulebook=self.rulebook,
            channel=self.channel,
            language=self.language,
            legal_class=self.legal_class,
            flags=self.flags,
            owner=self.owner,
            matters=self.matters,
            parties=self.parties,
            circle=self.circle,
            sorting=self.sorting,
            withdrawn=self.withdrawn,
            round=n,
        )

    def _refusal(self) -> Refusal:
        if self.state == "waiting":
            return NotHandled(f"第 {self.round} 轮办理尚未完成，没有可告知的结果；请待办理完成后再回访。")
        if self.state == "open":
            return NotTold("尚未告知诉求人办理结果；请先告知并登记告知方式，再登记评价。")
        if self.state == "dissatisfied":
            return WrongState("诉求人不满意，结果正在复核；请待复核维持或重新办理后再回访。")
        return WrongState("本轮回访已结束；如需重新回访，须由督办启动重新办理。")
