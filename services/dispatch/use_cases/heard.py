"""Every event dispatch hears, and the rule that answers it."""

from huiyin.chassis.fold import Handler, Heard, existing
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.steps import Outcome
from huiyin.contracts import events as e
from services.dispatch.domain import circle, gate, opening, orders, resorting
from services.dispatch.domain.handling import Handling
from services.dispatch.domain.rules import rules_at
from services.dispatch.use_cases.ruling import rules


def handlers(base: Foundation) -> dict[str, Handler[Handling]]:
    """Every event dispatch hears and the rule that answers it."""

    def registered(handling: Handling | None, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.CaseRegistered)
        book = base.rulebooks.version(heard.event.rulebook)
        by = rules_at(book, base.rulebooks.office(heard.envelope.office), base.office_now())
        return opening.open_handling(heard.event, heard.envelope.subject, by, base.office_now())

    def concluded(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.CaseConcluded)
        return orders.conclude(handling, heard.event, heard.said, base.office_now())

    def reclassified(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.CaseReclassified)
        return resorting.reclassify(handling, heard.event, rules(base, handling), base.office_now())

    def reopened(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.CaseReopened)
        return resorting.reopen(handling, heard.event, rules(base, handling), base.office_now())

    def encircled(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.CircleChanged)
        return circle.change_circle(handling, heard.event, rules(base, handling), base.office_now())

    def endangered(handling: Handling, _heard: Heard) -> Outcome[Handling]:
        return gate.open_for_danger(handling, rules(base, handling), base.office_now())

    def approved(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.ReplyApproved)
        return orders.approve(handling, heard.event, base.office_now())

    def returned(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.ReplyReturned)
        return orders.send_back(handling, heard.event)

    def raised(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.RoundRaised)
        if not heard.event.orders:
            return opening.begin_after_review(handling, heard.event, rules(base, handling), base.office_now())
        return orders.reopen(handling, heard.event, rules(base, handling), base.office_now())

    def deadline(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.DeadlineSet)
        return orders.set_deadline(handling, heard.event, heard.envelope.sequence)

    def slip(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.OrderUrged | e.SupervisionIssued)
        return orders.note_slip(handling, heard.event.order, heard.event.slip)

    def withdrawn(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.SlipWithdrawn)
        return orders.note_slip(handling, heard.event.order, heard.event.notice)

    def corrected(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.MatterCorrected)
        return opening.correct(handling, heard.event), []

    def noted(handling: Handling, _heard: Heard) -> Outcome[Handling]:
        return handling, []

    return {
        "case.registered": registered,
        "case.concluded": existing(concluded),
        "case.reclassified": existing(reclassified),
        "case.reopened": existing(reopened),
        "circle.changed": existing(encircled),
        "emergency.raised": existing(endangered),
        "deadline.set": existing(deadline),
        "order.urged": existing(slip),
        "supervision.issued": existing(slip),
        "slip.withdrawn": existing(withdrawn),
        "extension.granted": existing(noted),
        "extension.refused": existing(noted),
        "reply.approved": existing(approved),
        "reply.returned": existing(returned),
        "matter.corrected": existing(corrected),
        "round.raised": existing(raised),
    }
