"""What intake refuses of the circle, identity and what may be disclosed."""

from huiyin.chassis.errors import Conflict, Forbidden, Invalid, NotFound


class AlreadyAsked(Conflict):
    """The same person's request, for this identity or this transfer, waits already."""

    code = "already-asked"


class NoSuchRequest(NotFound):
    """The case has no such request, for an identity or a transfer."""

    code = "no-such-request"


class NotGranted(NotFound):
    """No grant holds for this person now; whoever asked is told that there is no such case."""


class NoConsent(Conflict):
    """Whoever is named has not consented that the press learns it (E-83)."""

    code = "no-consent"


class OwnRequest(Forbidden):
    """A custodian never grants to himself."""

    code = "own-request"


class AlreadyDecided(Conflict):
    """The request was granted or refused already."""

    code = "already-decided"


class AlreadyRestricted(Conflict):
    """The view is restricted already."""

    code = "already-restricted"


class NotInDirectory(Invalid):
    """A person or unit that was named does not stand in the office's directory."""

    code = "not-in-directory"


class NoOverride(Conflict):
    """No approval lifts this ban: the rulebook has none, or there is no ban to lift."""

    code = "no-override"


class ApproverTouched(Conflict):
    """Whoever approves may be neither the accused, nor of their units, nor the requester."""

    code = "approver-touched"


class AlreadyApproved(Conflict):
    """An approval for this unit waits to be used."""

    code = "already-approved"


class NotYourConflict(Forbidden):
    """A conflict of others is declared by a supervisor, a leader or a custodian."""

    code = "not-your-conflict"


class NotToBeDisclosed(Conflict):
    """The order may not go there."""

    code = "not-to-be-disclosed"


class NotDisclosable(Forbidden):
    """Guidance for staff goes to departments only, never to a complainant."""

    code = "staff-only"
