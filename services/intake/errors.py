"""What intake refuses, and why."""

from huiyin.chassis.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge


class NotAsRuled(Invalid):
    """The office's rulebook does not take the complaint as it was sent; each field is named."""

    code = "not-as-ruled"


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


class NoSuchMatter(NotFound):
    """The case has no such matter."""

    code = "no-such-matter"


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


class NoSuchFile(NotFound):
    """The case has no such file, or no copy of it was released to the caller."""

    code = "no-such-file"


class FileNotTaken(Invalid):
    """The file's content is of no kind that is taken, whatever its name says."""

    code = "file-not-taken"


class FileTooLarge(TooLarge):
    """The file is over the limit."""

    code = "file-too-large"


class TooManyFiles(Conflict):
    """The case holds as many files as a case may."""

    code = "too-many-files"
