"""The course of one message: asked for, then sent by one medium after the other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import (
    CaseConcluded,
    CaseReclassified,
    CaseRegistered,
    CaseReopened,
    CircleApplied,
    CircleChanged,
    Event,
    Medium,
    MessageDelivered,
    MessageFailed,
    MessageRequested,
    MessageUncertain,
)
from services.notify.domain.addressees import may_be_told
from services.notify.domain.correspondence import (
    Attempt,
    Correspondence,
    Message,
    message_id,
    reference_of,
)
from services.notify.domain.order import Outcome, settle
from services.notify.domain.rules import ASKS, TRIES, Rules, next_medium, quiet_until


def open_correspondence(case: CaseRegistered, number: str, office: str) -> Outcome:
    """A registered case: from now on its parties can be written to."""
    return Correspondence(
        number=number,
        office=office,
        language=case.language,
        channel=case.channel,
        rulebook=case.rulebook,
        parties=case.parties,
        matters=case.matters,
        circle=case.circle,
    ), []


def open_for_no_case(subject: str, book: Rulebook) -> Correspondence:
    """Messages that belong to no case, such as guidance for departments: it has no parties and no circle.

    As nothing is ever concluded of it, its part is never closed.
    """
    return Correspondence(
        number=subject,
        office=book.office.id,
        language=book.office.languages[0],
        channel="",
        rulebook=book.hash,
    )


def change_circle(correspondence: Correspondence, changed: CircleChanged, rules: Rules) -> Outcome:
    """From now on it is decided by this circle; one older than held is ignored (E-73, E-75, E-80).

    What has not gone out yet to somebody who may not be told any more never goes (S0-35, S2-58).
    """
    if changed.circle.version <= correspondence.circle.version:
        return correspondence, []
    after = replace(correspondence, circle=changed.circle)
    events: list[Event] = [CircleApplied(version=changed.circle.version)]
    for message in after.messages:
        if message.state in ("pending", "listed") and not may_be_told(
            after, message, rules.folder, rules.office_now
        ):
            after, said = _cancelled(after, message, rules)
            events += said
    return settle(after, events)


def message_of(
    event: MessageRequested, source: str, sequence: int, said_at: datetime, since: datetime
) -> Message:
    """The message that a service asks for."""
    return Message(
        id=message_id(source, event.message),
        message=event.message,
        source=source,
        sequence=sequence,
        said_at=said_at,
        template=event.template,
        addressee_kind=event.addressee_kind,
        addressee=event.addressee,
        state="pending",
        since=since,
        params=event.params,
        text_of=event.text_of,
        urgent=event.urgent,
        matter=event.matter,
    )


def request(correspondence: Correspondence, asked: Message, rules: Rules) -> Outcome:
    """Somebody must be told something; the same message asked again has no second effect (E-119)."""
    if any(message.id == asked.id for message in correspondence.messages):
        return correspondence, []
    added = replace(correspondence, messages=(*correspondence.messages, asked))
    if not may_be_told(added, asked, rules.folder, rules.office_now):
        return settle(*_cancelled(added, asked, rules))
    return settle(*_plan(added, asked, "no-medium", rules))


def conclude(correspondence: Correspondence, concluded: CaseConcluded) -> Outcome:
    """The case is over: the part is closed as soon as all is quiet. An end that was heard after the case
    was opened again ends nothing (E-46).
    """
    if concluded.round < correspondence.round:
        return settle(correspondence, [])
    return settle(replace(correspondence, concluded=True, round=concluded.round), [])


def reclassify(correspondence: Correspondence, sorted_: CaseReclassified) -> Outcome:
    """Departments are told of the matters as they are sorted now (E-46); an older sorting is ignored."""
    if sorted_.version <= correspondence.sorting:
        return settle(correspondence, [])
    return settle(replace(correspondence, matters=sorted_.matters, sorting=sorted_.version), [])


def reopen(correspondence: Correspondence, reopened: CaseReopened) -> Outcome:
    """A concluded case goes on: what is said of it opens the next part (E-46, E-107)."""
    if reopened.round <= correspondence.round:
        return settle(correspondence, [])
    opened = replace(correspondence, concluded=False, closed=False, conclusion=None, round=reopened.round)
    return settle(opened, [])


def rest(correspondence: Correspondence, key: str, rules: Rules) -> Outcome:
    """Quiet hours began before the message went out: it waits for their end (E-112)."""

    def resting(message: Message) -> Message:
        pending = message.step("retry", rules.office_now) if message.state == "sending" else message
        return _scheduled(pending, rules)

    return _changed(correspondence, key, resting)


def claim(correspondence: Correspondence, key: str, rules: Rules) -> Outcome:
    """The message goes to the provider now; until the lease ends nobody else touches it."""
    return _changed(correspondence, key, lambda m: _leased(m.step("send", rules.office_now), rules))


def renew(correspondence: Correspondence, key: str, rules: Rules) -> Outcome:
    """One worker alone takes up what another left in the provider's hands."""
    return _changed(correspondence, key, lambda m: _leased(m, rules))


def put_off(correspondence: Correspondence, key: str, rules: Rules) -> Outcome:
    """Contact or text could not be fetched: the message waits, however long."""

    def later(message: Message) -> Message:
        attempt = message.current()
        waits = attempt.waits + 1
        return replace(message.trying(replace(attempt, waits=waits)), due_machine=rules.fetch_at(waits))

    return _changed(correspondence, key, later)


def take(correspondence: Correspondence, key: str, rules: Rules) -> Outcome:
    """The provider took the message; its receipt is awaited."""

    def taken(message: Message) -> Message:
        sent = message.step("take", rules.office_now)
        return replace(sent.trying(replace(sent.current(), tries=0)), due_machine=rules.ask_at(0))

    return _changed(correspondence, key, taken)


def put_on_list(correspondence: Correspondence, key: str, rules: Rules) -> Outcome:
    """The message lies on a work list, for a person to post or to ring (E-66)."""
    return _changed(correspondence, key, lambda m: m.step("list", rules.office_now))


def try_later(correspondence: Correspondence, key: str, rules: Rules) -> Outcome:
    """The provider surely did not take it: again later, or by the next medium after the last try."""
    message = correspondence.message(key)
    attempt = message.current()
    tries = attempt.tries + 1
    if tries >= TRIES:
        return turn(correspondence, key, "tries-exhausted", rules)
    pending = message.step("retry", rules.office_now) if message.state == "sending" else message
    waiting = pending.trying(replace(attempt, tries=tries))
    return _changed(correspondence, key, lambda _: replace(waiting, due_machine=rules.retry_at(tries)))


def ask_later(correspondence: Correspondence, key: str, rules: Rules) -> Outcome:
    """The provider gave no final answer: asked again, and doubted after the last time."""
    message = correspondence.message(key)
    attempt = message.current()
    tries = attempt.tries + 1
    if tries >= (ASKS if message.state == "sent" else TRIES):
        return doubt(correspondence, key, rules)
    at = rules.ask_at(tries) if message.state == "sent" else rules.retry_at(tries)
    asked = replace(message.trying(replace(attempt, tries=tries)), due_machine=at)
    return _changed(correspondence, key, lambda _: asked)


def doubt(correspondence: Correspondence, key: str, rules: Rules) -> Outcome:
    """Nobody can say whether the message was taken: a person decides."""
    message = correspondence.message(key)
    said = MessageUncertain(
        message=message.message, template=message.template, medium=message.current().medium
    )
    return settle(correspondence.changed(key, lambda m: m.step("doubt", rules.office_now)), [said])


def turn(correspondence: Correspondence, key: str, end: str, rules: Rules) -> Outcome:
    """This medium failed for good: the next one is tried, then the failure is said (E-112)."""
    turned = correspondence.message(key).ended(end).step("turn", rules.office_now)
    return settle(*_plan(correspondence, turned, end, rules))


def fail(correspondence: Correspondence, key: str, reason: str, rules: Rules) -> Outcome:
    """No medium can help: the message cannot be written at all."""
    return settle(*_failed(correspondence, correspondence.message(key).ended(reason), reason, rules))


def deliver(
    correspondence: Correspondence, key: str, rules: Rules, *, medium: Medium, mail_number: str = ""
) -> Outcome:
    """The addressee has it; the medium is kept and said (S4-39)."""
    message = correspondence.message(key)
    done = replace(message.step("deliver", rules.office_now), mail_number=mail_number)
    said = MessageDelivered(
        message=message.message, template=message.template, medium=medium, delivered_at=rules.office_now
    )
    return settle(correspondence.changed(key, lambda _: done), [said])


def begin(correspondence: Correspondence, message: Message, medium: Medium, rules: Rules) -> Message:
    """The message, pending, with a new series of attempts by a medium."""
    reference = reference_of(correspondence.number, message, medium, rules.history(message))
    attempt = Attempt(medium=medium, reference=reference)
    return _scheduled(replace(message, attempts=(*message.attempts, attempt)), rules)


def _changed(correspondence: Correspondence, key: str, change: Callable[[Message], Message]) -> Outcome:
    return settle(correspondence.changed(key, change), [])


def _plan(
    correspondence: Correspondence, message: Message, end: str, rules: Rules
) -> tuple[Correspondence, list[Event]]:
    medium = next_medium(correspondence, message, rules)
    if medium is None:
        return _failed(correspondence, message, end, rules)
    begun = begin(correspondence, message, medium, rules)
    return correspondence.changed(message.id, lambda _: begun), []


def _failed(
    correspondence: Correspondence, message: Message, reason: str, rules: Rules
) -> tuple[Correspondence, list[Event]]:
    failed = replace(message.step("fail", rules.office_now), reason=reason)
    said = MessageFailed(message=message.message, template=message.template, reason=reason)
    return correspondence.changed(message.id, lambda _: failed), [said]


def _cancelled(
    correspondence: Correspondence, message: Message, rules: Rules
) -> tuple[Correspondence, list[Event]]:
    """A wall stands before the addressee: kept and counted, never sent."""
    cancelled = replace(message.ended("cancelled").step("cancel", rules.office_now), reason="cancelled")
    said = MessageFailed(message=message.message, template=message.template, reason="cancelled")
    return correspondence.changed(message.id, lambda _: cancelled), [said]


def _leased(message: Message, rules: Rules) -> Message:
    return replace(message, due_machine=rules.machine_now + rules.lease)


def _scheduled(message: Message, rules: Rules) -> Message:
    """The message waiting for the office clock in quiet hours, else for the machine's (E-112)."""
    quiet = quiet_until(message, message.current().medium, rules)
    if quiet is None:
        return replace(message, due_office=None, due_machine=rules.machine_now)
    return replace(message, due_office=quiet.astimezone(UTC), due_machine=None)
