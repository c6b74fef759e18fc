"""What intake refuses of taking down, drafts, visits and taking over."""

from huiyin.chassis.errors import Conflict, Invalid, NotFound


class NotAsRuled(Invalid):
    """The office's rulebook does not take the complaint as it was sent; each field is named."""

    code = "not-as-ruled"


class NoSuchParty(NotFound):
    """The case has no such party."""

    code = "no-such-party"


class AlreadyTakenOver(Conflict):
    """The older system's case was taken over before; `number` is what it has here."""

    code = "already-taken-over"


class AlreadyRegistered(Conflict):
    """The same message of the same system was registered before; `number` is what it has here."""

    code = "already-registered"


class AlreadyPassedOn(Conflict):
    """The case went to another office before; `to` is which."""

    code = "already-passed-on"


class TooLong(Invalid):
    """A grant ends after now, and within what any act needs."""

    code = "too-long"


class NothingToCorrect(Invalid):
    """The correction says nothing that is not held already."""

    code = "nothing-to-correct"


class NothingChanged(Conflict):
    """The case is sorted so already."""

    code = "nothing-changed"


class ChangedMeanwhile(Conflict):
    """Another officer corrected the same part since it was read; `fields` hold the newer text (E-121)."""

    code = "changed-meanwhile"


class NoSuchIncident(NotFound):
    """The case has no such incident."""

    code = "no-such-incident"


class NotAVisit(Conflict):
    """Nobody came in person, so nobody made trouble at the window."""

    code = "not-a-visit"


class PoliceFirst(Conflict):
    """The police are contacted before anything else is recorded (E-55)."""

    code = "police-first"


class NotInterested(Conflict):
    """Only an interested person can consent."""

    code = "not-interested"


class NotYourDraft(Conflict):
    """Another officer holds the draft, or it lay too long: it must be taken over first."""

    code = "not-your-draft"


class DraftFinished(Conflict):
    """The draft became a case; `number` is that case's."""

    code = "draft-finished"


class AlreadyConcluded(Conflict):
    """The case is over."""

    code = "already-concluded"


class NoSuchMatter(NotFound):
    """The case has no such matter."""

    code = "no-such-matter"
