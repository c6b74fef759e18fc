"""The handling: all orders of one case, and what is allowed in which state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, Literal

from bson import Binary

from huiyin.contracts.circle import Circle
from huiyin.contracts.events import Ground, Matter, OrderRole
from services.dispatch.errors import NoSuchMatter, NoSuchReply, WrongState, no_such_order

OrderState = Literal[
    "held", "dispatched", "accepted", "replied", "approved", "returned", "recalled", "withheld"
]
Gate = Literal["none", "asked", "instructed"]
Verdict = Literal["pending", "approved", "returned"]

#: Which states allow which step, and where it leads.
STEPS: Final[dict[str, tuple[frozenset[OrderState], OrderState]]] = {
    "send": (frozenset({"held"}), "dispatched"),
    "withhold": (frozenset({"held"}), "withheld"),
    "accept": (frozenset({"dispatched"}), "accepted"),
    "return": (frozenset({"dispatched"}), "returned"),
    "reply": (frozenset({"accepted"}), "replied"),
    "approve": (frozenset({"replied"}), "approved"),
    "send_back": (frozenset({"replied"}), "accepted"),
    "reopen": (frozenset({"approved"}), "accepted"),
    "recall": (frozenset({"dispatched", "accepted", "replied", "approved"}), "recalled"),
}
_ENDED: Final[frozenset[OrderState]] = frozenset({"returned", "recalled", "withheld"})
_UNSENT: Final[frozenset[OrderState]] = frozenset({"held", "withheld"})


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One reply of a unit; the text is sealed, `digest` is its hash."""

    n: int
    round: int
    final: bool
    by: str
    submitted_at: datetime
    text: Binary
    digest: str
    verdict: Verdict = "pending"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What one unit was given to handle of one matter.

    `due_said` is the sequence of the date held, so that an older one is ignored. `reason`
    says, sealed, why the unit returned it. One with a `head` is for the head of the unit alone.
    """

    id: str
    matter: str
    unit: str
    role: OrderRole
    round: int
    ground: Ground
    entry: str
    state: OrderState
    dispatched_at: datetime
    replies: tuple[Reply, ...] = ()
    due_on: date | None = None
    due_said: int = 0
    slips: tuple[str, ...] = ()
    reason: Binary | None = None
    head: str = ""

    @property
    def live(self) -> bool:
        """Whether the order still counts."""
        return self.state not in _ENDED

    @property
    def sent(self) -> bool:
        """Whether anybody was ever told of it."""
        return self.state not in _UNSENT

    def step(self, verb: str) -> "Order":
        """The order after an allowed step; WrongState otherwise."""
        allowed, after = STEPS[verb]
        if self.state not in allowed:
            raise WrongState(f"工单 {self.id} 处于“{self.state}”状态，不能执行此操作（{verb}）。")
        return replace(self, state=after)

    def reply(self, n: int) -> Reply:
        """The unit's reply number `n`."""
        for reply in self.replies:
            if reply.n == n:
                return reply
        raise NoSuchReply(f"工单 {self.id} 没有第 {n} 次答复。")

    def judged(self, n: int, verdict: Verdict) -> "Order":
        """The order with its reply judged."""
        self.reply(n)
        judged = tuple(replace(r, verdict=verdict) if r.n == n else r for r in self.replies)
        return replace(self, replies=judged)


@dataclass(frozen=True, kw_only=True)
class Handling:
    """Dispatch's whole view of one case; `gaps` are matters that wait for a person's choice,
    `awaiting` those that wait at the gate for a leader, whose words are the `instructions`.

    The `flags` are the case's, as far as a gate asks for them (X-09).

    `reopened` is the round in which the case was last opened again, `sorting` the version by which it
    is sorted, `corrected` by which of the case's corrections a matter stands as it does. `origin_number`
    is what the case was called in the older system it was taken over from.
    """

    number: str
    office: str
    rulebook: str
    origin_number: str = ""
    flags: tuple[str, ...] = ()
    matters: tuple[Matter, ...] = ()
    orders: tuple[Order, ...] = ()
    gaps: tuple[str, ...] = ()
    gate: Gate = "none"
    awaiting: tuple[str, ...] = ()
    instructions: tuple[Binary, ...] = ()
    round: int = 1
    completed: int = 0
    concluded: bool = False
    reopened: int = 1
    sorting: int = 1
    circle: Circle = field(default_factory=Circle)
    corrected: Mapping[str, int] = field(default_factory=dict)

    @property
    def matter_ids(self) -> tuple[str, ...]:
        """Every matter of the case."""
        return tuple(matter.id for matter in self.matters)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Whose word it waits for: a leader's, a dispatcher's."""
        awaited = {"leader": bool(self.awaiting), "dispatcher": bool(self.gaps)}
        return () if self.concluded else tuple(person for person, waits in awaited.items() if waits)

    def order(self, order_id: str) -> Order:
        """The order under its id."""
        for order in self.orders:
            if order.id == order_id:
                return order
        raise no_such_order(order_id)

    def matter(self, matter_id: str) -> Matter:
        """The matter under its id."""
        for matter in self.matters:
            if matter.id == matter_id:
                return matter
        raise NoSuchMatter(f"该诉求没有事项 {matter_id}。")

    def of_matter(self, matter_id: str) -> tuple[Order, ...]:
        """Every order the matter ever had, first to last."""
        return tuple(order for order in self.orders if order.matter == matter_id)

    def changed(self, order_id: str, change: Callable[[Order], Order]) -> "Handling":
        """The handling with one order changed."""
        self.order(order_id)
        return replace(self, orders=tuple(change(o) if o.id == order_id else o for o in self.orders))
