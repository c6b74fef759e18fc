"""What a restore does again in a store that was put back, before any process of intake starts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pymongo.database import Database

from huiyin.chassis.mongo import Doc
from huiyin.chassis.steps import Actor, Cause
from services.intake.domain import course
from services.intake.store.cases import cases_outside


def restrict_again(database: Database[Doc], anchored: Mapping[str, Any]) -> bool:
    """Take the step again in a store that a restore put back; False when the case is not there."""
    at = datetime.fromisoformat(anchored["on"])
    cases = cases_outside(database, at)
    record = cases.look(anchored["number"])
    if record is None:
        return False
    if record.state.restricted_at is None:
        who = Actor(subject=anchored["who"], role="custodian", office=anchored["office"])
        cause = Cause(
            id=f"restored:restrict:{record.key}", kind="clock", who=who, correlation=record.correlation
        )
        cases.take(record.key, cause, "restrict", lambda case: course.restrict(case, at))
    return True
