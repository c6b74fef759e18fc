"""What every event is made of: the base class and the words several events share."""

from dataclasses import dataclass
from typing import ClassVar, Literal

CaseRole = Literal["complainant", "representative", "interested"]
OrderRole = Literal["lead", "assisting"]
Ground = Literal["by_subject", "by_territory", "by_level", "by_person", "taken_over", "by_accusation"]
Medium = Literal["sms", "mail", "letter", "call"]
AddresseeKind = Literal["party", "unit", "role", "person", "outside"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events; `type` is the routing key."""

    type: ClassVar[str]
