"""What intake refuses, and why."""

from huiyin.chassis.errors import Conflict, Invalid, NotFound


class NotAsRuled(Invalid):
    """The office's rulebook does not take the complaint as it was sent; each field is named."""

    code = "not-as-ruled"


class NoSuchCase(NotFound):
    """There is no such case, or the caller may not know of it."""

    code = "no-such-case"


class NoSuchParty(NotFound):
    """The case has no such party."""

    code = "no-such-party"


class AlreadyTakenOver(Conflict):
    """The older system's case was taken over before; `number` is what it has here."""

    code = "already-taken-over"


class AlreadyConcluded(Conflict):
    """The case is over."""

    code = "already-concluded"
