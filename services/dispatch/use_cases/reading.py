"""Reading what was written: replies and reasons, which are sealed where they were born."""

from huiyin.chassis import walls
from huiyin.chassis.askers import seal_for
from huiyin.chassis.errors import Forbidden
from huiyin.chassis.leave import require_leave
from huiyin.chassis.steps import Actor
from huiyin.contracts.questions import REDACT
from services.dispatch.domain.handling import Handling, Order
from services.dispatch.errors import NotReturned
from services.dispatch.use_cases.house import House, office_of
from services.dispatch.use_cases.views import handling, order_of


def read_reply(house: House, number: str, order: str, n: int, who: Actor) -> str:
    """The original words of one reply, for the unit that wrote it and those who judge or tell it (E-76)."""
    found = handling(house, number, who)
    own = who.role == "unit"
    asked = order_of(house, found, order, who, ("own", "above")) if own else found.order(order)
    if who.role == "leader":
        _require_judge(house, who, found, asked)
    require_leave(house.base.asker, who, number, found.circle, asked.matter)
    return _open(house, asked, n)


def _require_judge(house: House, who: Actor, found: Handling, order: Order) -> None:
    office, shut = office_of(house, who), (found.circle, (order.matter,), (order.unit,))
    if not walls.may_judge(who, "supervisor", *shut, office, house.now()):
        raise Forbidden("本机构尚有可以审核的督办人员；只有督办人员均须回避时，才由领导查看答复并审核。")


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
