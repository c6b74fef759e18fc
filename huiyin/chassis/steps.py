"""Who took a step and what caused it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from huiyin.contracts.events import Event

S = TypeVar("S")

#: What a domain function answers: the next state, and what is said with it.
Outcome = tuple[S, Sequence[Event]]


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person or a machine that acts; `subject` is a token subject, never a name."""

    subject: str
    role: str
    office: str
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a step is taken: a request, an event or a clock, by an id that is handled once.

    `body` is the hash of a request's body, so that a key reused for another is seen.
    """

    id: str
    kind: Literal["request", "event", "clock"]
    who: Actor
    correlation: str
    body: str = ""


def key_id(office: str, caller: str, key: str) -> str:
    """The id of a request: a hash of office, caller and idempotency key."""
    return hashlib.sha256("\x1f".join((office, caller, key)).encode()).hexdigest()[:32]


def machine(service: str, office: str) -> Actor:
    """The actor of what a service does by itself."""
    return Actor(subject=f"service:{service}", role="service", office=office)
