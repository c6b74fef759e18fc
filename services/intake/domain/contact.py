"""Correcting what is held of a party."""

from collections.abc import Callable
from dataclasses import replace

from huiyin.contracts import events as e
from services.intake.domain.case import Case, Party

Outcome = tuple[Case, list[e.Event]]


def correct(case: Case, corrected: Party, free: Callable[[str], str]) -> Outcome:
    """The case with a party corrected; `free` cuts the newly told values out of the words for work."""
    parties = tuple(corrected if party.id == corrected.id else party for party in case.parties)
    matters = tuple(
        replace(m, text=free(m.text), wish=free(m.wish), place=free(m.place)) for m in case.matters
    )
    return replace(case, parties=parties, matters=matters), []
