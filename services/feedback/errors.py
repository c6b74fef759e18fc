"""What feedback refuses, and why."""

from huiyin.chassis.errors import Conflict, Forbidden, NotFound


class NoSuchMatter(NotFound):
    """The case has no such matter."""

    code = "no-such-matter"


class NoWords(NotFound):
    """The complainant said no words about this matter."""

    code = "no-words"


class NotHandled(Conflict):
    """Handling is not complete, so there is no result to tell (S0-19)."""

    code = "not-handled"


class NotTold(Conflict):
    """The result was not told yet, so it cannot be evaluated."""

    code = "not-told"


class WrongState(Conflict):
    """The echo's state does not allow this."""

    code = "wrong-state"


class TooSoon(Conflict):
    """The last attempt is too short a time ago (E-31)."""

    code = "too-soon"


class WindowOver(Conflict):
    """The time in which an evaluation may be changed is over (E-109)."""

    code = "window-over"


class ContactRefused(Forbidden):
    """Intake does not open this contact."""

    code = "contact-refused"


class NobodyToCall(Conflict):
    """Nobody of the case is to be contacted any more."""

    code = "nobody-to-call"
