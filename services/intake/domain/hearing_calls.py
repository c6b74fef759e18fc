"""What the call centre tells of a call: each word sets its own facts, so that order does not matter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from bson import Binary

from huiyin.chassis.rulebook import Rulebook
from services.intake.domain import hand_over
from services.intake.domain.calls import Call, Ending, Outcome, Recording, Transfer
from services.intake.domain.danger import NumberMark

Word = Literal["ringing", "answered", "transferred", "ended", "recording_ready"]


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One word of the call centre as it was sent; `number` is in the clear here and nowhere after."""

    word: Word
    call: str
    at: datetime | None
    number: str = ""
    mark: NumberMark | None = None
    line: str = ""
    operator: str = ""
    reference: str = ""
    to: str = ""
    outcome: Outcome = "ringing"
    ending: Ending = "ended"
    recording: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One word of the call centre; what is not of its kind is empty. The number is sealed already."""

    word: Word
    at: datetime
    mark: NumberMark = "withheld"
    number: Binary | None = None
    number_hash: str = ""
    caller: str = ""
    line: str = ""
    operator: str = ""
    limited: bool = False
    reference: str = ""
    to: str = ""
    outcome: Outcome = "ringing"
    ending: Ending = "ended"
    recording: str = ""


def hear(call: Call, told: Told, book: Rulebook) -> tuple[Call, list[None]]:
    """The call with what was told of it; nothing that was told is dropped, however late it comes."""
    return _WORDS[told.word](call, told, book), []


def _ringing(call: Call, told: Told, _: Rulebook) -> Call:
    """S0-02: the number of every call is kept; E-25: a withheld one, or a switchboard's, is marked so.

    S3-05, S4-07: the originating line is kept.
    """
    return replace(
        call,
        rang_at=told.at,
        mark=told.mark,
        number=told.number,
        number_hash=told.number_hash,
        caller=told.caller,
        line=told.line,
        limited=told.limited,
        operator=call.operator or told.operator,
    )


def _answered(call: Call, told: Told, _: Rulebook) -> Call:
    return replace(call, answered_at=told.at, operator=told.operator or call.operator)


def _transferred(call: Call, told: Told, book: Rulebook) -> Call:
    for one in call.hand_overs:
        if hand_over.is_of(call, one, told.reference):
            return call.with_hand_over(
                hand_over.answered(call, one, told.reference, told.outcome, told.at, book)
            )
    return replace(call, transfers=(*call.transfers, Transfer(to=told.to, outcome=told.outcome, at=told.at)))


def _ended(call: Call, told: Told, _: Rulebook) -> Call:
    return replace(call, ended_at=told.at, ending=told.ending)


def _recorded(call: Call, told: Told, _: Rulebook) -> Call:
    """S3-35: the recording is to be kept with the text."""
    if any(one.id == told.recording for one in call.recordings):
        return call
    return replace(call, recordings=(*call.recordings, Recording(id=told.recording, due_at=told.at)))


_WORDS: Final[Mapping[Word, Callable[[Call, Told, Rulebook], Call]]] = {
    "ringing": _ringing,
    "answered": _answered,
    "transferred": _transferred,
    "ended": _ended,
    "recording_ready": _recorded,
}
WORDS: Final = tuple(_WORDS)
