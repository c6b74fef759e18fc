"""What intake refuses of likeness, links between cases and search."""

from huiyin.chassis.errors import Conflict, Invalid


class AlreadyLinked(Conflict):
    """The case is linked already, or is the first of the issue itself."""

    code = "already-linked"


class NoSuchEarlier(Invalid):
    """The other case that was named is not there, or not for whoever named it."""

    code = "no-such-earlier"


class NotLinked(Conflict):
    """There is no link to take back."""

    code = "not-linked"


class NothingLookedFor(Invalid):
    """What is looked for holds no letter or digit."""

    code = "nothing-looked-for"
