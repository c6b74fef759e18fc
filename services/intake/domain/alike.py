"""What a case has to do with other cases: proposed by the machine, decided by people (E-36…E-39)."""

from dataclasses import dataclass
from datetime import datetime

from bson import Binary

from huiyin.contracts.events import Claim
from services.intake.domain.likeness import LinkKind, Proposal


@dataclass(frozen=True, kw_only=True)
class Link:
    """A person's word that the case is one with an earlier one; `why` is sealed where it is born."""

    kind: LinkKind
    other: str
    by: str
    at: datetime
    why: Binary
    claim: Claim = "same"


@dataclass(frozen=True, kw_only=True)
class Unlike:
    """A person's word that another case is a different matter; `why` is sealed where it is born (V-06)."""

    other: str
    by: str
    at: datetime
    why: Binary


@dataclass(frozen=True, kw_only=True)
class Alike:
    """A case's like.

    `first` is the first case of the issue it belongs to, empty where it is the first itself or alone;
    `left` is the one it belonged to before. `others` counts the cases linked to it as their first,
    `told` and `peak` are what was last said of it as an incident. `not_alike` are those that a person
    found to be another matter; they are proposed no more.
    """

    proposals: tuple[Proposal, ...] = ()
    link: Link | None = None
    first: str = ""
    left: str = ""
    others: int = 0
    told: int = 0
    peak: int = 0
    not_alike: tuple[Unlike, ...] = ()

    @property
    def linked(self) -> bool:
        """Whether it is not an issue of its own alone."""
        return bool(self.first or self.others)
