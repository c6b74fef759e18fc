"""What people find of a complaint's truth, and to what interested persons consent (S1-32, E-27, E-32)."""

from collections.abc import Mapping
from typing import Any

from huiyin.chassis.draft import Answer
from huiyin.chassis.steps import Actor, Cause
from services.intake.domain import findings
from services.intake.domain.case import Case
from services.intake.domain.notes import Finding, Found
from services.intake.domain.redaction import redact
from services.intake.use_cases.house import House
from services.intake.use_cases.known import known_of


def find(house: House, number: str, what: Found, grounds: str, cause: Cause) -> Answer:
    """A person finds that a name or facts were made up; the grounds are kept freed of names."""
    now = house.now()

    def decide(case: Case) -> findings.Outcome:
        finding = Finding(
            id=f"v{len(case.findings) + 1}",
            what=what,
            grounds=redact(grounds, known_of(house, case)),
            by=cause.who.subject,
            at=now,
        )
        return findings.find(case, finding)

    return house.cases.take(
        number,
        cause,
        "find-fabrication",
        decide,
        lambda case: {"findings": [_told(f) for f in case.findings]},
    )


def listed(house: House, number: str, who: Actor) -> list[Mapping[str, Any]]:
    """The findings of a case."""
    return [_told(one) for one in house.cases.whole(number, who).state.findings]


def consent(house: House, number: str, party: str, cause: Cause) -> Answer:
    """An interested person consents that the result goes to who reported for them (E-27)."""
    now = house.now()
    return house.cases.take(
        number,
        cause,
        "consent",
        lambda case: findings.consent(case, party, now),
        lambda case: {"party": party, "consents": case.party(party).consents},
    )


def consent_to_press(house: House, number: str, party: str, consents: bool, cause: Cause) -> Answer:
    """A party consents that the press learns who it is, or withdraws that (E-83)."""
    return house.cases.take(
        number,
        cause,
        "consent-to-press",
        lambda case: findings.consent_to_press(case, party, consents),
        lambda case: {"party": party, "consents_to_press": case.party(party).consents_to_press},
    )


def _told(one: Finding) -> dict[str, Any]:
    return {"id": one.id, "what": one.what, "grounds": one.grounds, "by": one.by, "at": one.at.isoformat()}
