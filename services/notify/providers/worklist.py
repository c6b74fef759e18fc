"""Letters and call tasks: a person works them off from a list and says how it went."""

from services.notify.providers.interface import Outgoing, Receipt


class WorkList:
    """Puts messages on the list, which is the message's own state; twice is the same as once."""

    repeatable = True

    def send(self, outgoing: Outgoing) -> Receipt:
        """The message is listed from now on."""
        return Receipt(state="listed")

    def ask(self, reference: str) -> Receipt | None:
        """Nothing is kept here, so it is listed once more."""
        return None
