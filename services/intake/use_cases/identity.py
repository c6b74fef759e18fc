"""Opening who complained: the custodian's act, recorded before the answer leaves (house rule 2)."""

from collections.abc import Mapping
from typing import Any

from huiyin.chassis.steps import Actor
from services.intake.domain.redaction import redact
from services.intake.use_cases.house import House


def open_identity(house: House, number: str, reason: str, who: Actor) -> Mapping[str, Any]:
    """Each party with what it gave of itself, and what that was before each correction, first to last.

    An audit row says who opened it, and why, freed of names.
    """
    case = house.cases.whole(number, who).state
    case.require_open()
    parties = [
        {
            "id": party.id,
            "role": party.role,
            "anonymous": party.anonymous,
            "identity": house.base.sealer.open(party.identity),
            "former": [house.base.sealer.open(before) for before in party.former],
        }
        for party in case.parties
    ]
    given = [value for party in parties for value in party["identity"].values()]
    detail = {"reason": redact(reason.strip(), given), "parties": [party.id for party in case.parties]}
    house.base.audit.record("identity.opened", who, number, house.now(), detail)
    arrival = case.arrival.sealed
    return {
        "number": number,
        "parties": parties,
        "arrival": house.base.sealer.open(arrival) if arrival else {},
    }
