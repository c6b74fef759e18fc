"""What intake hears: every event goes into the journal, some move the case."""

from collections.abc import Callable

from huiyin.chassis.fold import Handler, Heard, existing
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.steps import Outcome
from huiyin.chassis.store import Documents
from huiyin.contracts import events as e
from huiyin.contracts.hearers import heard_by
from services.intake.domain import course, emergency, linking
from services.intake.domain.case import Case
from services.intake.store.likeness import Likenesses
from services.intake.use_cases.issues import settle
from services.intake.use_cases.likeness import alike, known


def handlers(
    base: Foundation, documents: Documents[Case], likenesses: Likenesses
) -> dict[str, Handler[Case]]:
    """Every event intake hears: all go into the journal, some move the case."""

    def followed(case: Case, heard: Heard) -> Outcome[Case]:
        return course.follow(case, heard.event), []

    def acted(case: Case, heard: Heard) -> Outcome[Case]:
        return emergency.read(
            course.follow(case, heard.event), heard.envelope.source, heard.envelope.time
        ), []

    def registered(case: Case, heard: Heard) -> Outcome[Case]:
        # Every case that was registered before is in the store by now: none is missed.
        found = alike(likenesses, known(case), base.rulebooks.version(case.rulebook))
        if case.alike.link is not None:
            settle(documents, base, case, heard.envelope.id)
        return linking.proposed(case, found), []

    def linked(case: Case, heard: Heard) -> Outcome[Case]:
        settle(documents, base, case, heard.envelope.id)
        return case, []

    def echoed(case: Case, heard: Heard) -> Outcome[Case]:
        assert isinstance(heard.event, e.EchoCompleted)
        return course.echoed(case, heard.event, base.office_now())

    def applied(case: Case, heard: Heard) -> Outcome[Case]:
        assert isinstance(heard.event, e.CircleApplied)
        return course.apply_circle(case, heard.envelope.source, heard.event.version), []

    def closed(case: Case, heard: Heard) -> Outcome[Case]:
        assert isinstance(heard.event, e.PartClosed)
        return course.close_part(case, heard.envelope.source, heard.event.count, heard.event.round), []

    def concluded(case: Case, heard: Heard) -> Outcome[Case]:
        # Intake's own last word before the volume: its part is what it said until then.
        assert isinstance(heard.event, e.CaseConcluded)
        return course.close_part(case, "intake", heard.envelope.sequence, heard.event.round), []

    def noting(handler: Callable[[Case, Heard], Outcome[Case]]) -> Callable[[Case, Heard], Outcome[Case]]:
        def handle(case: Case, heard: Heard) -> Outcome[Case]:
            after, events = handler(case, heard)
            said = heard.envelope
            return course.note_late(after, said.source, said.sequence, base.office_now()), events

        return handle

    moving = {
        # Somebody who acts on a case has read it (E-51).
        **dict.fromkeys(("instruction.given", "order.accepted", "order.returned"), acted),
        "case.registered": registered,
        "case.linked": linked,
        "echo.completed": echoed,
        "part.closed": closed,
        "case.concluded": concluded,
        "circle.applied": applied,
    }
    heard_types = (t for types in heard_by("intake").values() for t in types)
    return {event_type: existing(noting(moving.get(event_type, followed))) for event_type in heard_types}
