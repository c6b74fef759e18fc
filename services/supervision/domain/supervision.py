"""The supervision: every clock, slip, request and doubt of one case."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from bson import Binary

from huiyin.chassis.steps import Outcome
from huiyin.contracts.circle import Circle
from huiyin.contracts.events import TakenOver
from services.supervision.domain.clock import Clock
from services.supervision.errors import NoSuchExtension, no_such_order

SlipKind = Literal["urge", "supervision"]
Decision = Literal["rehandle", "uphold"]
ExtensionState = Literal["pending", "granted", "refused", "lapsed"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """What was registered, as far as dates depend on it. `complainants` can be written to.

    `urges_by` is the slip by which the office urges; a case that was `taken_over` counts on from
    what its unit had of them.
    """

    channel: str
    difficulty: str
    priority: str
    legal_class: str | None
    flags: tuple[str, ...]
    received_at: datetime
    accepted_at: datetime
    complainants: tuple[str, ...]
    taken_over: TakenOver | None = None
    urges_by: SlipKind = "urge"

    def slips_before(self, kind: SlipKind) -> int:
        """How many slips of a kind the unit had in the older system."""
        return self.taken_over.urged if self.taken_over and kind == self.urges_by else 0


@dataclass(frozen=True, kw_only=True)
class Slip:
    """An urging or a written supervision, numbered in its case by kind (S2-37, S2-38, S4-42).

    `wrong_before`: an order finished before that moment needed no slip. `notice` is the
    number of the notice that withdrew it.
    """

    id: str
    kind: SlipKind
    ordinal: int
    order: str
    due_on: date
    wrong_before: datetime
    issued_at: datetime
    notice: str = ""


@dataclass(frozen=True, kw_only=True)
class Extension:
    """A unit's request for more time; its words and the answer's are sealed (S4-36)."""

    id: str
    order: str
    until: date
    reason: Binary
    asked_by: str
    asked_at: datetime
    state: ExtensionState = "pending"
    answer: Binary | None = None
    decided_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What the complainant last said of a matter, kept beside what the unit said (E-102)."""

    matter: str
    round: int
    reached: bool
    solved: bool
    satisfied: bool
    evaluated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Dissatisfaction:
    """A complainant who is not satisfied with a round; a supervisor decides (E-110).

    `said` is the sequence of the word held, so that an older one is ignored.
    """

    round: int
    said: int
    matters: tuple[str, ...]
    decision: Decision | None = None
    explanation: Binary | None = None
    decided_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Rereview:
    """An approved result that somebody with a conflict handled or judged; somebody else decides (E-75)."""

    order: str
    reply: int
    noted_at: datetime
    decision: Decision | None = None
    explanation: Binary | None = None
    decided_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Supervision:
    """Supervision's whole view of one case.

    `calendar` is the mark of the calendar by which its dates were counted (E-10). `reopened` is the round
    in which the case was last opened again, `sorting` the version by which it is sorted, `flagged` which
    of intake's words its flags are of. `incident_alarmed` says that leaders were told of the mass incident
    whose first case this is (E-56).
    """

    number: str
    office: str
    rulebook: str
    calendar: str
    case: Case
    clocks: tuple[Clock, ...] = ()
    slips: tuple[Slip, ...] = ()
    extensions: tuple[Extension, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    dissatisfactions: tuple[Dissatisfaction, ...] = ()
    rereviews: tuple[Rereview, ...] = ()
    round: int = 1
    concluded: bool = False
    reopened: int = 1
    sorting: int = 1
    flagged: int = 0
    matter_ids: tuple[str, ...] = ()
    circle: Circle = field(default_factory=Circle)
    incident_alarmed: bool = False

    @property
    def running(self) -> tuple[Clock, ...]:
        """The clocks that run."""
        return () if self.concluded else tuple(clock for clock in self.clocks if clock.running)

    @property
    def to_review(self) -> tuple[Clock, ...]:
        """The clocks whose reply waits for a reviewer."""
        return () if self.concluded else tuple(clock for clock in self.clocks if clock.to_review)

    @property
    def pending(self) -> tuple[str, ...]:
        """What of it waits for a person."""
        waits = {
            "review": bool(self.to_review),
            "extension": bool(self.asked),
            "dissatisfaction": self.doubted is not None,
            "rereview": bool(self.to_rereview),
        }
        return tuple(what for what, does in waits.items() if does)

    @property
    def asked(self) -> tuple[Extension, ...]:
        """The requests for more time that wait for an answer."""
        running = {clock.order for clock in self.running}
        return tuple(x for x in self.extensions if x.state == "pending" and x.order in running)

    @property
    def to_rereview(self) -> tuple[Rereview, ...]:
        """The results that wait to be reviewed again."""
        stands = {clock.order for clock in self.clocks if clock.state == "approved"}
        left = (one for one in self.rereviews if one.decision is None and one.order in stands)
        return () if self.concluded else tuple(left)

    def is_walled_off(self, clock: Clock) -> bool:
        """Whether the unit that handled an order stands in the matter's circle."""
        shut = self.circle.of(clock.matter)
        return clock.unit in (*shut.accused_units, *shut.recused_units)

    @property
    def doubted(self) -> Dissatisfaction | None:
        """The dissatisfaction that waits for a decision."""
        last = self.dissatisfactions[-1] if self.dissatisfactions else None
        waits = last is not None and last.round == self.round and last.decision is None
        return last if waits and not self.concluded else None

    def clock(self, order: str) -> Clock:
        """The clock of an order."""
        for clock in self.clocks:
            if clock.order == order:
                return clock
        raise no_such_order(order)

    def knows(self, order: str) -> bool:
        """Whether the order was heard of."""
        return any(clock.order == order for clock in self.clocks)

    def extension(self, extension: str) -> Extension:
        """The request for more time under its id."""
        for found in self.extensions:
            if found.id == extension:
                return found
        raise NoSuchExtension(f"该诉求没有延期申请 {extension}。")

    def with_clock(self, clock: Clock) -> "Supervision":
        """The supervision with a clock added or changed; in the orders' order, whatever came first."""
        others = (c for c in self.clocks if c.order != clock.order)
        return replace(self, clocks=tuple(sorted((*others, clock), key=_by_order)))

    def changed(self, order: str, change: Callable[[Clock], Clock]) -> "Supervision":
        """The supervision with one clock changed."""
        return self.with_clock(change(self.clock(order)))

    def slip_changed(self, slip: Slip) -> "Supervision":
        """The supervision with one slip changed."""
        return replace(self, slips=tuple(slip if s.id == slip.id else s for s in self.slips))

    def extension_changed(self, extension: Extension) -> "Supervision":
        """The supervision with one request changed."""
        changed = (extension if x.id == extension.id else x for x in self.extensions)
        return replace(self, extensions=tuple(changed))


def _by_order(clock: Clock) -> tuple[datetime, str]:
    return clock.dispatched_at, clock.order


Decided = Outcome[Supervision]
"""What a rule answers: the next state and what is said."""
