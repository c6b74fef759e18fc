"""What is typed is compared before it is registered; nothing of it is kept (E-36, E-37)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from huiyin.chassis.steps import Actor
from huiyin.chassis.walls import marks
from services.intake.domain import likeness
from services.intake.domain.likeness import Known, Words
from services.intake.domain.ngrams import grams
from services.intake.use_cases.contact import person_hash, phone_hash
from services.intake.use_cases.house import House
from services.intake.use_cases.likeness import alike
from services.intake.use_cases.linking import told

_IDENTITY: Final = ("phone", "name", "address")


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What an operator has typed so far."""

    text: str
    category: str
    area: str
    identity: Mapping[str, str]


def typed(body: Mapping[str, str]) -> Typed:
    """The same, as it came by HTTP."""
    identity = {name: body[name] for name in _IDENTITY if name in body}
    return Typed(text=body["text"], category=body["category"], area=body["area"], identity=identity)


def look(house: House, given: Typed, who: Actor) -> list[Mapping[str, Any]]:
    """What is like it among the cases that are open to whoever types."""
    book = house.base.rulebooks.office(who.office).rulebook
    words = grams(given.text)
    hashes = (phone_hash(house.lookup, given.identity), person_hash(house.lookup, given.identity))
    sought = Known(
        number="",
        received_at=house.now(),
        matters=(Words(matter="", category=given.category, area=given.area, grams=likeness.pairs(words)),),
        persons=frozenset(found for found in hashes if found),
    )
    proposals = alike(house.likenesses, sought, book, marks(who))
    return told(house, words, proposals, who)
