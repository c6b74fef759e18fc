"""Seals the volumes whose every part was closed and whose every row is there."""

import logging
from typing import Final

from huiyin.chassis.draft import Record
from huiyin.chassis.mongo import STORE_AWAY
from huiyin.chassis.steps import Cause, machine
from services.intake.domain import course, volume
from services.intake.domain.case import Case
from services.intake.use_cases.house import House

_log = logging.getLogger(__name__)

_SEALED_AT_ONCE: Final = 50


def seal_volumes(house: House) -> None:
    """Seal the volumes that are complete; one that fails is told and does not stop the others."""
    for record in house.cases.find({"sealable": True}, limit=_SEALED_AT_ONCE):
        try:
            _seal_volume(house, record)
        except STORE_AWAY:
            raise
        except Exception:  # noqa: BLE001 - the other cases' volumes must be sealed all the same
            _log.exception("a volume could not be sealed", extra={"case": record.key})


def _seal_volume(house: House, record: Record[Case]) -> None:
    number, closed = record.key, record.state.closed
    rows = house.journal.of(number)
    if volume.missing(rows, closed):
        return
    chained = volume.chain(rows, closed)
    house.volumes.bind(number, 1, chained.contents, chained.head)
    who = machine("intake", record.office)
    cause = Cause(id=f"seal:{number}:1", kind="clock", who=who, correlation=record.correlation)
    house.cases.take(number, cause, "seal", lambda c: course.seal(c, len(chained.contents), chained.head))
