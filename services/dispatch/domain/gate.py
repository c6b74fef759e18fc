"""The leader's gate: who reads a matter before anything of it leaves (S2-17…S2-19, E-76)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bson import Binary

from huiyin.chassis import walls
from huiyin.chassis.errors import no_such
from huiyin.chassis.steps import Actor
from huiyin.contracts.events import Event, InstructionAsked, InstructionGiven, Matter, MessageRequested
from services.dispatch.domain.giving import Given
from services.dispatch.domain.handling import Handling
from services.dispatch.domain.routing import route
from services.dispatch.domain.rules import Rules
from services.dispatch.errors import NotAwaited


def ask_leaders(handling: Handling, matters: Sequence[Matter], rules: Rules, at: datetime) -> Given:
    """Each matter waits for a leader whom it does not touch; where there is none, it goes on up (E-76)."""
    readable = [matter for matter in matters if _has_reader(handling, matter.id, rules)]
    left = [matter for matter in matters if matter not in readable]
    events: list[Event] = []
    if readable:
        ids = tuple(matter.id for matter in readable)
        handling = replace(handling, gate="asked", awaiting=(*handling.awaiting, *ids))
        events = [InstructionAsked(matters=ids), *_messages(handling, ids)]
    routed, said = route(handling, left, rules, at)
    return routed, [*events, *said]


def instruct(handling: Handling, words: Binary, leader: Actor, rules: Rules, at: datetime) -> Given:
    """A leader has read what is open to them and instructed: now it goes out (S2-18, S2-19, E-72, E-76)."""
    seen = walls.open_matters(
        leader, handling.circle, (m.id for m in handling.matters), rules.office, rules.at
    )
    if not seen:
        raise no_such(handling.number)
    read = [matter for matter in handling.awaiting if matter in seen]
    if handling.gate != "asked" or not read:
        raise NotAwaited("该诉求不在等待领导批示。")
    left = tuple(matter for matter in handling.awaiting if matter not in read)
    instructed = replace(
        handling,
        gate="asked" if left else "instructed",
        awaiting=left,
        instructions=(*handling.instructions, words),
    )
    routed, events = route(instructed, [handling.matter(matter) for matter in read], rules, at)
    return routed, [InstructionGiven(leader=leader.subject, given_at=at), *events]


def open_for_danger(handling: Handling, rules: Rules, at: datetime) -> Given:
    """The case became an emergency: what waits for a leader goes out now (E-50, E-51, S4-33)."""
    if not handling.awaiting or handling.concluded:
        return handling, []
    waited = [handling.matter(matter) for matter in handling.awaiting]
    return route(replace(handling, gate="none", awaiting=()), waited, rules, at)


def _has_reader(handling: Handling, matter: str, rules: Rules) -> bool:
    leaders = (
        Actor(subject=person.subject, role="leader", office=handling.office, unit=person.unit)
        for person in rules.office.holders("leader")
    )
    return any(walls.may(one, handling.circle, matter, rules.office, rules.at) for one in leaders)


def _messages(handling: Handling, matters: Sequence[str]) -> list[Event]:
    """One for all that is open to every leader, and one for each guarded matter: not all may know of it."""
    guarded = [matter for matter in matters if handling.circle.of(matter).guarded]
    ordinary = [""] if len(guarded) < len(matters) else []
    return [
        MessageRequested(
            message=f"instruction-needed:{matter}" if matter else "instruction-needed",
            template="instruction_needed",
            addressee_kind="role",
            addressee="leader",
            matter=matter,
        )
        for matter in (*ordinary, *guarded)
    ]
