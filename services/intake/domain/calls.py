"""The call: one document each, with its hand-overs and recordings; the number is sealed (S0-02)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from bson import Binary

from huiyin.chassis.rulebook import Rulebook
from services.intake.domain.danger import CallRef, NumberMark
from services.intake.errors import NoSuchHandOver, NoTelephone

#: asked: to be put to the call centre; ringing: the call centre took it; the rest is the line's answer.
HandOverState = Literal["asked", "ringing", "taken", "not_taken"]
Ending = Literal["ended", "dropped", "silent", "unanswered"]
Outcome = Literal["ringing", "taken", "no_answer", "failed"]

OPEN: Final[frozenset[HandOverState]] = frozenset({"asked", "ringing"})
ENDINGS: Final[tuple[Ending, ...]] = ("ended", "dropped", "silent", "unanswered")
OUTCOMES: Final[tuple[Outcome, ...]] = ("ringing", "taken", "no_answer", "failed")


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """One wish to have an emergency line take over; what was told of it, and the place, are sealed.

    `attempts` counts the requests to the line, `away` how often the call centre itself did not answer;
    `alarms` how often leaders have to be told that nobody came. `told` is what the case knows of it.
    Until `due_at` nothing has to be done. It is over when the line took over, or when a person says how
    it ended: nothing else gives it up (E-53).
    """

    id: str
    line: str
    asked_by: str
    asked_at: datetime
    words: Binary
    area: str
    place: Binary
    state: HandOverState = "asked"
    attempts: int = 1
    away: int = 0
    alarms: int = 0
    due_at: datetime | None
    case: str = ""
    told: str = ""
    settled_at: datetime | None = None
    settled_by: str = ""
    how: Binary | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody must still take over."""
        return self.state in OPEN

    @property
    def mark(self) -> str:
        """What there is to be told of it: a case that was told this need not be told again."""
        return f"open:{self.alarms}" if self.is_open else f"{self.state}:{self.alarms}"


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A recording at the call centre: by which cases it is held, or why it cannot be."""

    id: str
    due_at: datetime
    tries: int = 0
    kept: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """The call was put through to somebody else than an emergency line of ours, and what came of it.

    Of a telephone of somebody's own nothing but that it was one is kept.
    """

    to: str
    outcome: Outcome
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Call:
    """Intake's whole view of one call; the walls of its `cases` are its own.

    `caller` finds the same number again without telling it.

    One that goes `out` was made by the desk for a case, so that an emergency line learns of it (E-51).
    """

    id: str
    office: str
    sender: str
    opened_at: datetime
    direction: Literal["in", "out"] = "in"
    mark: NumberMark = "withheld"
    number: Binary | None = None
    number_hash: str = ""
    caller: str = ""
    line: str = ""
    operator: str = ""
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    ending: Ending | None = None
    limited: bool = False
    cases: tuple[str, ...] = ()
    hand_overs: tuple[HandOver, ...] = ()
    recordings: tuple[Recording, ...] = ()
    transfers: tuple[Transfer, ...] = ()

    @property
    def state(self) -> str:
        """Where the call stands."""
        if self.ended_at is not None:
            return "ended"
        return "answered" if self.answered_at is not None else "ringing"

    @property
    def began_at(self) -> datetime:
        """When it rang, or when first was heard of it."""
        return self.rang_at or self.opened_at

    @property
    def minutes(self) -> float:
        """How long it held the line; 0 while it is not over."""
        held = (self.ended_at - self.began_at) if self.ended_at else timedelta(0)
        return max(held / timedelta(minutes=1), 0.0)

    @property
    def waits_for_line(self) -> tuple[HandOver, ...]:
        """The hand-overs that nobody has taken yet (E-52)."""
        return tuple(one for one in self.hand_overs if one.is_open)

    def ref(self) -> CallRef:
        """As a case holds it."""
        return CallRef(id=self.id, line=self.line, number=self.mark)

    def hand_over(self, hand_over: str) -> HandOver:
        """The hand-over under its id."""
        for one in self.hand_overs:
            if one.id == hand_over:
                return one
        raise NoSuchHandOver(f"该通话没有转接 {hand_over}。")

    def with_hand_over(self, changed: HandOver) -> "Call":
        """The call with one hand-over as it is now."""
        kept = tuple(changed if one.id == changed.id else one for one in self.hand_overs)
        return replace(self, hand_overs=kept)

    def with_recording(self, changed: Recording) -> "Call":
        """The call with one recording as it is now."""
        kept = tuple(changed if one.id == changed.id else one for one in self.recordings)
        return replace(self, recordings=kept)


def channel_of(book: Rulebook) -> str:
    """The channel by which calls come in (X-18); NoTelephone where the office has none."""
    if book.telephony.channel is None:
        raise NoTelephone("该机构没有电话渠道，不接听来电。")
    return book.telephony.channel
