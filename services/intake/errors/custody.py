"""What intake refuses of enclosures."""

from huiyin.chassis.errors import Conflict, Invalid, NotFound


class NoSuchEnclosure(NotFound):
    """The case has no such enclosure, or the enclosure no such line."""

    code = "no-such-enclosure"


class SamePerson(Conflict):
    """Two different people are needed."""

    code = "same-person"


class CountDiffers(Invalid):
    """The second person found something else than the first; each line that differs is named."""

    code = "count-differs"


class NotConfirmed(Conflict):
    """Two people must have counted it first."""

    code = "not-confirmed"


class AlreadyConfirmed(Conflict):
    """Two people have counted it already."""

    code = "already-confirmed"


class NotHolder(Conflict):
    """Only who holds the enclosure does this."""

    code = "not-holder"


class NothingHeld(Conflict):
    """What was named does not lie in custody."""

    code = "nothing-held"


class OriginalStays(Conflict):
    """The original does not leave the office for a unit; a certified copy does."""

    code = "original-stays"


class NoAddress(Conflict):
    """Nobody can be written to: safe custody, then finance."""

    code = "no-address"


class StillReturnable(Conflict):
    """It can be returned, so finance does not take it."""

    code = "still-returnable"


class NotYetFinance(Conflict):
    """The time of safe custody is not over."""

    code = "not-yet-finance"
