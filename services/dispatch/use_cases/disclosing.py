"""What waits for leave: intake says whether an order of a guarded matter may go out."""

import logging

from huiyin.chassis.asking import Refused
from huiyin.chassis.draft import Record
from huiyin.chassis.errors import Unavailable
from huiyin.chassis.mongo import STORE_AWAY
from huiyin.chassis.steps import Cause, machine
from huiyin.contracts.questions import DISCLOSE
from services.dispatch.domain import circle, giving
from services.dispatch.domain.handling import Handling, Order
from services.dispatch.store import with_held
from services.dispatch.use_cases.house import House

_log = logging.getLogger(__name__)


def disclose_held(house: House) -> None:
    """Ask intake for leave to send what is held; while intake is away all of it stays held (S0-36).

    An order that fails is told, stays held, and does not stop the others. Unavailable without intake.
    """
    for record in with_held(house.handlings):
        for order in record.state.orders:
            if order.state == "held":
                _kept_apart(house, record, order)


def _kept_apart(house: House, record: Record[Handling], order: Order) -> None:
    try:
        _disclose(house, record, order)
    except (Unavailable, *STORE_AWAY):
        raise
    except Exception:  # noqa: BLE001 - the other orders must go out all the same
        _log.exception("a held order could not be sent", extra={"case": record.key})


def _disclose(house: House, record: Record[Handling], order: Order) -> None:
    asked = {"order": order.id, "matter": order.matter, "unit": order.unit, "head": order.head}
    try:
        answer = house.base.asker.ask(DISCLOSE, number=record.key, **asked)
    except Refused as refused:  # intake has not got the case
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
