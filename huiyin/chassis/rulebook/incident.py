"""The section of a rulebook on incidents: what many people tell of at once (E-37, E-56)."""

# ruff: noqa: RUF009 - key() is dataclasses.field with the mark of its readers

from dataclasses import dataclass, field

from huiyin.chassis.rulebook.values import POSITIVE, Term, are_words, key
from huiyin.contracts.roles import Role


@dataclass(frozen=True, kw_only=True)
class Mass:
    """From how many linked cases within how many minutes an incident is a mass incident (V-06)."""

    cases: int = field(metadata={"validate": POSITIVE})
    minutes: int = field(metadata={"validate": POSITIVE})


@dataclass(frozen=True, kw_only=True)
class Incident:
    """How long after one another people speak of one incident, and when its mass alarms whom (E-56).

    `places` are the kinds of places by whose names two incidents are told apart (E-37), as 小区.
    """

    window: Term = key(read_by=("intake",))
    mass: Mass = key(read_by=("intake", "supervision"))
    places: tuple[str, ...] = key(read_by=("intake",), validate=are_words)
    alarm_to: Role = key(read_by=("supervision",))
