"""The correspondence: all messages of one case, and which step each state allows."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from huiyin.contracts.circle import Circle
from huiyin.contracts.events import AddresseeKind, Matter, Medium, PartyRef
from services.notify.domain.notices import Notice
from services.notify.errors import NoSuchMessage, WrongState

MessageState = Literal[
    "pending", "sending", "sent", "listed", "delivered", "failed", "uncertain", "superseded", "cancelled"
]

#: Which states allow which step, and where it leads.
STEPS: Final[dict[str, tuple[frozenset[MessageState], MessageState]]] = {
    "send": (frozenset({"pending"}), "sending"),
    "retry": (frozenset({"sending"}), "pending"),
    "take": (frozenset({"sending"}), "sent"),
    "list": (frozenset({"sending"}), "listed"),
    "deliver": (frozenset({"pending", "sending", "sent", "listed", "uncertain"}), "delivered"),
    "turn": (frozenset({"pending", "sending", "sent", "listed", "uncertain"}), "pending"),
    "doubt": (frozenset({"sending", "sent"}), "uncertain"),
    "resend": (frozenset({"uncertain"}), "pending"),
    "fail": (frozenset({"pending", "sending"}), "failed"),
    "cancel": (frozenset({"pending", "listed"}), "cancelled"),
    "supersede": (frozenset({"pending", "listed"}), "superseded"),
}

#: Not yet given out: what is newer for the same addressee waits (E-119).
OPEN: Final[frozenset[MessageState]] = frozenset({"pending", "sending", "listed"})
#: Given out, perhaps: nothing older may follow (E-119).
GONE: Final[frozenset[MessageState]] = frozenset({"sent", "delivered", "uncertain"})
#: Somebody or something still works on it, so the part stays open.
BUSY: Final[frozenset[MessageState]] = OPEN | {"sent"}

#: Media that a person works off from a list.
BY_HAND: Final[frozenset[Medium]] = frozenset({"letter", "call"})
#: Asking a person, or sending a link, tells nothing of the case: such a message neither waits for others nor
#: holds them up.
_TELLS_NOTHING: Final = frozenset({"evaluation_call", "progress_link"})


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One medium tried, under one reference that the provider knows; `end` says why it was given up.

    `tries` counts what the provider did not take, `waits` how often a contact or text could not
    be fetched.
    """

    medium: Medium
    reference: str
    tries: int = 0
    waits: int = 0
    end: str = ""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message that somebody must get. It never holds identity or text.

    It waits for one clock at a time: `due_office` (quiet hours) or `due_machine` (retries,
    leases, receipts that do not come).
    """

    id: str
    message: str
    source: str
    sequence: int
    said_at: datetime
    template: str
    addressee_kind: AddresseeKind
    addressee: str
    state: MessageState
    since: datetime
    params: Mapping[str, str] = field(default_factory=dict)
    text_of: str = ""
    urgent: bool = False
    attempts: tuple[Attempt, ...] = ()
    due_office: datetime | None = None
    due_machine: datetime | None = None
    reason: str = ""
    mail_number: str = ""
    matter: str = ""

    @property
    def order(self) -> tuple[datetime, str, int]:
        """The place in the queue to its addressee (E-119)."""
        return self.said_at, self.source, self.sequence

    def newer_than(self, other: "Message") -> bool:
        """Whether it was surely said after the other; of one moment and two services nobody knows."""
        same_source = self.source == other.source
        return self.said_at > other.said_at or (
            self.said_at == other.said_at and same_source and self.sequence > other.sequence
        )

    @property
    def tells(self) -> bool:
        """Whether the message stands in the order of messages at all."""
        return self.template not in _TELLS_NOTHING

    @property
    def attempt(self) -> Attempt | None:
        """The medium being tried now."""
        return self.attempts[-1] if self.attempts and not self.attempts[-1].end else None

    def current(self) -> Attempt:
        """The medium being tried now, of a message that is on its way."""
        attempt = self.attempt
        assert attempt is not None
        return attempt

    def step(self, verb: str, at: datetime) -> "Message":
        """The message after an allowed step; WrongState otherwise."""
        allowed, after = STEPS[verb]
        if self.state not in allowed:
            raise WrongState(f"消息 {self.id} 处于“{self.state}”状态，不能执行此操作（{verb}）。")
        return replace(self, state=after, since=at, due_office=None, due_machine=None)

    def trying(self, attempt: Attempt) -> "Message":
        """The message with its present attempt changed."""
        return replace(self, attempts=(*self.attempts[:-1], attempt))

    def ended(self, end: str) -> "Message":
        """The message with its present attempt given up."""
        attempt = self.attempt
        return self.trying(replace(attempt, end=end)) if attempt else self


@dataclass(frozen=True, kw_only=True)
class Correspondence:
    """Notify's whole view of one case; `said` counts its events, `closed` that its part is closed.

    `round` is the one that was concluded or, of a reopened case, goes on; `sorting` the version by which
    it is sorted. `notices` are the lines for departments' feeds, `ended` the orders these units have no
    more, and `conclusion` what they are told of the case's end.
    """

    number: str
    office: str
    language: str
    channel: str
    rulebook: str
    parties: tuple[PartyRef, ...] = ()
    matters: tuple[Matter, ...] = ()
    messages: tuple[Message, ...] = ()
    notices: tuple[Notice, ...] = ()
    ended: Mapping[str, datetime] = field(default_factory=dict)
    conclusion: Notice | None = None
    said: int = 0
    concluded: bool = False
    closed: bool = False
    round: int = 1
    sorting: int = 1
    circle: Circle = field(default_factory=Circle)

    @property
    def matter_ids(self) -> tuple[str, ...]:
        """Every matter of the case."""
        return tuple(matter.id for matter in self.matters)

    def message(self, message_id: str) -> Message:
        """The message under its id."""
        for message in self.messages:
            if message.id == message_id:
                return message
        raise NoSuchMessage(f"该诉求没有消息 {message_id}。")

    def of_reference(self, reference: str) -> Message:
        """The message that was ever sent under a reference."""
        for message in self.messages:
            if any(attempt.reference == reference for attempt in message.attempts):
                return message
        raise NoSuchMessage(f"该诉求没有编号为 {reference} 的发送记录。")

    def party(self, party_id: str) -> PartyRef | None:
        """The party under its id."""
        return next((party for party in self.parties if party.id == party_id), None)

    def changed(self, message_id: str, change: Callable[[Message], Message]) -> "Correspondence":
        """The correspondence with one message changed."""
        self.message(message_id)
        changed = tuple(change(m) if m.id == message_id else m for m in self.messages)
        return replace(self, messages=changed)


def message_id(source: str, message: str) -> str:
    """A message's id within its case: two services may use the same word."""
    return f"{source}:{message}"


def reference_of(number: str, message: Message, medium: Medium, history: str = "") -> str:
    """The stable reference of the next series of attempts by a medium, within one history of the store."""
    series = 1 + sum(attempt.medium == medium for attempt in message.attempts)
    words = "\x1f".join((number, message.id, medium, str(series), *filter(None, [history])))
    return hashlib.sha256(words.encode()).hexdigest()[:32]
