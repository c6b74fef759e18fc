"""What intake refuses of files and quarantine."""

from huiyin.chassis.errors import Conflict, Invalid, NotFound, TooLarge


class NoSuchFile(NotFound):
    """The case has no such file, or no copy of it was released to the caller."""

    code = "no-such-file"


class FileNotTaken(Invalid):
    """The file's content is of no kind that is taken, whatever its name says."""

    code = "file-not-taken"


class FileTooLarge(TooLarge):
    """The file is over the limit."""

    code = "file-too-large"


class Quarantined(Conflict):
    """The file is in quarantine: only who keeps it opens it, with a reason."""

    code = "quarantined"


class NotQuarantined(Conflict):
    """The file is not in quarantine, or it was decided already."""

    code = "not-quarantined"


class ScannerAway(Exception):
    """The scanner gave no clear answer; the file stays in quarantine and is tried again."""


class TooManyFiles(Conflict):
    """The case holds as many files as a case may."""

    code = "too-many-files"
