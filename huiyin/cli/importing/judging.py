"""Judges rows by the rules intake itself goes by, without a platform."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.rulebook import OfficeFolder
from huiyin.chassis.rulebook.schema import flatten
from huiyin.cli.importing.keys import Keyed
from huiyin.cli.importing.kinds import RUNNING, Kind
from huiyin.cli.importing.sending import Done, reasons
from huiyin.cli.local import CLOCK_FILE
from huiyin.rows import Map
from services.intake.domain.checking import check
from services.intake.errors import NotAsRuled
from services.intake.schemas.taking import Registration, Takeover, form_of


def judge(kind: Kind, by: Map, folder: OfficeFolder, local: Path) -> Callable[[Keyed], Done]:
    """Says of a row whether intake would take it; at the local platform's time, if there is one."""
    shape = (Takeover if kind is RUNNING else Registration)()
    now = _now(local)

    def judged(keyed: Keyed) -> Done:
        row = keyed.row
        if row.problems:
            return Done(row, "bad", why=row.problems)
        try:
            body: dict[str, Any] = shape.load(kind.body(row))
            check(form_of(body, now), folder, now, registrar="")
        except ValidationError as unfit:
            return Done(row, "bad", why=reasons(flatten(unfit.messages_dict), by))
        except NotAsRuled as refused:
            return Done(row, "bad", why=reasons(refused.fields, by))
        return Done(row, "good")

    return judged


def _now(local: Path) -> datetime:
    clock = local / CLOCK_FILE
    return SimulatedOfficeClock(clock).now() if clock.exists() else datetime.now(UTC)
