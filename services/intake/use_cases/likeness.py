"""Looking for the like of a case: as the operator types, and once it is registered (E-36, E-37)."""

from collections.abc import Collection
from datetime import datetime

from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.rulebook.values import Term
from services.intake.domain import likeness
from services.intake.domain.case import Case
from services.intake.domain.likeness import Known, Proposal, Words
from services.intake.domain.words import words_of
from services.intake.store.likeness import Likenesses


def known(case: Case) -> Known:
    """A case as it is compared."""
    told = {matter.id: matter for matter in case.matters}
    hashes = (value for party in case.parties for value in (party.phone_hash, party.person_hash))
    return Known(
        number=case.number,
        received_at=case.received_at,
        matters=tuple(
            Words(
                matter=one.matter,
                category=told[one.matter].category,
                area=told[one.matter].area,
                grams=likeness.pairs(one.grams),
            )
            for one in words_of(case)
        ),
        persons=frozenset(value for value in hashes if value),
    )


def alike(
    likenesses: Likenesses, sought: Known, book: Rulebook, seen_by: Collection[str] = ()
) -> tuple[Proposal, ...]:
    """The like of a case among the office's others, within the windows of its rulebook."""
    office, rarity = book.office.id, likenesses.rarity(book.office.id)
    grams = rarity.telling(frozenset[str]().union(*(one.grams for one in sought.matters)))
    found = likenesses.of_words(office, grams, _round(sought, book.incident.window), seen_by)
    if sought.persons:
        found += likenesses.of_persons(office, sought.persons, _round(sought, book.repeat.window), seen_by)
    others = {one.number: one for one in found if one.number != sought.number}
    return likeness.propose(sought, list(others.values()), rarity, book)


def _round(sought: Known, window: Term) -> tuple[datetime, datetime]:
    """The window before and behind: what is typed in late has its like on both sides (E-42)."""
    reach = likeness.lasts(window)
    return sought.received_at - reach, sought.received_at + reach
