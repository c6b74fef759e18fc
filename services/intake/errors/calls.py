"""What intake refuses of calls, emergencies and abuse of the line."""

from huiyin.chassis.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated


class WrongSignature(Unauthenticated):
    """The request is not signed by the call centre, or was signed too long ago."""

    code = "wrong-signature"


class CallCentreAway(Exception):
    """The call centre did not take a request; it is asked again."""


class NoSuchCall(NotFound):
    """There is no such call, or it belongs to a case that is not open to the caller."""

    code = "no-such-call"


class NotYourCall(Forbidden):
    """The call's number is shown to whoever took the call."""

    code = "not-your-call"


class NoTelephone(Invalid):
    """The office takes nothing by telephone."""

    code = "no-telephone"


class NoSuchLine(Invalid):
    """The office hands nothing over to this line."""

    code = "no-such-line"


class StayOnTheLine(Conflict):
    """Nobody has taken the caller over yet."""

    code = "stay-on-the-line"


class CallerLimited(Conflict):
    """The number was limited by a person; only emergencies go through."""

    code = "caller-limited"


class NoSuchHandOver(NotFound):
    """The call has no such hand-over."""

    code = "no-such-hand-over"


class AlreadySettled(Conflict):
    """The hand-over, limit or verification was settled before."""

    code = "already-settled"


class LimitNotAllowed(Conflict):
    """The office's rulebook limits nobody."""

    code = "limit-not-allowed"


class NoSuchCaller(NotFound):
    """Nobody called under this mark."""

    code = "no-such-caller"


class NoEmergency(Conflict):
    """The case is no emergency, so there is nothing to verify."""

    code = "no-emergency"
