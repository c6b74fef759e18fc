"""What dispatch does: load, decide, save; one function a verb."""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from huiyin.chassis.asking import Refused
from huiyin.chassis.draft import Answer, Record
from huiyin.chassis.errors import no_such
from huiyin.chassis.fold import Handler, Heard, existing
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.leave import require_leave
from huiyin.chassis.rulebook import OfficeFolder
from huiyin.chassis.sealing import seal_for
from huiyin.chassis.sight import seen_by
from huiyin.chassis.standing import Standing, standing
from huiyin.chassis.steps import Actor, Cause, Outcome, machine
from huiyin.chassis.store import Documents
from huiyin.chassis.worker import Ear
from huiyin.contracts import events as e
from huiyin.contracts.questions import DISCLOSE, REDACT
from services.dispatch.domain import circle, gate, giving, opening, orders, routing
from services.dispatch.domain.handling import Handling, Order, Reply
from services.dispatch.domain.rules import Rules, rules_at, unit_at
from services.dispatch.errors import NotReturned, UnknownUnit, no_such_order
from services.dispatch.store import desks, handlings, with_held

_log = logging.getLogger(__name__)


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

    def rules(self, handling: Handling) -> Rules:
        """The rulebook frozen into the case, with the office as it stands now."""
        return rules(self.base, handling)


def rules(base: Foundation, handling: Handling) -> Rules:
    """What a case is decided by."""
    office = base.rulebooks.office(handling.office)
    return rules_at(base.rulebooks.version(handling.rulebook), office, base.office_now())


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
        lambda h: gate.instruct(h, words, cause.who, house.rules(h), now),
        summary,
        about=lambda h: h,  # of what is open to the leader
    )


def assign(house: House, number: str, matter: str, unit: str, role: e.OrderRole, cause: Cause) -> Answer:
    """A dispatcher chooses the unit (E-60)."""
    office = _office(house, cause.who)
    if unit not in office.units:
        raise UnknownUnit(f"通讯录里没有单位 {unit}。")
    unit = unit_at(unit, office, house.now())
    return house.handlings.take(
        number,
        cause,
        "assign",
        lambda h: routing.assign(h, matter, unit, role, house.rules(h), house.now()),
        summary,
        about=lambda h: h.matter(matter),
    )


def accept(house: House, number: str, order: str, cause: Cause) -> Answer:
    """A unit accepts its order."""
    return _take_as_unit(
        house, number, order, cause, "accept", lambda h, unit: orders.accept(h, order, unit, house.now())
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
        lambda h, unit: orders.return_order(h, order, unit, sealed, house.rules(h), now),
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
        house, number, order, cause, "reply", lambda h, unit: orders.reply(h, order, unit, sealed)
    )


def _take_as_unit(
    house: House,
    number: str,
    order: str,
    cause: Cause,
    what: str,
    decide: Callable[[Handling, str], Outcome[Handling]],
) -> Answer:
    """A unit's step on its own order, also on one of a unit it succeeded; it is answered of that alone."""
    return house.handlings.take(
        number,
        cause,
        what,
        lambda h: decide(h, h.order(order).unit),
        lambda h: desk_row(h, h.order(order)),
        about=lambda h: _order_of(house, h, order, cause.who, ("own",)),
    )


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
    """A page of a unit's orders in a state, and of those it has from units it succeeded (E-62)."""
    units = [unit for unit in _office(house, who).units if _standing(house, who, unit) == "own"]
    query = {"office": who.office, "desk": {"$in": [f"{unit}|{state}" for unit in units]}}
    found = (record.state for record in house.handlings.each(query))
    rows = (
        (h, o)
        for h in found
        for o in h.orders
        if o.unit in units and o.state == state and giving.is_entitled(h, o, who, house.rules(h))
    )
    return list(islice(rows, skip, skip + limit))


def desk_counts(house: House, who: Actor, state: str) -> dict[str, int]:
    """How many orders in a state lie on each unit's desk."""
    return desks(house.handlings, who, state)


def waiting_for(house: House, who: Actor, person: str, skip: int, limit: int) -> list[Handling]:
    """The office's cases that wait for a leader or a dispatcher."""
    found = house.handlings.each({**seen_by(who), "waits_for": person})
    seen = (house.handlings.seen_in(record, who) for record in found)
    return list(islice((h for h in seen if h and person in h.waits_for), skip, skip + limit))


def handling(house: House, number: str, who: Actor) -> Handling:
    """One case's handling, as far as somebody sees it."""
    return house.handlings.seen(number, who).state


def read_reply(house: House, number: str, order: str, n: int, who: Actor) -> str:
    """The original words of one reply, for the unit that wrote it and those who judge or tell it."""
    found = handling(house, number, who)
    own = who.role == "unit"
    asked = _order_of(house, found, order, who, ("own", "above")) if own else found.order(order)
    require_leave(house.base.asker, who, number, found.circle, asked.matter)
    return _open(house, asked, n)


def _order_of(
    house: House, handling: Handling, order: str, who: Actor, allowed: tuple[Standing, ...]
) -> Order:
    """An order of somebody's unit; who has none of the case is not told that there is one."""
    by = house.rules(handling)
    theirs = {
        one.id: one
        for one in handling.orders
        if _standing(house, who, one.unit) in allowed and giving.is_entitled(handling, one, who, by)
    }
    if not theirs:
        raise no_such(handling.number)
    if order not in theirs:
        raise no_such_order(order)
    return theirs[order]


def _standing(house: House, who: Actor, unit: str) -> Standing:
    return standing(who, unit, _office(house, who), house.now())


def _office(house: House, who: Actor) -> OfficeFolder:
    return house.base.rulebooks.office(who.office)


def read_reason(house: House, number: str, order: str, who: Actor) -> str:
    """Why a unit returned its order, for those who find another."""
    found = handling(house, number, who)
    returned = found.order(order)
    require_leave(house.base.asker, who, number, found.circle, returned.matter)
    reason = returned.reason
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
        by = rules_at(book, base.rulebooks.office(heard.envelope.office), base.office_now())
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
