"""A person's request for erasure restricts the view."""

from huiyin.chassis.draft import Answer
from huiyin.chassis.steps import Cause
from services.intake.domain import course
from services.intake.domain.redaction import redact
from services.intake.use_cases.house import House
from services.intake.use_cases.views import summary


def restrict(house: House, number: str, why: str, cause: Cause) -> Answer:
    """Restrict the view; told first outside the database, so that no backup lifts it (S0-05, E-35)."""
    house.cases.whole(number, cause.who)
    why = redact(why)
    who, now = cause.who, house.now()
    anchored = {"number": number, "office": who.office, "who": who.subject, "on": now.isoformat()}
    house.base.anchor.write("view-restricted", **anchored, why=why)
    house.base.audit.record("view.restricted", who, number, now, {"why": why})
    told = house.cases.take(number, cause, "restrict", lambda case: course.restrict(case, now), summary)
    house.learning.note({number}, house.base.machine_clock.now())
    return told
