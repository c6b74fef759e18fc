"""What notify hears; of what it only follows, what concerns a unit that has a feed."""

from collections.abc import Callable, Sequence
from typing import Final

from huiyin.chassis.errors import NotYet
from huiyin.chassis.fold import Handler, Heard, existing
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.steps import Outcome
from huiyin.contracts import events as e
from huiyin.contracts.envelope import Envelope
from huiyin.contracts.feeds import LINES
from huiyin.contracts.hearers import ROUTES
from huiyin.contracts.subjects import is_case
from services.notify.domain import delivery, feed
from services.notify.domain.correspondence import Correspondence
from services.notify.domain.notices import Notice
from services.notify.store import Feeds, feed_key
from services.notify.use_cases.ruling import rules

#: What notify takes a step for only where a feed is concerned.
FOLLOWED: Final = frozenset(name for name, route in ROUTES.items() if "notify" in route.followers)


def handlers(base: Foundation, feeds: Feeds) -> dict[str, Handler[Correspondence]]:
    """Every event notify hears and the rule that answers it."""

    def registered(_: Correspondence | None, heard: Heard) -> Outcome[Correspondence]:
        assert isinstance(heard.event, e.CaseRegistered)
        base.rulebooks.version(heard.event.rulebook)  # waits until this service has that version
        return delivery.open_correspondence(heard.event, heard.envelope.subject, heard.envelope.office)

    def encircled(correspondence: Correspondence, heard: Heard) -> Outcome[Correspondence]:
        assert isinstance(heard.event, e.CircleChanged)
        return delivery.change_circle(correspondence, heard.event, rules(base, correspondence))

    def requested(held: Correspondence | None, heard: Heard) -> Outcome[Correspondence]:
        assert isinstance(heard.event, e.MessageRequested)
        said = heard.envelope
        correspondence = held or _of_no_case(base, said)
        asked = delivery.message_of(heard.event, said.source, said.sequence, said.time, base.office_now())
        return delivery.request(correspondence, asked, rules(base, correspondence))

    def concluded(correspondence: Correspondence, heard: Heard) -> Outcome[Correspondence]:
        assert isinstance(heard.event, e.CaseConcluded)
        if feeds.of_office(heard.envelope.office):
            correspondence = feed.conclude(correspondence, heard.event, _notice(heard, unit=""))
        return delivery.conclude(correspondence, heard.event)

    def reclassified(correspondence: Correspondence, heard: Heard) -> Outcome[Correspondence]:
        assert isinstance(heard.event, e.CaseReclassified)
        return delivery.reclassify(correspondence, heard.event)

    def reopened(correspondence: Correspondence, heard: Heard) -> Outcome[Correspondence]:
        assert isinstance(heard.event, e.CaseReopened)
        return delivery.reopen(correspondence, heard.event)

    def noted(correspondence: Correspondence, heard: Heard) -> Outcome[Correspondence]:
        unit = unit_now(base, heard.envelope)
        return feed.note(correspondence, heard.event, _notice(heard, unit)), []

    def returned(correspondence: Correspondence, heard: Heard) -> Outcome[Correspondence]:
        assert isinstance(heard.event, e.OrderReturned)
        return feed.end_order(correspondence, heard.event.order, heard.envelope.time), []

    return {
        **{name: existing(noted) for name in FOLLOWED},
        "order.returned": existing(returned),
        "case.registered": registered,
        "case.concluded": existing(concluded),
        "case.reclassified": existing(reclassified),
        "case.reopened": existing(reopened),
        "circle.changed": existing(encircled),
        "message.requested": requested,
    }


def concerned(base: Foundation, feeds: Feeds) -> Callable[[Sequence[Envelope]], Sequence[Envelope]]:
    """Drops of a batch what notify only follows and no feed wants: it leaves no trace, costs no write."""

    def which(batch: Sequence[Envelope]) -> Sequence[Envelope]:
        followed = any(envelope.type in FOLLOWED for envelope in batch)
        wanted = feeds.keys() if followed else set()
        return [e for e in batch if e.type not in FOLLOWED or feed_key(e.office, unit_now(base, e)) in wanted]

    return which


def unit_now(base: Foundation, envelope: Envelope) -> str:
    """The unit an event is about, or its successor (E-62); nothing when the directory does not know it."""
    unit = str(envelope.data.get("unit") or "")
    if envelope.office not in base.rulebooks.offices():
        return ""
    folder = base.rulebooks.office(envelope.office)
    return folder.unit_at(unit, base.office_now()).id if unit in folder.units else ""


def _of_no_case(base: Foundation, said: Envelope) -> Correspondence:
    """What belongs to no case is written of at once, by the rules as they stand now (S2-88)."""
    if is_case(said.subject):
        raise NotYet(f"{said.subject} is not known here yet")
    return delivery.open_for_no_case(said.subject, base.rulebooks.office(said.office).rulebook)


def _notice(heard: Heard, unit: str) -> Notice:
    said = heard.envelope
    return Notice(
        id=said.id,
        unit=unit,
        type=LINES[said.type].name,
        order=str(said.data.get("order") or ""),
        at=said.time,
        heard=said.sequence,
        data={},
    )
