"""Which messages may go now, what was overtaken, and when the part is closed."""

from collections.abc import Sequence
from dataclasses import replace

from huiyin.contracts.events import Event, MessageFailed, PartClosed
from services.notify.domain.correspondence import BUSY, GONE, OPEN, Correspondence, Message

Outcome = tuple[Correspondence, list[Event]]


def driven(correspondence: Correspondence) -> tuple[Message, ...]:
    """The messages that a clock drives now: one a person or unit, and those that await a receipt."""
    sent = [m for m in correspondence.messages if m.state == "sent"]
    free = [m for m in correspondence.messages if not m.tells and m.state in ("pending", "sending")]
    heads = [head for messages in _by_addressee(correspondence) if (head := _head(messages)) is not None]
    return (*heads, *free, *sent)


def overtaken(correspondence: Correspondence, message: Message) -> bool:
    """Whether something newer was given out to the same addressee (E-119)."""
    same = (message.addressee_kind, message.addressee)
    return message.tells and any(
        m.newer_than(message)
        for m in correspondence.messages
        if m.tells and m.state in GONE and (m.addressee_kind, m.addressee) == same
    )


def settle(after: Correspondence, events: Sequence[Event]) -> Outcome:
    """End every step: mark what was overtaken (E-119), close the part when all is quiet, count."""
    said = list(events)
    for message in after.messages:
        if message.state in ("pending", "listed") and overtaken(after, message):
            after, lost = _supersede(after, message)
            said.append(lost)
    closes = after.concluded and not after.closed and is_quiet(after)
    if closes:
        said.append(PartClosed(count=after.said + len(said) + 1, round=after.round))
    return replace(after, said=after.said + len(said), closed=after.closed or closes), said


def is_quiet(correspondence: Correspondence) -> bool:
    """Nothing is on its way or on a work list. What is uncertain was said, and waits for a person."""
    return not any(message.state in BUSY for message in correspondence.messages)


def _supersede(correspondence: Correspondence, message: Message) -> tuple[Correspondence, Event]:
    ended = message.ended("superseded").step("supersede", message.since)
    ended = replace(ended, reason="superseded")
    lost = MessageFailed(message=message.message, template=message.template, reason="superseded")
    return correspondence.changed(message.id, lambda _: ended), lost


def _by_addressee(correspondence: Correspondence) -> list[list[Message]]:
    groups: dict[tuple[str, str], list[Message]] = {}
    for message in correspondence.messages:
        if message.tells and message.state in OPEN and not _yields(message):
            groups.setdefault((message.addressee_kind, message.addressee), []).append(message)
    return list(groups.values())


def _yields(message: Message) -> bool:
    """A call to be made holds nothing up: once something newer is out, nobody need ring any more."""
    return message.state == "listed" and message.current().medium == "call"


def _head(messages: list[Message]) -> Message | None:
    """The one in the provider's hands, else the oldest; nothing while that is a letter to be posted."""
    sending = [message for message in messages if message.state == "sending"]
    head = sending[0] if sending else min(messages, key=lambda message: message.order)
    return None if head.state == "listed" else head
