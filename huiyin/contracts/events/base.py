"""What every event is made of: the base class and the words several events share."""

from dataclasses import dataclass
from typing import ClassVar, Literal

#: A `forwarder` is the organ that a letter was forwarded by; it asked to be told, and is no complainant.
CaseRole = Literal["complainant", "representative", "interested", "forwarder"]
#: What somebody may be told: the result, or only that there is one.
ToldOf = Literal["result", "notice"]
OrderRole = Literal["lead", "assisting"]
Ground = Literal[
    "by_subject",
    "by_territory",
    "by_level",
    "by_person",
    "taken_over",
    "by_accusation",
    "by_leader",
    "for_guidance",
    "direct_handling",
]
Medium = Literal["sms", "mail", "letter", "call"]
AddresseeKind = Literal["party", "unit", "role", "person", "outside"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events; `type` is the routing key."""

    type: ClassVar[str]
