"""Handing a caller over to 110, 119, 120 or 122 (S3-46): asked, ringing, taken; never given up by itself.

A request is no hand-over: only the line's own answer is. While nobody answers, the line is rung again
and leaders are alarmed (E-53); whoever took the call stays on the line (E-52).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bson import Binary

from huiyin.chassis.rulebook import Rulebook
from services.intake.domain.calls import Call, HandOver, HandOverState, Outcome
from services.intake.domain.terms import length
from services.intake.errors import AlreadySettled, NoSuchLine, StayOnTheLine

#: So long at most until the call centre itself is tried again.
_AWAY_AT_MOST_S: Final = 30


def ask(
    call: Call, line: str, words: Binary, where: tuple[str, Binary], by: str, at: datetime, book: Rulebook
) -> Call:
    """Have a line take over; no gate is asked, whoever the caller is (E-47, E-50). One request a line."""
    if line not in book.emergency.lines:
        raise NoSuchLine(f"本机构不向 {line} 转接；可用：{'、'.join(book.emergency.lines)}", {"line": line})
    if any(one.line == line for one in call.waits_for_line):
        return call
    area, place = where
    asked = HandOver(
        id=f"h{len(call.hand_overs) + 1}",
        line=line,
        asked_by=by,
        asked_at=at,
        words=words,
        area=area,
        place=place,
        due_at=at,
        case=call.cases[0] if call.direction == "out" else "",
    )
    return replace(call, hand_overs=(*call.hand_overs, asked))


def reference(call: Call, one: HandOver) -> str:
    """What the call centre knows this attempt by."""
    return f"{call.id}.{one.id}.{one.attempts}"


def call_of(given: str) -> str:
    """The call that a reference is of."""
    return given.partition(".")[0]


def is_of(call: Call, one: HandOver, given: str) -> bool:
    """Whether a reference is of one of this hand-over's attempts."""
    return given.rpartition(".")[0] == f"{call.id}.{one.id}"


def sent(one: HandOver, attempt: int, at: datetime, book: Rulebook) -> HandOver:
    """The call centre rings the line; silence counts as no answer after a while.

    The line's answer may come before this is saved: then the attempt is over already.
    """
    if one.state != "asked" or one.attempts != attempt:
        return one
    return replace(one, state="ringing", due_at=at + length(book.emergency.answer_within))


def away(one: HandOver, attempt: int, at: datetime) -> HandOver:
    """The call centre itself did not answer: leaders are told at once, and it is tried again (E-53)."""
    if one.state != "asked" or one.attempts != attempt:
        return one
    later = timedelta(seconds=min(2**one.away, _AWAY_AT_MOST_S))
    return replace(one, away=one.away + 1, alarms=max(one.alarms, 1), due_at=at + later)


def answered(
    call: Call, one: HandOver, given: str, outcome: Outcome, at: datetime, book: Rulebook
) -> HandOver:
    """What the line did. That it took over counts whenever it comes; that it did not, for this attempt."""
    if not one.is_open:
        return one
    if outcome == "taken":
        return replace(one, state="taken", settled_at=at, settled_by=f"line:{one.line}", due_at=None)
    if given != reference(call, one):
        return one
    return sent(one, one.attempts, at, book) if outcome == "ringing" else unanswered(one, at, book)


def unanswered(one: HandOver, at: datetime, book: Rulebook) -> HandOver:
    """Nobody came: the line is rung again, at once at first, and leaders are alarmed (E-53).

    They are alarmed by the first silence, and once more when the office's number of attempts is reached.
    """
    early = one.attempts < book.emergency.rings
    again = at if early else at + length(book.emergency.answer_within)
    alarms = 1 if early else 2
    return replace(
        one, state="asked", attempts=one.attempts + 1, alarms=max(one.alarms, alarms), due_at=again
    )


def settle(one: HandOver, taken: bool, how: Binary, by: str, at: datetime) -> HandOver:
    """A person says how it ended: reached by other means, or needed no more."""
    if not one.is_open:
        raise AlreadySettled(f"转接 {one.line} 已有结果，不能再次登记。")
    state: HandOverState = "taken" if taken else "not_taken"
    return replace(one, state=state, settled_at=at, settled_by=by, how=how, due_at=None)


def require_taken(call: Call) -> None:
    """S3-46, E-52: whoever is in danger is not let go before somebody has taken over."""
    lines = "、".join(one.line for one in call.waits_for_line)
    if lines:
        raise StayOnTheLine(
            f"{lines} 尚未接管，请保持通话，安抚来电人，接通后再登记。已用其他方式接通的，请登记转接结果。"
        )
