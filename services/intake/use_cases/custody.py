"""A person's request for erasure: the view is restricted, and stays so after a restore."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pymongo.database import Database

from huiyin.chassis.draft import Answer
from huiyin.chassis.mongo import Doc
from huiyin.chassis.steps import Actor, Cause
from services.intake.domain import course
from services.intake.store import cases_outside
from services.intake.use_cases.house import House
from services.intake.use_cases.views import summary


def restrict(house: House, number: str, why: str, cause: Cause) -> Answer:
    """Restrict the view; told first outside the database, so that no backup lifts it (S0-05, E-35)."""
    house.cases.of_office(number, cause.who.office)
    who, now = cause.who, house.now()
    anchored = {"number": number, "office": who.office, "who": who.subject, "on": now.isoformat()}
    house.base.anchor.write("view-restricted", **anchored, why=why)
    house.base.audit.record("view.restricted", who, number, now, {"why": why})
    return house.cases.take(number, cause, "restrict", lambda case: course.restrict(case, now), summary)


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
