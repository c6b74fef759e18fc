"""What intake hears: every event goes into the journal, some move the case."""

from huiyin.chassis.fold import Handler, Heard, existing
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.steps import Outcome
from huiyin.contracts import events as e
from huiyin.contracts.hearers import heard_by
from services.intake.domain import course
from services.intake.domain.case import Case


def handlers(base: Foundation) -> dict[str, Handler[Case]]:
    """Every event intake hears: all go into the journal, some move the case."""

    def followed(case: Case, heard: Heard) -> Outcome[Case]:
        return course.follow(case, heard.event), []

    def echoed(case: Case, heard: Heard) -> Outcome[Case]:
        assert isinstance(heard.event, e.EchoCompleted)
        return course.echoed(case, heard.event, base.office_now())

    def applied(case: Case, heard: Heard) -> Outcome[Case]:
        assert isinstance(heard.event, e.CircleApplied)
        return course.apply_circle(case, heard.envelope.source, heard.event.version), []

    def closed(case: Case, heard: Heard) -> Outcome[Case]:
        assert isinstance(heard.event, e.PartClosed)
        return course.close_part(case, heard.envelope.source, heard.event.count), []

    def concluded(case: Case, heard: Heard) -> Outcome[Case]:
        # Intake's own last word before the volume: its part is what it said until then.
        return course.close_part(case, "intake", heard.envelope.sequence), []

    moving = {
        "echo.completed": echoed,
        "part.closed": closed,
        "case.concluded": concluded,
        "circle.applied": applied,
    }
    heard_types = (t for types in heard_by("intake").values() for t in types)
    return {event_type: existing(moving.get(event_type, followed)) for event_type in heard_types}
