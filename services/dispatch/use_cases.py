"""What dispatch does: load, decide, save; one function a verb."""

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.chassis.asking import Refused
from huiyin.chassis.draft import Answer, Record
from huiyin.chassis.fold import Handler, Heard, existing
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.steps import Actor, Cause, Outcome, machine
from huiyin.chassis.store import Documents
from huiyin.chassis.worker import Ear
from huiyin.contracts import events as e
from huiyin.contracts.questions import DISCLOSE, REDACT
from services.dispatch.domain import circle, gate, giving, opening, orders, routing
from services.dispatch.domain.handling import Handling, Order, Reply
from services.dispatch.domain.rules import Rules
from services.dispatch.errors import NotReturned, NotYourOrder, UnknownUnit
from services.dispatch.store import desks, handlings, with_held

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class House:
    """What the use cases need."""

    base: Foundation
    handlings: Documents[Handling]
    ear: Ear[Handling]

    def now(self) -> datetime:
        """Office time."""
        return self.base.office_now()

    def rules(self, handling: Handling) -> Rules:
        """The rulebook frozen into the case, with the office as it stands now."""
        return rules(self.base, handling)


def rules(base: Foundation, handling: Handling) -> Rules:
    """What a case is decided by."""
    office = base.rulebooks.office(handling.office)
    return Rules(book=base.rulebooks.version(handling.rulebook), office=office)


def house(base: Foundation) -> House:
    """Wire the house on its foundation."""
    documents = handlings(base)
    return House(base, documents, base.ear(documents, handlers(base)))


# -- what people do ----------------------------------------------------------------------


def instruct(house: House, number: str, text: str, cause: Cause) -> Answer:
    """A leader reads and instructs; then the orders go out (S2-18, S2-19)."""
    now = house.now()
    words = house.base.sealer.seal(cause.who.office, f"{now:%Y-%m}", text)
    return house.handlings.take(
        number,
        cause,
        "instruct",
        lambda h: gate.instruct(h, words, cause.who, house.rules(h), now),
        summary,
    )


def assign(house: House, number: str, matter: str, unit: str, role: e.OrderRole, cause: Cause) -> Answer:
    """A dispatcher chooses the unit (E-60)."""
    if unit not in house.base.rulebooks.office(cause.who.office).units:
        raise UnknownUnit(f"通讯录里没有单位 {unit}。")

    def decide(h: Handling) -> Outcome[Handling]:
        by = house.rules(h)
        giving.require_open(h, matter, cause.who, by)
        return routing.assign(h, matter, unit, role, by, house.now())

    return house.handlings.take(number, cause, "assign", decide, summary)


def accept(house: House, number: str, order: str, cause: Cause) -> Answer:
    """A unit accepts its order."""
    return _take_as_unit(
        house, number, order, cause, "accept", lambda h: orders.accept(h, order, cause.who.unit, house.now())
    )


def return_order(house: House, number: str, order: str, reason: str, cause: Cause) -> Answer:
    """A unit returns its order with a reason, which is sealed where it is born."""
    now = house.now()
    sealed = house.base.sealer.seal(cause.who.office, f"{now:%Y-%m}", reason)
    return _take_as_unit(
        house,
        number,
        order,
        cause,
        "return",
        lambda h: orders.return_order(h, order, cause.who.unit, sealed, house.rules(h), now),
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
    return _take_as_unit(
        house, number, order, cause, "reply", lambda h: orders.reply(h, order, cause.who.unit, sealed)
    )


def _take_as_unit(
    house: House,
    number: str,
    order: str,
    cause: Cause,
    what: str,
    decide: Callable[[Handling], Outcome[Handling]],
) -> Answer:
    """A unit's step on its order, when no wall keeps its member out; it is answered of its own alone."""

    def entitled(h: Handling) -> Outcome[Handling]:
        return decide(giving.require_entitled(h, order, cause.who, house.rules(h)))

    return house.handlings.take(number, cause, what, entitled, lambda h: desk_row(h, h.order(order)))


# -- what waits for leave ----------------------------------------------------------------


def disclose_held(house: House) -> None:
    """Ask intake for leave to send what is held; while intake is away all of it stays held (S0-36)."""
    for record in with_held(house.handlings):
        for order in record.state.orders:
            if order.state == "held":
                _disclose(house, record, order)


def _disclose(house: House, record: Record[Handling], order: Order) -> None:
    asked = {"order": order.id, "matter": order.matter, "unit": order.unit, "head": order.head}
    try:
        answer = house.base.asker.ask(DISCLOSE, number=record.key, **asked)
    except Refused as refused:  # something behind intake is away, or it has not got the case
        _log.warning("no answer whether an order may go: %s", refused, extra={"case": record.key})
        return
    version, now = answer["version"], house.now()
    if version != record.state.circle.version:
        return  # the newer circle is on its way
    verb = giving.send if answer["leave"] else circle.refuse
    house.handlings.take(
        record.key,
        Cause(
            id=f"disclosed:{record.key}:{order.id}:{version}",
            kind="clock",
            who=machine("dispatch", record.office),
            correlation=record.correlation,
        ),
        "send" if answer["leave"] else "refuse",
        lambda h: verb(h, order.id, version, house.rules(h), now),
    )


# -- what people look at -----------------------------------------------------------------


def desk(house: House, who: Actor, state: str, skip: int, limit: int) -> list[tuple[Handling, Order]]:
    """A unit's orders in a state, oldest case first."""
    query = {"office": who.office, "desk": f"{who.unit}|{state}"}
    found = (record.state for record in house.handlings.find(query, skip=skip, limit=limit))
    return [
        (h, o)
        for h in found
        for o in h.orders
        if o.unit == who.unit and o.state == state and giving.is_entitled(h, o, who, house.rules(h))
    ]


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
    """The words of one reply as they may travel: through intake's redactor, the only one."""
    text = _open(house, house.handlings.get(number).state.order(order), n)
    redacted: str = house.base.asker.ask(REDACT, number=number, text=text)
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
        "head": order.head or None,
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
    """Dispatch's own lines in the books: the orders of each case that anybody was told of."""
    return [
        {"orders": [{"id": order.id, "state": order.state} for order in record.state.orders if order.sent]}
        for record in records
    ]


# -- what dispatch hears -----------------------------------------------------------------


def handlers(base: Foundation) -> dict[str, Handler[Handling]]:
    """Every event dispatch hears and the rule that answers it."""

    def registered(handling: Handling | None, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.CaseRegistered)
        book = base.rulebooks.version(heard.event.rulebook)
        by = Rules(book=book, office=base.rulebooks.office(heard.envelope.office))
        return opening.open_handling(heard.event, heard.envelope.subject, by, base.office_now())

    def concluded(handling: Handling, heard: Heard) -> Outcome[Handling]:
        return orders.conclude(handling, heard.said, base.office_now())

    def encircled(handling: Handling, heard: Heard) -> Outcome[Handling]:
        assert isinstance(heard.event, e.CircleChanged)
        return circle.change_circle(handling, heard.event, rules(base, handling), base.office_now())

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
        "circle.changed": existing(encircled),
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
