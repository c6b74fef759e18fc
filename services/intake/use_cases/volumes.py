"""Seals the volumes whose every part was closed and whose every row is there."""

from typing import Final

from huiyin.chassis.steps import Cause, machine
from services.intake.domain import course, volume
from services.intake.domain.case import Case
from services.intake.use_cases.house import House

_SEALED_AT_ONCE: Final = 50


def seal_volumes(house: House) -> int:
    """Seal the volumes whose every part was closed and whose every row is there."""
    found = house.cases.find({"sealable": True}, limit=_SEALED_AT_ONCE)
    return sum(_seal_volume(house, record.state) for record in found)


def _seal_volume(house: House, case: Case) -> bool:
    rows = house.journal.of(case.number)
    if volume.missing(rows, case.closed):
        return False
    chained = volume.chain(rows, case.closed)
    house.volumes.bind(case.number, 1, chained.contents, chained.head)
    cause = Cause(
        id=f"seal:{case.number}:1", kind="clock", who=machine("intake", case.office), correlation=case.number
    )
    house.cases.take(
        case.number, cause, "seal", lambda c: course.seal(c, len(chained.contents), chained.head)
    )
    return True
