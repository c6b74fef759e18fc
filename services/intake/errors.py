"""What intake refuses, and why."""

from huiyin.chassis.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge


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


class ViewRestricted(Forbidden):
    """At the complainant's request identity and original words are no longer opened."""

    code = "view-restricted"


class AlreadyRestricted(Conflict):
    """The view is restricted already."""

    code = "already-restricted"


class AlreadyConcluded(Conflict):
    """The case is over."""

    code = "already-concluded"


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
