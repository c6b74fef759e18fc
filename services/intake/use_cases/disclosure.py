"""Asking for an identity, granting it for a time, opening it: every act a step, and each of them a row."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bson import Binary

from huiyin.chassis.draft import Answer
from huiyin.chassis.errors import KeyDestroyed, NotFound, no_such
from huiyin.chassis.sight import untouched_by
from huiyin.chassis.steps import Actor, Cause
from services.intake.domain import disclosure
from services.intake.domain.case import Case, IdentityRequest
from services.intake.domain.disclosure import Outcome
from services.intake.store.orders import OLDEST_FIRST
from services.intake.use_cases.house import House


def ask(house: House, number: str, party: str | None, reason: str, for_press: bool, cause: Cause) -> Answer:
    """A member of staff asks for who complained; the answer is the same whatever the case holds."""
    who, now = cause.who, house.now()
    request = IdentityRequest(
        id=cause.id[:16],
        asker=who.subject,
        role=who.role,
        party=party,
        reason=_sealed(house, who, reason),
        asked_at=now,
        for_press=for_press,
    )
    return house.cases.take(
        number,
        cause,
        "ask-identity",
        _on_record(house, cause, request.id, lambda case: disclosure.ask(case, request)),
        lambda _: {"id": request.id, "state": "asked"},
    )


def grant(
    house: House,
    number: str,
    request: str,
    until: datetime | None,
    hours: int | None,
    note: str,
    cause: Cause,
) -> Answer:
    """A custodian grants a request until a moment, or for so many hours from now."""
    now, who = house.now(), cause.who
    end = until if until is not None else now + timedelta(hours=hours or 0)
    words = _sealed(house, who, note)

    def decide(case: Case) -> Outcome:
        return disclosure.grant(case, request, who.subject, end, words, now)

    return house.cases.take(
        number,
        cause,
        "grant-identity",
        _on_record(house, cause, request, decide),
        lambda _: {"id": request, "state": "granted", "until": end.isoformat()},
    )


def refuse(house: House, number: str, request: str, note: str, cause: Cause) -> Answer:
    """A custodian refuses a request."""
    now, who = house.now(), cause.who
    words = _sealed(house, who, note)

    def decide(case: Case) -> Outcome:
        return disclosure.refuse(case, request, who.subject, words, now)

    return house.cases.take(
        number,
        cause,
        "refuse-identity",
        _on_record(house, cause, request, decide),
        lambda _: {"id": request, "state": "refused"},
    )


def pending(house: House, who: Actor, skip: int, limit: int) -> list[Mapping[str, Any]]:
    """The requests of the office that wait for a custodian, of the oldest cases first; a page of cases."""
    query = {**untouched_by(who), "identity_asked": True}
    found = house.cases.find(query, sort=OLDEST_FIRST, skip=skip, limit=limit)
    return [
        _told(house, record.state, r) for record in found for r in record.state.requests if r.state == "asked"
    ]


def read(house: House, number: str, who: Actor) -> Mapping[str, Any]:
    """The identity as far as it is granted to this person now; recorded before the answer leaves."""
    now = house.now()
    try:
        case = house.cases.whole(number, who).state
        held, parties = disclosure.opened(case, who.subject, now)
    except NotFound:  # a missing case, a hidden one and one that is not granted look alike
        raise no_such(number) from None
    told = [{"id": p.id, "role": p.role, "identity": house.base.sealer.open(p.identity)} for p in parties]
    detail = {"requests": [r.id for r in held], "parties": [p.id for p in parties]}
    house.base.audit.record("identity.read", who, number, now, detail)
    until = max(r.until for r in held if r.until is not None)
    return {"number": number, "until": until.isoformat(), "parties": told}


def _on_record(
    house: House, cause: Cause, request: str, decide: Callable[[Case], Outcome]
) -> Callable[[Case], Outcome]:
    """The same act, with its row kept before it: none without a row; one that is refused leaves none.

    An act that lost a race is decided again: its first row stays, whatever is decided then.
    """

    def recorded(case: Case) -> Outcome:
        changed, said = decide(case)
        (acted,) = (r for r in changed.requests if r.id == request)
        what, facts = f"identity.{acted.state}", _recorded(acted)
        house.base.audit.record(what, cause.who, case.number, house.now(), facts)
        return changed, said

    return recorded


def _recorded(request: IdentityRequest) -> Mapping[str, Any]:
    """Whose request of which party, and until when it is granted; without the words."""
    facts = {"request": request.id, "asker": request.asker, "party": request.party}
    purpose = {"for_press": True} if request.for_press else {}
    return {**facts, **purpose, **({"until": request.until.isoformat()} if request.until else {})}


def _told(house: House, case: Case, request: IdentityRequest) -> Mapping[str, Any]:
    return {
        "number": case.number,
        "id": request.id,
        "asker": request.asker,
        "role": request.role,
        "party": request.party,
        "reason": _reason(house, request),
        "for_press": request.for_press,
        "asked_at": request.asked_at.isoformat(),
    }


def _reason(house: House, request: IdentityRequest) -> str | None:
    """None when its month's key is destroyed: the rest of the list is shown all the same."""
    try:
        return str(house.base.sealer.open(request.reason))
    except KeyDestroyed:
        return None


def _sealed(house: House, who: Actor, words: str) -> Binary:
    return house.base.sealer.seal(who.office, f"{house.now():%Y-%m}", words)
