"""Somebody comes again with the same matter: what the office does with it (X-10, E-36, E-38, E-39)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import Claim, Event, MessageRequested
from services.intake.domain.case import Case, Party

#: `dispatch` as any other; `tell` progress or result, no second dispatch; `review` of the result.
Treatment = Literal["dispatch", "tell", "review"]


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """What an operator registers of a repeat: of which case, what the person says of it, and why."""

    number: str
    claim: Claim
    why: str


def treatment(claim: Claim, earlier: Case, book: Rulebook) -> Treatment:
    """What becomes of a repeat by the office's `repeat.policy` (X-10).

    - Who is not satisfied with the result is no mere repeat: the result is reviewed (E-39).
    - New circumstances or reasons lead to an order of their own, where the office has it so (E-38).
    - `tell_result`: progress or result is told, there is no second dispatch (S3-48).
    - `special`: it is dispatched, with the mark of a repeat visit (S2-66).
    - `link`: one dispatch while the first is under way (E-36); afterwards the rules are silent.
    """
    if claim == "dissatisfied":
        return "review"
    if claim == "new_facts" and book.repeat.new_facts_reopen:
        return "dispatch"
    if book.repeat.policy == "special":
        return "dispatch"
    under_way = earlier.outcome is None
    return "tell" if book.repeat.policy == "tell_result" or under_way else "dispatch"


def marks(flags: Sequence[str], book: Rulebook) -> tuple[str, ...]:
    """The flags of a repeat: special where the office raises it (S2-66, X-10)."""
    raised = (book.repeat.flag,) if book.repeat.flag else ()
    return tuple(dict.fromkeys((*flags, *raised)))


def told(case: Case, earlier: Case) -> list[Event]:
    """The same person is told how the matter stands: in progress, or finished (S3-48).

    Only who is known for the same person by telephone or by name and address: progress is not told to
    strangers, whatever an operator took them for. The earlier number is not said: whoever reads this case's
    journal need not know of the other.
    """
    known = frozenset[str]().union(*(_found_by(party) for party in earlier.parties))
    template = "repeat_in_progress" if earlier.outcome is None else "repeat_finished"
    return [
        MessageRequested(
            message=f"repeat-told:{party.id}",
            template=template,
            addressee_kind="party",
            addressee=party.id,
        )
        for party in case.parties
        if party.role == "complainant" and party.media and not _found_by(party).isdisjoint(known)
    ]


def _found_by(party: Party) -> frozenset[str]:
    return frozenset(mark for mark in (party.phone_hash, party.person_hash) if mark)
