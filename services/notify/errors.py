"""What notify refuses, and why; and what its providers say instead of an answer."""

from huiyin.chassis.errors import Conflict, NotFound, Unauthenticated


class NoSuchMessage(NotFound):
    """The case has no such message."""

    code = "no-such-message"


class NoSuchReference(NotFound):
    """No message was ever sent under this reference."""

    code = "no-such-reference"


class WrongState(Conflict):
    """The message's state does not allow this."""

    code = "wrong-state"


class Overtaken(Conflict):
    """Something newer of the same case was sent to the same addressee meanwhile (E-119)."""

    code = "overtaken"


class NotDisclosed(Conflict):
    """The service that owns the contact or the text refuses to give it out."""

    code = "not-disclosed"


class Restricted(Conflict):
    """The addressee asked that nobody open their contact any more (E-35)."""

    code = "restricted"


class NotWritable(Conflict):
    """The message cannot be written: its template lacks a parameter, or names what is not there."""

    code = "not-writable"


class WrongSignature(Unauthenticated):
    """The receipt is not signed by the gateway."""

    code = "wrong-signature"


class NoSuchUnit(NotFound):
    """The office's directory has no such unit."""

    code = "no-such-unit"


class NoSuchFeed(NotFound):
    """The unit has no feed."""

    code = "no-such-feed"


class NoFeeds(Conflict):
    """This platform is set up without departments' feeds."""

    code = "no-feeds"


class FeedMissing(Exception):
    """The stream of a feed is not there: its lines wait until it is made again."""


class Unsent(Exception):
    """The provider surely did not take the message; it is tried again."""


class Unclear(Exception):
    """The connection broke before the provider answered; it may have taken the message."""


class CannotSay(Exception):
    """The provider cannot be asked what became of a reference."""
