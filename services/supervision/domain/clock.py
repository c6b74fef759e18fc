"""One order's clock: the dates it had, the replies it got, and whether it runs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from bson import Binary

from huiyin.chassis.rulebook import Term
from huiyin.contracts.events import DeadlineReason, DeadlineSet, OrderRole
from services.supervision.errors import NotPending

Verdict = Literal["interim", "pending", "approved", "returned", "reopened"]
Result = Literal["pass", "fail", "not_applicable"]
State = Literal["not_started", "running", "replied", "approved", "returned", "recalled"]
Ending = Literal["returned", "recalled"]

#: What may follow a final reply: the unit works again.
_IN_WORK_AGAIN: Final[frozenset[Verdict]] = frozenset({"returned", "reopened"})


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One date of a clock. `due_at` is the first instant that is late (E-06).

    `begun_at` is when the unit came to have this limit, which may be later than the `start`
    it is counted from. `term` is None for a date that was granted, not counted. `slip` names
    the written supervision that set it.
    """

    reason: DeadlineReason
    start: datetime
    begun_at: datetime
    term: Term | None
    due_on: date
    due_at: datetime
    urge_at: datetime | None
    provisional: bool
    urged: bool = False
    expired: bool = False
    slip: str = ""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the reviewer found by one criterion; the words are sealed."""

    criterion: str
    result: Result
    reason: Binary | None = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One reply as heard from dispatch, and what became of it. The text stays in dispatch."""

    n: int
    round: int
    submitted_at: datetime
    verdict: Verdict
    on_time: bool | None = None
    judgements: tuple[Judgement, ...] = ()
    judged_by: str = ""
    judged_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Return:
    """One return for re-handling: what was demanded (sealed), by when (S4-44, S4-45)."""

    reply: int
    round: int
    failed: tuple[str, ...]
    demands: Binary
    due_on: date
    returned_at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class Clock:
    """The clock of one order, known by the order's id; one for a `head` is the head's alone (S2-26)."""

    order: str
    matter: str
    unit: str
    role: OrderRole
    round: int
    dispatched_at: datetime
    accepted_at: datetime | None = None
    ended: Ending | None = None
    limits: tuple[Limit, ...] = ()
    replies: tuple[Reply, ...] = ()
    returns: tuple[Return, ...] = ()
    head: str = ""

    @property
    def limit(self) -> Limit | None:
        """The date in force."""
        return self.limits[-1] if self.limits else None

    @property
    def own_limit(self) -> Limit | None:
        """The date in force but for written supervision: by it a reply is on time or late."""
        return next((x for x in reversed(self.limits) if x.reason != "supervised"), None)

    @property
    def last_final(self) -> Reply | None:
        """The last reply that was meant as the result."""
        return next((r for r in reversed(self.replies) if r.verdict != "interim"), None)

    @property
    def state(self) -> State:
        """What the order is doing, as far as its dates are concerned."""
        if self.ended is not None:
            return self.ended
        final = self.last_final
        if final is not None and final.verdict not in _IN_WORK_AGAIN:
            return "replied" if final.verdict == "pending" else "approved"
        return "running" if self.limits else "not_started"

    @property
    def running(self) -> bool:
        """Whether time counts against the unit."""
        return self.state == "running"

    @property
    def to_review(self) -> Reply | None:
        """The reply that waits for a reviewer."""
        return self.last_final if self.state == "replied" else None

    def pending_reply(self, n: int) -> Reply:
        """The reply under its number, when it is the one that waits."""
        reply = self.to_review
        if reply is None:
            raise NotPending(f"工单 {self.order} 没有待审核的答复。")
        if reply.n != n:
            raise NotPending(f"第 {n} 次答复不是待审核的答复，请审核第 {reply.n} 次答复。")
        return reply

    def with_limit(self, limit: Limit) -> "Clock":
        """The clock with a further date; the earlier ones are its history (E-101)."""
        return replace(self, limits=(*self.limits, limit))

    def limit_changed(self, change: Callable[[Limit], Limit]) -> "Clock":
        """The clock with the date in force changed."""
        return replace(self, limits=(*self.limits[:-1], change(self.limits[-1])))

    def with_reply(self, reply: Reply) -> "Clock":
        """The clock with a reply, in the order of their numbers whatever came first."""
        others = (r for r in self.replies if r.n != reply.n)
        return replace(self, replies=tuple(sorted((*others, reply), key=lambda r: r.n)))

    def deadline_set(self) -> DeadlineSet:
        """The date in force, said whole."""
        limit = self.limits[-1]
        return DeadlineSet(
            clock=self.order,
            order=self.order,
            due_on=limit.due_on,
            due_at=limit.due_at,
            provisional=limit.provisional,
            reason=limit.reason,
            unit=self.unit,
        )
