"""A toy service on the real chassis: it hears supervision's events and counts what it heard.

`order.dispatched` opens a tally, `reply.submitted` adds the reply's number to it and needs an
open tally. Both travel on the real table of contracts, so the real queues are used. As a sayer
the toy is dispatch: `open_tally` and `add_reply` say the same two events.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pymongo.database import Database

from huiyin.chassis.audit import AuditKey
from huiyin.chassis.digest import Digest
from huiyin.chassis.errors import NotYet
from huiyin.chassis.fold import Folder, Heard
from huiyin.chassis.mongo import connect
from huiyin.chassis.mongo import database as open_database
from huiyin.chassis.observe import Metrics
from huiyin.chassis.pipeline import Pipeline
from huiyin.chassis.relay import Relay
from huiyin.chassis.steps import Actor, Cause, Outcome
from huiyin.chassis.store import Documents
from huiyin.chassis.waiting import Waiting
from huiyin.contracts.envelope import Envelope, dump
from huiyin.contracts.events import Event, OrderDispatched, ReplySubmitted
from huiyin.contracts.services import Service

AT = datetime(2024, 9, 27, 2, 0, tzinfo=UTC)
WHO = Actor(subject="s-1", role="unit", office="toy", unit="u1")
AUDIT_KEY = AuditKey(bytes(range(32)), "dispatch")


@dataclass(frozen=True)
class Tally:
    """How many replies were heard, and which."""

    replies: tuple[int, ...] = ()


def machine_now() -> datetime:
    return datetime.now(UTC)


# -- the hearer --------------------------------------------------------------------------


def opened(tally: Tally | None, _heard: Heard) -> Outcome[Tally]:
    return tally or Tally(), []


def added(tally: Tally | None, heard: Heard) -> Outcome[Tally]:
    if tally is None:
        raise NotYet("no tally yet")
    assert isinstance(heard.event, ReplySubmitted)
    if heard.event.reply == POISON:
        raise RuntimeError("this reply is poison")
    return replace(tally, replies=(*tally.replies, heard.event.reply)), []


POISON = 666
HANDLERS = {"order.dispatched": opened, "reply.submitted": added}


@dataclass(frozen=True)
class Toy:
    """The toy's store pieces."""

    documents: Documents[Tally]
    waiting: Waiting
    digest: Digest[Tally]

    def replies(self, case: str) -> tuple[int, ...]:
        record = self.documents.look(case)
        return record.state.replies if record else ()


def toy(
    database: Database[dict[str, Any]], *, now: Callable[[], datetime] = machine_now, **options: Any
) -> Toy:
    documents = Documents(database["tallies"], Tally, office_now=lambda: AT, machine_now=machine_now)
    documents.prepare()
    waiting = Waiting(database["waiting"], now)
    waiting.prepare()
    folder = Folder(documents, HANDLERS, office_now=lambda: AT, **options)
    return Toy(documents, waiting, Digest(folder, waiting, Metrics("toy")))


def toy_from_environment() -> Toy:
    return toy(open_database(connect(os.environ["TOY_MONGO"]), os.environ["TOY_DATABASE"]))


# -- the sayer ---------------------------------------------------------------------------


def request(key: str, body: str = "") -> Cause:
    return Cause(id=key, kind="request", who=WHO, correlation=f"c-{key}", body=body)


def open_tally(documents: Documents[Tally], case: str) -> None:
    """Create the case's document under its own name; it says `order.dispatched`."""
    documents.create(case, (Tally(), [order_dispatched()]), cause=request(case), what="open", answer={})


def add_reply(documents: Documents[Tally], case: str, number: int) -> None:
    """One more step of the case; it says `reply.submitted`."""
    documents.take(
        case,
        request(f"{case}/{number}"),
        "reply",
        lambda tally: (replace(tally, replies=(*tally.replies, number)), [reply_submitted(number)]),
    )


def relay_of(
    documents: Documents[Tally],
    pipeline: Pipeline,
    *,
    sayer: Service = "dispatch",
    office_now: Callable[[], datetime] = lambda: AT,
    machine_now: Callable[[], datetime] = machine_now,
) -> Relay:
    return Relay(
        sayer,
        [documents],
        pipeline,
        office_now=office_now,
        machine_now=machine_now,
        metrics=Metrics("toy"),
    )


# -- what travels ------------------------------------------------------------------------


def order_dispatched() -> OrderDispatched:
    return OrderDispatched(
        order="o1",
        matter="m1",
        unit="u1",
        role="lead",
        round=1,
        ground="by_subject",
        entry="e",
        dispatched_at=AT,
    )


def reply_submitted(number: int) -> ReplySubmitted:
    return ReplySubmitted(
        order="o1", unit="u1", reply=number, round=1, final=True, digest="", submitted_at=AT
    )


def envelope(subject: str, sequence: int, event: Event) -> Envelope:
    return Envelope(
        id=f"{subject}-{sequence}",
        source="dispatch",
        type=event.type,
        subject=subject,
        time=AT,
        office="toy",
        sequence=sequence,
        correlationid="c",
        causationid="c",
        data=dump(event),
    )


def case_of(subject: str, replies: Sequence[int]) -> list[Envelope]:
    """The envelopes of one case: its order, then its replies."""
    events = [order_dispatched(), *(reply_submitted(n) for n in replies)]
    return [envelope(subject, n, event) for n, event in enumerate(events, start=1)]
