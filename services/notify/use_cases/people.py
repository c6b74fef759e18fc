"""What people do: work off letters and call tasks, settle what is uncertain, look at messages."""

from collections.abc import Callable, Mapping
from typing import Any

from huiyin.chassis.draft import Answer
from huiyin.chassis.leave import require_leave
from huiyin.chassis.sight import untouched_by
from huiyin.chassis.steps import Actor, Cause
from huiyin.contracts.events import Medium
from services.notify.domain import settling
from services.notify.domain.correspondence import Attempt, Correspondence, Message
from services.notify.domain.order import Outcome
from services.notify.domain.rules import Rules
from services.notify.errors import WrongState
from services.notify.use_cases import writing
from services.notify.use_cases.house import House
from services.notify.use_cases.ruling import rules

Decide = Callable[[Correspondence, Rules], Outcome]


def finish(
    house: House, number: str, message: str, *, delivered: bool, mail_number: str, cause: Cause
) -> Answer:
    """A letter was posted or a call made, or could not be."""
    return _take(
        house,
        number,
        message,
        "finish",
        cause,
        lambda c, r: settling.finish(c, message, delivered, mail_number, r),
    )


def decide(house: House, number: str, message: str, decision: settling.Decision, cause: Cause) -> Answer:
    """A person settles an uncertain message."""
    return _take(
        house, number, message, "decide", cause, lambda c, r: settling.decide(c, message, decision, r)
    )


def tasks(house: House, who: Actor, medium: Medium, skip: int, limit: int) -> list[Mapping[str, Any]]:
    """The office's letters or call tasks, a page of them, without identity."""
    return _page(
        house,
        {**untouched_by(who), "tasks": medium},
        lambda m: m.state == "listed" and m.current().medium == medium,
        lambda c, m: _task(house, c, m),
        slice(skip, skip + limit),
    )


def content(house: House, number: str, message_id: str, who: Actor) -> Mapping[str, Any]:
    """The words of a task with its addressee, fetched now and recorded before they are shown."""
    correspondence = house.correspondences.seen(number, who).state
    message = correspondence.message(message_id)
    if message.state != "listed":
        raise WrongState(f"消息 {message_id} 不在待办清单上（状态：{message.state}）。")
    _require_leave(house, correspondence, message, who)
    medium = message.current().medium
    request = f"{message.current().reference}:{who.subject}"
    contact = writing.contact(house, correspondence, message, request, who)
    subject, body = writing.write(house, correspondence, message, contact)
    detail = {"message": message_id, "medium": medium, "addressee": message.addressee}
    house.base.audit.record("content.opened", who, number, house.now(), detail)
    return {"to": contact.by(medium), "name": contact.name, "subject": subject, "body": body}


def messages(house: House, number: str, who: Actor) -> Mapping[str, Any]:
    """All messages of a case with their states, without identity."""
    correspondence = house.correspondences.seen(number, who).state
    return {
        "number": number,
        "closed": correspondence.closed,
        "messages": [summary(message) for message in correspondence.messages],
    }


def uncertain(house: House, who: Actor, skip: int, limit: int) -> list[Mapping[str, Any]]:
    """What waits for a person's word, because nobody can say whether it was sent."""
    return _page(
        house,
        {**untouched_by(who), "uncertain": True},
        lambda m: m.state == "uncertain",
        lambda c, m: {"number": c.number, **summary(m)},
        slice(skip, skip + limit),
    )


def summary(message: Message) -> dict[str, Any]:
    """What a message looks like from outside: no text, no identity."""
    return {
        "id": message.id,
        "source": message.source,
        "message": message.message,
        "template": message.template,
        "addressee_kind": message.addressee_kind,
        "addressee": message.addressee,
        "state": message.state,
        "since": message.since.isoformat(),
        "asked_at": message.said_at.isoformat(),
        "urgent": message.urgent,
        "not_before": message.due_office.isoformat() if message.due_office else None,
        "reason": message.reason,
        "mail_number": message.mail_number,
        "attempts": [_attempt(attempt) for attempt in message.attempts],
    }


def _require_leave(house: House, correspondence: Correspondence, message: Message, who: Actor) -> None:
    """What is written of a guarded matter waits for intake's leave; a party's contact brings it along."""
    circle = correspondence.circle
    if message.addressee_kind == "party":
        return
    for matter in [message.matter] if message.matter else [one.matter for one in circle.matters]:
        require_leave(house.base.asker, who, correspondence.number, circle, matter)


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "medium": attempt.medium,
        "reference": attempt.reference,
        "tries": attempt.tries,
        "waits": attempt.waits,
        "end": attempt.end,
    }


def _task(house: House, correspondence: Correspondence, message: Message) -> Mapping[str, Any]:
    """A task; a letter also says whether it goes by registered mail."""
    book = house.base.rulebooks.version(correspondence.rulebook)
    medium = message.current().medium
    registered = medium == "letter" and book.notify.letter_registered
    task = {"number": correspondence.number, "medium": medium, "registered": registered}
    return {**task, **summary(message)}


def _page(
    house: House,
    query: dict[str, Any],
    wanted: Callable[[Message], bool],
    shown: Callable[[Correspondence, Message], Mapping[str, Any]],
    page: slice,
) -> list[Mapping[str, Any]]:
    """A page of messages, not of cases: each case found has at least one."""
    found = house.correspondences.find(query, limit=page.stop)
    return [shown(r.state, m) for r in found for m in r.state.messages if wanted(m)][page]


def _take(house: House, number: str, message: str, what: str, cause: Cause, take: Decide) -> Answer:
    return house.correspondences.take(
        number,
        cause,
        what,
        lambda correspondence: take(correspondence, rules(house.base, correspondence)),
        lambda correspondence: summary(correspondence.message(message)),
    )
