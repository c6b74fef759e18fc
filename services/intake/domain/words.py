"""The words of a case as they are searched: redacted, and in pairs of characters.

They are a cache beside the state, made of it at every save and never read back into it: it can be
rebuilt, and of a case whose view is restricted none is left (S0-05, E-35). Each matter's words stand with
who is shut out of it, so that a search finds in a matter only what its reader may read there.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from services.intake.domain.case import Case, CaseMatter
from services.intake.domain.ngrams import grams, plain

#: What parts the fields of a matter; no compared text holds it, so no term is found across two.
_PARTED: Final = "\n"


@dataclass(frozen=True)
class MatterWords:
    """A matter's id, its compared text, and what it is indexed under."""

    matter: str
    text: str
    grams: tuple[str, ...]


def words_of(case: Case) -> tuple[MatterWords, ...]:
    """The words of each matter; nothing once the view is restricted."""
    if case.restricted_at is not None:
        return ()
    return tuple(_of_matter(matter) for matter in case.matters)


def _of_matter(matter: CaseMatter) -> MatterWords:
    text, grams = _folded(matter.text, matter.wish, matter.place)
    return MatterWords(matter.id, text, grams)


@lru_cache(maxsize=256)  # a case is saved some thirty times, its words seldom change
def _folded(*fields: str) -> tuple[str, tuple[str, ...]]:
    text = _PARTED.join(plain(field) for field in fields if field)
    return text, tuple(sorted(frozenset[str]().union(*map(grams, fields))))
