"""What supervision hears: every event and the rule that answers it."""

from typing import Final

from huiyin.chassis.calendar import WorkingCalendar
from huiyin.chassis.fold import Handler, Heard, existing
from huiyin.chassis.foundation import Foundation
from huiyin.contracts import events as e
from services.supervision.domain import cases, clocks, doubts, incidents
from services.supervision.domain.dates import Rules
from services.supervision.domain.supervision import Decided, Supervision

#: What is demanded of a unit whose archived case was opened again; why, intake holds.
_AGAIN: Final = "该诉求归档后重新办理，请按登记的情况再次办理并答复。"


def handlers(base: Foundation, calendar: WorkingCalendar, mark: str) -> dict[str, Handler[Supervision]]:
    """Every event supervision hears and the rule that answers it; early ones raise NotYet."""

    def rules(supervision: Supervision) -> Rules:
        return Rules(base.rulebooks.version(supervision.rulebook), calendar)

    def registered(supervision: Supervision | None, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.CaseRegistered)
        if supervision is not None:
            return supervision, []
        book = base.rulebooks.version(heard.event.rulebook)  # NotYet while the version is missing
        envelope = heard.envelope
        return cases.open_supervision(heard.event, envelope.subject, envelope.office, mark, book)

    def encircled(supervision: Supervision, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.CircleChanged)
        return cases.change_circle(supervision, heard.event)

    def endangered(supervision: Supervision, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.EmergencyRaised)
        return cases.endanger(supervision, heard.event, heard.envelope.sequence)

    def concluded(supervision: Supervision, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.CaseConcluded)
        return cases.conclude(supervision, heard.event, heard.said, base.office_now())

    def reclassified(supervision: Supervision, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.CaseReclassified)
        return cases.reclassify(supervision, heard.event, heard.envelope.sequence, rules(supervision))

    def reopened(supervision: Supervision, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.CaseReopened)
        if not heard.event.again:
            return cases.reopen(supervision, heard.event)
        now = base.office_now()
        words = base.sealer.seal(supervision.office, f"{now:%Y-%m}", _AGAIN)
        demand = doubts.Demand(words, "intake", None)
        return doubts.reopen(supervision, heard.event, demand, rules(supervision), now)

    def dispatched(supervision: Supervision, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.OrderDispatched)
        return clocks.dispatched(supervision, heard.event, rules(supervision))

    def accepted(supervision: Supervision, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.OrderAccepted)
        return clocks.accepted(supervision, heard.event, rules(supervision))

    def returned(supervision: Supervision, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.OrderReturned)
        return clocks.ended(supervision, heard.event, "returned", base.office_now())

    def recalled(supervision: Supervision, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.OrderRecalled)
        return clocks.ended(supervision, heard.event, "recalled", base.office_now())

    def replied(supervision: Supervision, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.ReplySubmitted)
        return clocks.replied(supervision, heard.event, base.office_now())

    def evaluated(supervision: Supervision, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.EvaluationRecorded)
        return cases.evaluated(supervision, heard.event)

    def dissatisfied(supervision: Supervision, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.EvaluationDissatisfied)
        sequence = heard.envelope.sequence
        return doubts.doubt(supervision, heard.event, sequence, rules(supervision), base.office_now())

    def grew(supervision: Supervision, heard: Heard) -> Decided:
        assert isinstance(heard.event, e.IncidentGrew)
        return incidents.grew(supervision, heard.event, rules(supervision).book)

    return {
        "case.registered": registered,
        "case.concluded": existing(concluded),
        "case.reclassified": existing(reclassified),
        "case.reopened": existing(reopened),
        "circle.changed": existing(encircled),
        "emergency.raised": existing(endangered),
        "incident.grew": existing(grew),
        "order.dispatched": existing(dispatched),
        "order.accepted": existing(accepted),
        "order.returned": existing(returned),
        "order.recalled": existing(recalled),
        "reply.submitted": existing(replied),
        "evaluation.recorded": existing(evaluated),
        "evaluation.dissatisfied": existing(dissatisfied),
    }
