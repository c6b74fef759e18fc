"""What intake refuses of the knowledge base."""

from huiyin.chassis.errors import Conflict, Forbidden, NotFound


class NoSuchEntry(NotFound):
    """The office's knowledge base has no such entry, or not for the caller."""

    code = "no-such-entry"


class NoSuchVersion(NotFound):
    """The entry has no version of that number."""

    code = "no-such-version"


class NoSuchProposal(NotFound):
    """The entry has no such proposal."""

    code = "no-such-proposal"


class AlreadyAnEntry(Conflict):
    """The office's knowledge base has an entry of that id; its new wording is a version."""

    code = "already-an-entry"


class NotTheOwner(Forbidden):
    """A unit writes only for entries of its own."""

    code = "not-the-owner"
