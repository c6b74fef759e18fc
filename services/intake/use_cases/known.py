"""What the redactor must cut of a case: every value its parties ever gave of themselves (E-79)."""

from services.intake.domain.case import Case
from services.intake.use_cases.house import House


def known_of(house: House, case: Case) -> list[str]:
    """The values of all parties as they are, and as they were before a correction (E-35)."""
    versions = (version for party in case.parties for version in (*party.former, party.identity))
    return [value for version in versions for value in house.base.sealer.open(version).values()]
