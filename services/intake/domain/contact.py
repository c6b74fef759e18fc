"""Correcting what is held of a party."""

from collections.abc import Collection
from dataclasses import replace

from huiyin.contracts import events as e
from services.intake.domain.case import Case, Party
from services.intake.domain.masking import mask

Outcome = tuple[Case, list[e.Event]]


def correct(case: Case, corrected: Party, told: Collection[str]) -> Outcome:
    """The case with a party corrected; the newly told values are cut out of the words for work (E-35)."""
    parties = tuple(corrected if party.id == corrected.id else party for party in case.parties)
    return mask(replace(case, parties=parties), told), []
