"""What dispatch does: load, decide, save; one function a verb."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.chassis.draft import Answer, Record
from huiyin.chassis.fold import Handler, Heard, existing
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.sealing import seal_for
from huiyin.chassis.steps import Actor, Cause, Outcome
from huiyin.chassis.store import Documents
from huiyin.chassis.worker import Ear
from huiyin.contracts import events as e
from huiyin.contracts.questions import REDACT
from services.dispatch.domain import orders, routing
from services.dispatch.domain.handling import Handling, Order, Reply
from services.dispatch.errors import NotReturned, NotYourOrder, UnknownUnit
from services.dispatch.store import desks, handlings


@dataclass(frozen=True)
class House:
    """What the use cases need."""

    base: Foundation
    handlings: Documents[Handling]
    ear: Ear[Handling]
    askers: Mapping[str, Any]

    def now(self) -> datetime:
        """Office time."""
        return self.base.office_now()

    def book(self, handling: Handling) -> Rulebook:
        """The rulebook frozen into the case."""
        return self.base.rulebooks.version(handling.rulebook)


def house(base: Foundation) -> House:
    """Wire the house on its foundation."""
    documents = handlings(base)
    askers = json.loads((base.settings.keys_dir / "askers.public.jwks").read_text())
    return House(base, documents, base.ear(documents, handlers(base)), askers)


# -- what people do ----------------------------------------------------------------------


def instruct(house: House, number: str, text: str, cause: Cause) -> Answer:
    """A leader reads and instructs; then the orders go out (S2-18, S2-19)."""
    now = house.now()
    words = house.base.sealer.seal(cause.who.office, f"{now:%Y-%m}", text)
    return house.handlings.take(
        number,
        cause,
        "instruct",
        lambda h: routing.instruct(h, words, cause.who.subject, house.book(h), now),
        summary,
    )


def assign(house: House, number: str, matter: str, unit: str, role: e.OrderRole, cause: Cause) -> Answer:
    """A dispatcher chooses the unit (E-60)."""
    if unit not in house.base.rulebooks.office(cause.who.office).units:
        raise UnknownUnit(f"通讯录里没有单位 {unit}。")
    return house.handlings.take(
        number, cause, "assign", lambda h: routing.assign(h, matter, unit, role, house.now()), summary
    )


def accept(house: House, number: str, order: str, cause: Cause) -> Answer:
    """A unit accepts its order."""
    return house.handlings.take(
        number, cause, "accept", lambda h: orders.accept(h, order, cause.who.unit, house.now()), summary
    )


def return_order(house: House, number: str, order: str, reason: str, cause: Cause) -> Answer:
    """A unit returns its order with a reason, which is sealed where it is born."""
    now = house.now()
    sealed = house.base.sealer.seal(cause.who.office, f"{now:%Y-%m}", reason)
    return house.handlings.take(
        number,
        cause,
        "return",
        lambda h: orders.return_order(h, order, cause.who.unit, sealed, house.book(h), now),
        summary,
    )


def reply(house: House, number: str, order: str, text: str, final: bool, cause: Cause) -> Answer:
    """A unit replies; the text is sealed where it is born."""
    now = house.now()
    sealed = Reply(
        n=0,
        round=0,
        final=final,
        by=cause.who.subject,
        submitted_at=now,
        text=house.base.sealer.seal(cause.who.office, f"{now:%Y-%m}", text),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    return house.handlings.take(
        number, cause, "reply", lambda h: orders.reply(h, order, cause.who.unit, sealed), summary
    )


# -- what people look at -----------------------------------------------------------------


def desk(house: House, who: Actor, state: str, skip: int, limit: int) -> list[tuple[Handling, Order]]:
    """A unit's orders in a state, oldest case first."""
    query = {"office": who.office, "desk": f"{who.unit}|{state}"}
    found = house.handlings.find(query, skip=skip, limit=limit)
    return [(r.state, o) for r in found for o in r.state.orders if o.unit == who.unit and o.state == state]


def desk_counts(house: House, office: str, state: str) -> dict[str, int]:
    """How many orders in a state lie on each unit's desk."""
    return desks(house.handlings, office, state)


def waiting_for(house: House, office: str, person: str, skip: int, limit: int) -> list[Handling]:
    """The office's cases that wait for a leader or a dispatcher."""
    query = {"office": office, "waits_for": person}
    return [record.state for record in house.handlings.find(query, skip=skip, limit=limit)]


def handling(house: House, number: str, who: Actor) -> Handling:
    """One case's handling; another office's is as if there were none (E-84)."""
    return house.handlings.of_office(number, who.office).state


def read_reply(house: House, number: str, order: str, n: int, who: Actor) -> str:
    """The original words of one reply, for the unit that wrote it and those who judge or tell it."""
    found = handling(house, number, who).order(order)
    if who.role == "unit" and found.unit != who.unit:
        raise NotYourOrder("这张工单不是派给贵单位的。")
    return _open(house, found, n)


def read_reason(house: House, number: str, order: str, who: Actor) -> str:
    """Why a unit returned its order, for those who find another."""
    reason = handling(house, number, who).order(order).reason
    if reason is None:
        raise NotReturned(f"工单 {order} 没有退回。")
    words: str = house.base.sealer.open(reason)
    return words


def redacted_reply(house: House, number: str, order: str, n: int) -> str:
    """The words of one reply as they may travel: through intake's redactor, the only one.

    On their way to it they are sealed to intake's key: a question may lie in the broker's files.
    """
    text = _open(house, house.handlings.get(number).state.order(order), n)
    sealed = seal_for(house.askers, REDACT.answerer, {"text": text})
    redacted: str = house.base.asker.ask(REDACT, number=number, sealed=sealed)
    return redacted


def _open(house: House, order: Order, n: int) -> str:
    text: str = house.base.sealer.open(order.reply(n).text)
    return text


def summary(handling: Handling) -> Mapping[str, Any]:
    """What a handling looks like from outside: no text, no identity."""
    return {
        "number": handling.number,
        "origin_number": handling.origin_number or None,
        "round": handling.round,
        "gate": handling.gate,
        "gaps": list(handling.gaps),
        "concluded": handling.concluded,
        "orders": [order_summary(order) for order in handling.orders],
    }


def desk_row(handling: Handling, order: Order) -> dict[str, Any]:
    """An order as it lies on the unit's desk, with the numbers of its case."""
    numbers = {"number": handling.number, "origin_number": handling.origin_number or None}
    return {**numbers, **order_summary(order)}


def order_summary(order: Order) -> dict[str, Any]:
    """What an order looks like from outside."""
    return {
        "id": order.id,
        "matter": order.matter,
        "unit": order.unit,
        "role": order.role,
        "round": order.round,
        "ground": order.ground,
        "entry": order.entry,
        "state": order.state,
        "dispatched_at": order.dispatched_at.isoformat(),
        "due_on": order.due_on.isoformat() if order.due_on else None,
        "slips": list(order.slips),
        "replies": [
            {
                "n": reply.n,
                "round": reply.round,
                "final": reply.final,
                "submitted_at": reply.submitted_at.isoformat(),
                "verdict": reply.verdict,
            }
            for reply in order.replies
        ],
    }


def facts(records: Sequence[Record[Handling]]) -> list[Mapping[str, Any]]:
    """Dispatch's own lines in the books: the orders of each case."""
    return [
        {"orders": [{"id": order.id, "state": order.state} for order in record.state.orders]}
        for record in records
    ]


# -- what dispatch hears -----------------------------------------------------------------


def handlers(base: Foundation) -> dict[str, Handler[Handling]]:
    """Every event dispatch hears and the rule that answers it."""

    def registered(handling: Handling | None, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.CaseRegistered)
        book = base.rulebooks.version(heard.event.rulebook)
        return routing.open_handling(heard.event, heard.envelope.subject, book, base.office_now())

    def concluded(handling: Handling, heard: Heard) -> Outcome[Handling]:
        return orders.conclude(handling, heard.said, base.office_now())

    def approved(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.ReplyApproved)
        return orders.approve(handling, heard.event, base.office_now())

    def returned(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.ReplyReturned)
        return orders.send_back(handling, heard.event)

    def raised(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.RoundRaised)
        return orders.reopen(handling, heard.event)

    def deadline(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.DeadlineSet)
        return orders.set_deadline(handling, heard.event, heard.envelope.sequence)

    def slip(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.OrderUrged | e.SupervisionIssued)
        return orders.note_slip(handling, heard.event.order, heard.event.slip)

    def withdrawn(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.SlipWithdrawn)
        return orders.note_slip(handling, heard.event.order, heard.event.notice)

    def noted(handling: Handling, _heard: Heard) -> Outcome[Handling]:
        return handling, []

    return {
        "case.registered": registered,
        "case.concluded": existing(concluded),
        "deadline.set": existing(deadline),
        "order.urged": existing(slip),
        "supervision.issued": existing(slip),
        "slip.withdrawn": existing(withdrawn),
        "extension.granted": existing(noted),
        "extension.refused": existing(noted),
        "reply.approved": existing(approved),
        "reply.returned": existing(returned),
        "round.raised": existing(raised),
    }
