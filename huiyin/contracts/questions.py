"""The few questions services ask one another by RPC; everything else is said as an event."""

from dataclasses import dataclass
from typing import Final

from huiyin.contracts.services import Service


@dataclass(frozen=True)
class Question:
    """One question: who answers it, how long the asker waits, what is done when nobody does."""

    answerer: Service
    method: str
    timeout_s: float
    when_silent: str


#: One contact of one party for one purpose, sealed to the asker's key.
CONTACT: Final = Question(
    "intake", "contact", 5.0, "the message or call waits and is tried again; opening answers 503"
)
#: A text freed of the complainant's identity; it comes sealed to intake's key as {text}.
REDACT: Final = Question("intake", "redact", 5.0, "the text is not shown; the asker tries again")
#: The redacted text of one reply of one order.
REPLY_TEXT: Final = Question("dispatch", "reply_text", 8.0, "the message waits and is tried again")

QUESTIONS: Final = (CONTACT, REDACT, REPLY_TEXT)
