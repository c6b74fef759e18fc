"""What every provider can do, and what it is given."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

#: taken: a receipt follows; listed: a person does it; refused: this will never work.
ReceiptState = Literal["taken", "listed", "delivered", "refused"]


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message as it leaves, with its stable reference; identity and text never show in a repr."""

    reference: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of a message; `reason` is a code, never the provider's words."""

    state: ReceiptState
    reason: str = ""


class Provider(Protocol):
    """One way out.

    `repeatable`: sending again under the same reference does no harm, so that after a crash it
    is sent again when nobody can say whether it was taken; else a person decides.
    """

    repeatable: bool

    def send(self, outgoing: Outgoing) -> Receipt:
        """Hand the message over; Unsent when surely not taken, Unclear when perhaps."""

    def ask(self, reference: str) -> Receipt | None:
        """What became of a reference, nothing when it is unknown.

        CannotSay when it can never be asked, Unsent when it does not answer now.
        """
