"""What dispatch refuses, and why."""

from huiyin.chassis.errors import Conflict, Forbidden, NotFound


class NoSuchOrder(NotFound):
    """The case has no such order."""

    code = "no-such-order"


def no_such_order(order: str) -> NoSuchOrder:
    """What is hidden is told in the same words as what is not there."""
    return NoSuchOrder(f"该诉求没有工单 {order}。")


class NoSuchMatter(NotFound):
    """The case has no such matter."""

    code = "no-such-matter"


class NoSuchReply(NotFound):
    """The order has no such reply."""

    code = "no-such-reply"


class NotYourOrder(Forbidden):
    """The order was given to another unit."""

    code = "not-your-order"


class WrongState(Conflict):
    """The order's state does not allow this."""

    code = "wrong-state"


class UnknownUnit(NotFound):
    """The office's directory has no such unit."""

    code = "unknown-unit"


class NotAwaited(Conflict):
    """Nobody waits for this instruction."""

    code = "not-awaited"


class NotReturned(NotFound):
    """The order was not returned, so there is no reason to read."""

    code = "not-returned"


class BarredUnit(Conflict):
    """The matter's circle keeps this unit out."""

    code = "barred-unit"
