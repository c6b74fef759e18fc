"""Correspondences, messages and rules as the tests of notify need them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from huiyin.chassis.rulebook import OfficeFolder, load_offices
from huiyin.contracts.events import CaseConcluded, Event, Medium, MessageRequested, PartyRef
from services.notify.domain import delivery
from services.notify.domain.correspondence import Correspondence, Message
from services.notify.domain.order import Outcome
from services.notify.domain.rules import Rules

OFFICES = Path(__file__).parents[3] / "deploy" / "offices"
NOON = datetime(2026, 6, 5, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
NIGHT = datetime(2026, 6, 5, 14, 0, tzinfo=UTC)  # 22:00
MORNING = datetime(2026, 6, 6, 0, 0, tzinfo=UTC)  # 8:00 of the next day, when quiet hours end
MACHINE = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
OVER = CaseConcluded(outcome="echoed", round=1, concluded_at=NOON)
PHONE: tuple[Medium, ...] = ("sms", "call")
ALL: tuple[Medium, ...] = ("sms", "call", "mail", "letter")


@cache
def folders() -> dict[str, OfficeFolder]:
    return load_offices(OFFICES)


def rules(office: str = "mayors-line", at: datetime = NOON, machine: datetime = MACHINE) -> Rules:
    folder = folders()[office]
    return Rules(
        book=folder.rulebook,
        folder=folder,
        office_now=at,
        machine_now=machine,
        lease=timedelta(seconds=60),
        jitter=1.0,
    )


def case(
    media: tuple[Medium, ...] = PHONE, channel: str = "web", office: str = "mayors-line"
) -> Correspondence:
    party = PartyRef(id="p1", role="complainant", anonymous=False, media=media)
    return Correspondence(
        number="SZ20260605W00001",
        office=office,
        language="zh",
        channel=channel,
        rulebook="hash",
        parties=(party,),
    )


def message(
    word: str = "a", *, source: str = "intake", sequence: int = 1, at: datetime = NOON, **more: Any
) -> Message:
    event = MessageRequested(
        **{
            "message": word,
            "template": "result_ready",
            "addressee_kind": "party",
            "addressee": "p1",
            **more,
        }
    )
    return delivery.message_of(event, source, sequence, at, NOON)


class Course:
    """Takes steps one after the other and keeps what was said."""

    def __init__(self, correspondence: Correspondence, rules_: Rules | None = None) -> None:
        self.now = correspondence
        self.rules = rules_ or rules()
        self.said: list[Event] = []

    def take(self, outcome: Outcome) -> "Course":
        self.now, events = outcome
        self.said += events
        return self

    def ask(self, *messages: Message) -> "Course":
        for asked in messages:
            self.take(delivery.request(self.now, asked, self.rules))
        return self

    def do(self, verb: Any, word: str = "a", *more: Any, source: str = "intake", **named: Any) -> "Course":
        return self.take(verb(self.now, f"{source}:{word}", *more, self.rules, **named))

    def send(self, word: str = "a", source: str = "intake") -> "Course":
        """The provider takes the message."""
        return self.do(delivery.claim, word, source=source).do(delivery.take, word, source=source)

    def listed(self, word: str = "a", source: str = "intake") -> "Course":
        return self.do(delivery.claim, word, source=source).do(delivery.put_on_list, word, source=source)

    def at(self, office: datetime | None = None, machine: datetime | None = None) -> "Course":
        self.rules = replace(
            self.rules,
            office_now=office or self.rules.office_now,
            machine_now=machine or self.rules.machine_now,
        )
        return self

    def message(self, word: str = "a", source: str = "intake") -> Message:
        return self.now.message(f"{source}:{word}")

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.said]
