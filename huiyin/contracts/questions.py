"""The few questions services ask one another by RPC; everything else is said as an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from huiyin.contracts.services import SERVICES, Service


@dataclass(frozen=True)
class Question:
    """One question: who answers it, how long the asker waits, what is done when nobody does."""

    answerer: Service
    method: str
    timeout_s: float
    when_silent: str


#: One contact of one party for one purpose, sealed to the asker's key. `who` {subject, role, office, unit} is
#: the member of staff for whom it is opened; what goes out by machine is asked for without.
CONTACT: Final = Question(
    "intake", "contact", 5.0, "the message or call waits and is tried again; opening answers 503"
)
#: Why intake refuses a contact to whom its circle, the true one, shuts out: told as if there were no case.
HIDDEN: Final = "NotFound"
#: Why intake refuses for good: the complainant asked that nobody open it any more (E-35).
RESTRICTED: Final = "ViewRestricted"
#: A text freed of the complainant's identity; it comes sealed to intake's key as {text}.
REDACT: Final = Question("intake", "redact", 5.0, "the text is not shown; the asker tries again")
#: The redacted text of one reply of one order.
REPLY_TEXT: Final = Question("dispatch", "reply_text", 8.0, "the message waits and is tried again")
#: The words of a version of a knowledge entry, for a message to this kind of reader; what is for staff
#: only is refused for all but units (E-128).
GUIDANCE: Final = Question("intake", "guidance", 5.0, "the message waits and is tried again")
#: May this order of an accusing or confidential matter go to this unit (and person)? The answer
#: {leave, version} holds for that version of the circle; an approval is spent on the order, once.
DISCLOSE: Final = Question("intake", "disclose", 5.0, "the order stays held and is tried again")
#: May this member of staff open what is written of an accusing or confidential matter?
MAY_OPEN: Final = Question("intake", "may_open", 5.0, "opening answers 503")
#: May this member of staff open what the complainant said of a matter? Refused as RESTRICTED (E-35).
MAY_READ: Final = Question("intake", "may_read", 5.0, "opening answers 503")

#: Whether the retention of an office's month is over: {over, ends_on, why}.
RETENTION: Final = Question("intake", "retention", 8.0, "no key is destroyed; the custodian tries again")

#: The newest head of a service's audit, kept by the next service. A head belongs to no case and no
#: office, so it is no event; and who asks must learn that it was kept, or that another one was.
KEEP_HEAD: Final[Mapping[Service, Question]] = {
    service: Question(
        keeper, "keep_head", 5.0, "the head is told again at the next look; meanwhile it is not anchored"
    )
    for service, keeper in zip(SERVICES, (*SERVICES[1:], SERVICES[0]), strict=True)
}

QUESTIONS: Final = (
    *(CONTACT, REDACT, REPLY_TEXT, GUIDANCE, DISCLOSE, MAY_OPEN, MAY_READ, RETENTION),
    *KEEP_HEAD.values(),
)
