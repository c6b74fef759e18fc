"""What the other services ask: one contact, or a text freed of identity."""

from datetime import timedelta
from typing import Final

from huiyin.chassis.askers import open_sealed, seal_for
from huiyin.chassis.steps import Actor, machine
from services.intake.domain import quoting
from services.intake.domain.parties import reach
from services.intake.domain.progress_links import TEMPLATE
from services.intake.domain.redaction import redact
from services.intake.store.knowledge import staff_only
from services.intake.use_cases.house import House
from services.intake.use_cases.known import known_of
from services.intake.use_cases.progress import link_of

_CONTACT_HOLDS: Final = timedelta(minutes=10)


def contact(
    house: House,
    *,
    number: str,
    party: str,
    purpose: str,
    request: str,
    asker: str,
    who: Actor | None = None,
) -> str:
    """One contact of one party for one purpose, sealed to the asker's key, recorded first.

    A person gets it only of a case that is open to them as a whole (E-72), by the true circle: the asker
    may not have heard yet whom it shuts out.
    """
    case = (house.cases.get(number) if who is None else house.cases.whole(number, who)).state
    case.require_open()
    granted = f"{asker}:{number}:{party}:{purpose}:{request}"
    now = house.base.machine_clock.now()
    earlier = house.contacts.given(granted, now)
    if earlier is not None:
        return earlier
    identity = house.base.sealer.open(case.party(party).identity)
    # What reaches a person; work unit and occupation never leave with a contact.
    given = reach(identity)
    if purpose == f"deliver:{TEMPLATE}":  # the link goes with it: no event and no store holds one
        given["link"] = link_of(house, number, party)
    sealed = seal_for(house.askers, asker, given)
    detail = {"party": party, "purpose": purpose, "request": request}
    house.base.audit.record("contact", machine(asker, case.office), number, house.now(), detail)
    house.contacts.give(granted, sealed, now + _CONTACT_HOLDS)
    return sealed


def redacted(house: House, *, number: str, sealed: str) -> str:
    """A text that came sealed, freed of identity, and of the words of guidance for staff only (E-128)."""
    text: str = open_sealed(house.key, sealed)["text"]
    case = house.cases.get(number).state
    cut = quoting.cut(text, staff_only(house.entries, case.office), ())
    return redact(cut, known_of(house, case))
