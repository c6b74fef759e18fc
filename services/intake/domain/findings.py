"""What a person found of a complaint's truth, and what an interested person consents to."""

from dataclasses import replace
from datetime import datetime

from huiyin.contracts.events import ConsentGiven, Event, FabricationFound
from services.intake.domain.case import Case
from services.intake.domain.notes import Finding
from services.intake.errors import NotInterested

Outcome = tuple[Case, list[Event]]


def find(case: Case, finding: Finding) -> Outcome:
    """A finding is a person's, and stands beside the case: nothing follows by itself (S1-32, E-32)."""
    said = FabricationFound(finding=finding.id, what=finding.what, found_at=finding.at)
    return replace(case, findings=(*case.findings, finding)), [said]


def consent_to_press(case: Case, party_id: str, consents: bool) -> Outcome:
    """A party consents that the press learns who they are, or no more; nobody is told by that (E-83)."""
    asked = replace(case.party(party_id), consents_to_press=consents)
    return replace(case, parties=tuple(asked if p.id == party_id else p for p in case.parties)), []


def consent(case: Case, party_id: str, at: datetime) -> Outcome:
    """The interested person consents: the result may go to who reported for them (E-27)."""
    party = case.party(party_id)
    if party.role != "interested":
        raise NotInterested("只有利害关系人可以同意向代为反映的人告知结果。")
    if party.consents:
        return case, []
    consenting = replace(party, consents=True)
    after = replace(case, parties=tuple(consenting if p.id == party_id else p for p in case.parties))
    everybody = all(p.consents for p in after.parties if p.role == "interested")
    told = [p.id for p in after.parties if p.role in ("complainant", "representative")] if everybody else []
    return after, [ConsentGiven(party=party_id, told=tuple(told), given_at=at)]
