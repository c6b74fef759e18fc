"""What supervision refuses, and why."""

from huiyin.chassis.errors import Conflict, Forbidden, Invalid, NotFound


class NoSuchOrder(NotFound):
    """The case has no such order."""

    code = "no-such-order"


def no_such_order(order: str) -> NoSuchOrder:
    """What is hidden is told in the same words as what is not there."""
    return NoSuchOrder(f"该诉求没有工单 {order}。")


class NoSuchExtension(NotFound):
    """The case has no such request for more time."""

    code = "no-such-extension"


class NothingReturned(NotFound):
    """The order was never returned, so there are no demands."""

    code = "nothing-returned"


class NotYourOrder(Forbidden):
    """The order was given to another unit."""

    code = "not-your-order"


class OwnResult(Forbidden):
    """Nobody judges what the own unit did (E-77)."""

    code = "own-result"


class NotApprover(Forbidden):
    """The rulebook lets another role consent to more time."""

    code = "not-approver"


class WrongState(Conflict):
    """The order's or the case's state does not allow this."""

    code = "wrong-state"


class NotPending(Conflict):
    """Nothing, or something newer, waits for this judgement."""

    code = "not-pending"


class NotExtendable(Conflict):
    """The rules allow no more time here."""

    code = "not-extendable"


class TooLate(Conflict):
    """The date has passed."""

    code = "too-late"


class BadDate(Invalid):
    """The date asked for is no later one, or lies beyond the cap."""

    code = "bad-date"


class BadJudgement(Invalid):
    """The criteria are not judged each exactly once, or words are missing."""

    code = "bad-judgement"


class NoLongerDue(Conflict):
    """Somebody else acted, or the order was finished meanwhile."""

    code = "no-longer-due"
