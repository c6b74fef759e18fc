"""Where accusing material goes: to the head above all accused, and never to the accused."""

from dataclasses import replace
from datetime import datetime

from huiyin.contracts.events import CatalogueGapFound, Event, Matter, MessageRequested
from services.dispatch.domain.giving import Given, To, give
from services.dispatch.domain.handling import Handling
from services.dispatch.domain.rules import Rules


def to_head_above(handling: Handling, matter: Matter, rules: Rules, at: datetime) -> Given:
    """The nearest head above who has not given it back; when none is left, out of the system by paper.

    S2-24, S2-26, S2-59, E-69, E-70; discipline inspection is the last resort (E-71).
    """
    tried = {(order.unit, order.head) for order in handling.of_matter(matter.id)}
    above = [head for head in rules.heads_above(handling.circle, matter.id) if head not in tried]
    if not above:
        return last_resort(handling, matter.id, rules)
    unit, head = above[0]
    return give(handling, matter, To(unit=unit, head=head, ground="by_accusation"), "lead", at)


def last_resort(handling: Handling, matter: str, rules: Rules) -> Given:
    """Nobody in the system may have it: by letter to whom the rulebook names; a person sees to it (E-71)."""
    letter = MessageRequested(
        message=f"last-resort:{matter}",
        template="accusation_letter",
        addressee_kind="outside",
        addressee=rules.book.accusation.last_resort,
        matter=matter,
    )
    waiting, said = for_a_person(handling, matter)
    return waiting, [*said, letter]


def for_a_person(handling: Handling, matter: str, candidates: tuple[str, ...] = ()) -> Given:
    """A matter that waits for a person's choice of unit (E-60)."""
    found: list[Event] = [CatalogueGapFound(matter=matter, candidates=candidates)]
    gaps = handling.gaps if matter in handling.gaps else (*handling.gaps, matter)
    return replace(handling, gaps=gaps), found
