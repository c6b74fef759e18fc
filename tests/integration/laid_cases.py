"""A case as it lies in each of the five stores, without its way there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from huiyin.chassis.steps import Actor, Cause
from huiyin.chassis.store import Documents
from huiyin.contracts.circle import Circle
from huiyin.contracts.envelope import Envelope
from huiyin.contracts.services import SERVICES, Service
from services.dispatch.domain.handling import Handling, Order
from services.feedback.domain.echo import Echo
from services.intake.domain.case import Case, OrderRef
from services.notify.domain.correspondence import Attempt, Correspondence, Message
from services.supervision.domain.clock import Clock, Limit, Reply
from services.supervision.domain.supervision import Case as Kept
from services.supervision.domain.supervision import Supervision
from tests.integration.five_houses import AT, OFFICE, FiveHouses
from tests.unit.dispatch.cases import matter
from tests.unit.intake.cases import case
from tests.unit.offices import folder

HEARER: Final = Actor(subject="service:intake", role="service", office=OFFICE)


def clear(houses: FiveHouses) -> None:
    """Let no case lie anywhere."""
    for service in SERVICES:
        houses.documents(service).collection.delete_many({})
    houses.documents("intake").collection.database["journal"].delete_many({})


def lay(houses: FiveHouses, number: str, states: Mapping[Service, Any]) -> None:
    """Lay a case into each store; its journal holds that an order was accepted."""
    for service in SERVICES:
        lay_one(houses.documents(service), number, states[service])
    houses.houses["intake"].journal.write([_accepted(number)])


def lay_one(documents: Documents[Any], key: str, state: Any) -> None:
    """Lay one document, as its first step would have."""
    cause = Cause(id=key, kind="event", who=HEARER, correlation="laid")
    draft = documents.draft(key, cause).step((state, []), cause=cause, what="laid", at=AT)
    documents.collection.insert_one(documents.document(draft, key))


def states(number: str, matters: tuple[str, ...], circle: Circle) -> dict[Service, Any]:
    """Of each matter an accepted order that runs, and one that waits for a review."""
    return {
        "intake": _case(number, matters, circle),
        "dispatch": _handling(number, matters, circle),
        "supervision": _supervision(number, matters, circle),
        "feedback": _echo(number, matters, circle),
        "notify": _correspondence(number, matters, circle),
    }


def _case(number: str, matters: tuple[str, ...], circle: Circle) -> Case:
    one = case()
    told = tuple(replace(one.matters[0], id=matter_id) for matter_id in matters)
    orders = tuple(OrderRef(id=f"{m}-1", unit="police", matter=m) for m in matters)
    return replace(one, number=number, matters=told, circle=circle, orders=orders)


def _handling(number: str, matters: tuple[str, ...], circle: Circle) -> Handling:
    order = Order(
        id="", matter="", unit="police", role="lead", round=1, ground="by_subject", entry="",
        state="accepted", dispatched_at=AT,
    )  # fmt: skip
    return Handling(
        number=number,
        office=OFFICE,
        rulebook=folder(OFFICE).rulebook.hash,
        matters=tuple(matter(m) for m in matters),
        orders=tuple(replace(order, id=f"{m}-1", matter=m) for m in matters),
        gaps=matters[:1],
        circle=circle,
    )


def _supervision(number: str, matters: tuple[str, ...], circle: Circle) -> Supervision:
    kept = Kept(
        channel="call", difficulty="ordinary", priority="normal", legal_class=None, flags=(),
        received_at=AT, accepted_at=AT, complainants=(),
    )  # fmt: skip
    limit = Limit(
        reason="started", start=AT, begun_at=AT, term=None, due_on=AT.date(), due_at=AT, urge_at=None,
        provisional=False,
    )  # fmt: skip
    running = Clock(
        order="", matter="", unit="police", role="lead", round=1, dispatched_at=AT, accepted_at=AT,
        limits=(limit,),
    )  # fmt: skip
    replied = replace(running, replies=(Reply(n=1, round=1, submitted_at=AT, verdict="pending"),))
    both = ((running, 1), (replied, 2))
    clocks = tuple(replace(clock, order=f"{m}-{n}", matter=m) for m in matters for clock, n in both)
    return Supervision(
        number=number,
        office=OFFICE,
        rulebook="",
        calendar="",
        case=kept,
        clocks=clocks,
        matter_ids=matters,
        circle=circle,
    )


def _echo(number: str, matters: tuple[str, ...], circle: Circle) -> Echo:
    return Echo(
        number=number, office=OFFICE, rulebook="", channel="call", language="zh", legal_class=None,
        flags=(), owner="office", matters=tuple(matter(m) for m in matters), parties=(), state="open",
        circle=circle,
    )  # fmt: skip


def _correspondence(number: str, matters: tuple[str, ...], circle: Circle) -> Correspondence:
    call = Attempt(medium="call", reference=number)
    one = Message(
        id="a:1", message="1", source="a", sequence=1, said_at=AT, template="evaluation_call",
        addressee_kind="party", addressee="p1", state="listed", since=AT, attempts=(call,),
    )  # fmt: skip
    return Correspondence(
        number=number, office=OFFICE, language="zh", channel="call",
        rulebook=folder(OFFICE).rulebook.hash, parties=(),
        messages=(one, replace(one, id="a:2", message="2", state="uncertain")),
        matters=tuple(matter(m) for m in matters), circle=circle,
    )  # fmt: skip


def _accepted(number: str) -> Envelope:
    return Envelope(
        id=f"accepted-{number}", source="dispatch", subject=number, time=AT, office=OFFICE, sequence=1,
        correlationid="laid", causationid="", type="order.accepted", data={"order": "m1-1"},
    )  # fmt: skip
