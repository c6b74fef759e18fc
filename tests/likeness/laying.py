"""Lays texts as cases in an intake's store, as a registration would: redacted, indexed, in their time."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from deploy.local.keys import ensure_keys
from deploy.local.platform import OFFICES
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.foundation import lay
from huiyin.chassis.steps import Actor, Cause
from services.intake.domain.case import Case
from services.intake.domain.numbers import compose
from services.intake.domain.redaction import redact
from services.intake.use_cases.house import House, house
from tests.integration.intake_alone import intake_settings
from tests.unit.intake.cases import AT, case

OFFICE: Final = "mayors-line"
_AT_ONCE: Final = 100


@dataclass(frozen=True)
class Text:
    """One complaint's words and when they came in; `incident` names what was planted."""

    words: str
    at: datetime
    incident: str = ""


@contextmanager
def intake_on(mongo_url: str, database: str, folder: Path) -> Iterator[House]:
    """Intake's house on a database of its own; nobody listens to it."""
    keys = ensure_keys(folder / "keys")
    SimulatedOfficeClock(folder / "clock.json").set(AT)
    settings = intake_settings(folder, keys, mongo_url, database, OFFICES)
    base = lay("intake", "worker", settings)
    try:
        yield house(base)
    finally:
        base.close()


def lay_down(made: House, texts: Sequence[Text], first: int = 1) -> list[Case]:
    """The texts as cases of one office, numbered from `first` in their order."""
    cases = [_case(n, text) for n, text in enumerate(texts, start=first)]
    for begin in range(0, len(cases), _AT_ONCE):
        made.cases.collection.insert_many([_document(made, one) for one in cases[begin : begin + _AT_ONCE]])
    return cases


def _case(n: int, text: Text) -> Case:
    plain = case()
    matter = replace(plain.matters[0], text=redact(text.words, []))
    number = compose("SZ", "D", text.at.date(), n)
    return replace(plain, number=number, received_at=text.at, accepted_at=text.at, matters=(matter,))


def _document(made: House, one: Case) -> dict[str, Any]:
    who = Actor(subject="ml-operator-1", role="operator", office=OFFICE)
    cause = Cause(id=uuid.uuid4().hex, kind="request", who=who, correlation=one.number)
    draft = made.cases.draft(one.number, cause).step(
        (one, []), cause=cause, what="register", at=one.accepted_at
    )
    return made.cases.document(draft, cause.id)
