"""When a call needs something to be done that nobody asks for: the index under which workers find it."""

from collections.abc import Iterator
from datetime import datetime

from huiyin.chassis.rulebook import Rulebook
from services.intake.domain.calls import Call
from services.intake.domain.terms import length


def due_at(call: Call, book: Rulebook) -> datetime | None:
    """The earliest moment; nothing when all is done."""
    return min(_moments(call, book), default=None)


def unregistered_at(call: Call, book: Rulebook) -> datetime | None:
    """E-41: when a call that ended without a registration is registered by itself."""
    if call.ended_at is None or call.cases or call.hand_overs:
        return None
    return call.ended_at + length(book.telephony.unregistered_after)


def _moments(call: Call, book: Rulebook) -> Iterator[datetime]:
    for one in call.hand_overs:
        if one.mark != one.told:
            yield one.asked_at
        if one.is_open and one.due_at is not None:
            yield one.due_at
    unregistered = unregistered_at(call, book)
    if unregistered is not None:
        yield unregistered
    for recording in call.recordings:
        if not recording.refused and set(call.cases) - set(recording.kept):
            yield recording.due_at
