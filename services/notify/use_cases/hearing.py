"""What notify hears."""

from huiyin.chassis.fold import Handler, Heard, existing
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.steps import Outcome
from huiyin.contracts import events as e
from services.notify.domain import delivery
from services.notify.domain.correspondence import Correspondence
from services.notify.use_cases.ruling import rules


def handlers(base: Foundation) -> dict[str, Handler[Correspondence]]:
    """Every event notify hears and the rule that answers it."""

    def registered(_: Correspondence | None, heard: Heard) -> Outcome[Correspondence]:
        assert isinstance(heard.event, e.CaseRegistered)
        base.rulebooks.version(heard.event.rulebook)  # waits until this service has that version
        return delivery.open_correspondence(heard.event, heard.envelope.subject, heard.envelope.office)

    def encircled(correspondence: Correspondence, heard: Heard) -> Outcome[Correspondence]:
        assert isinstance(heard.event, e.CircleChanged)
        return delivery.change_circle(correspondence, heard.event, rules(base, correspondence))

    def requested(correspondence: Correspondence, heard: Heard) -> Outcome[Correspondence]:
        assert isinstance(heard.event, e.MessageRequested)
        said = heard.envelope
        asked = delivery.message_of(heard.event, said.source, said.sequence, said.time, base.office_now())
        return delivery.request(correspondence, asked, rules(base, correspondence))

    def concluded(correspondence: Correspondence, _: Heard) -> Outcome[Correspondence]:
        return delivery.conclude(correspondence)

    return {
        "case.registered": registered,
        "case.concluded": existing(concluded),
        "circle.changed": existing(encircled),
        "message.requested": existing(requested),
    }
