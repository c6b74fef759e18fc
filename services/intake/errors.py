"""What intake refuses, and why."""

from huiyin.chassis.errors import Conflict, Forbidden, Invalid, NotFound


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


class AlreadyAsked(Conflict):
    """The same person's request for this identity waits already."""

    code = "already-asked"


class NoSuchRequest(NotFound):
    """The case has no such request for an identity."""

    code = "no-such-request"


class NotGranted(NotFound):
    """No grant holds for this person now; whoever asked is told that there is no such case."""


class OwnRequest(Forbidden):
    """A custodian never grants to himself."""

    code = "own-request"


class AlreadyDecided(Conflict):
    """The request was granted or refused already."""

    code = "already-decided"


class TooLong(Invalid):
    """A grant ends after now, and within what any act needs."""

    code = "too-long"


class NothingToCorrect(Invalid):
    """The correction says nothing that is not held already."""

    code = "nothing-to-correct"


class ViewRestricted(Forbidden):
    """At the complainant's request identity and original words are no longer opened."""

    code = "view-restricted"


class AlreadyRestricted(Conflict):
    """The view is restricted already."""

    code = "already-restricted"


class AlreadyConcluded(Conflict):
    """The case is over."""

    code = "already-concluded"
