"""The rulebook as a whole: sections, catalogue, categories, areas, and its content hash."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Final, Literal

from marshmallow import validate

from huiyin.chassis.rulebook import (
    archive,
    conduct,
    enclosures,
    incident,
    limits,
    passing,
    sorting,
    taking,
    telephony,
)
from huiyin.chassis.rulebook.knowledge import Knowledge
from huiyin.chassis.rulebook.values import Term, key
from huiyin.contracts.events import Ground
from huiyin.contracts.services import Service

__all__ = ["Area", "CatalogueEntry", "Category", "Rulebook", "Term"]

WHOLE_CITY: Final = "*"


@dataclass(frozen=True, kw_only=True)
class OfficeName:
    """Who the office is (XI-08) and how its numbers and dates are written."""

    id: str = key(
        read_by=("intake", "dispatch", "feedback", "notify"),
        validate=validate.Regexp(r"^[a-z][a-z-]*\Z", error="Not an office id."),
    )
    name: str = key(read_by=("intake", "notify"))
    name_en: str = key(read_by=("notify",))
    code: str = key(
        read_by=("intake",), validate=validate.Regexp(r"^[A-Z]{2,4}\Z", error="Not 2 to 4 capital letters.")
    )
    rules: str = key(read_by=("intake",))
    timezone: str = key(read_by=("intake", "supervision", "feedback", "notify"))
    languages: tuple[Literal["zh", "en"], ...] = key(
        read_by=("intake", "notify"), validate=validate.Length(min=1)
    )


@dataclass(frozen=True, kw_only=True)
class Category:
    """A class of matters; `a/b` lies below `a`."""

    name: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class Area:
    """A place with a code; a code that starts with another's lies inside it."""

    name: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class CatalogueEntry:
    """Which unit handles which matter in which area (S3-43); `priority` 1 goes before 2."""

    id: str
    category: str
    area: str
    level: Literal["city", "district", "street", "centre", "community"]
    unit: str
    assisting: tuple[str, ...] = ()
    ground: Ground
    priority: int = field(default=1, metadata={"validate": validate.Range(min=1)})

    def fits(self, category: str, area: str) -> bool:
        """Whether the entry covers the category and the area, both by prefix."""
        inside = self.area == WHOLE_CITY or area.startswith(self.area)
        return inside and f"{category}/".startswith(f"{self.category}/")

    def rank(self) -> tuple[int, int, int]:
        """Greater is nearer: the narrower category, then the narrower area, then the priority."""
        area = 0 if self.area == WHOLE_CITY else len(self.area)
        return (self.category.count("/"), area, -self.priority)


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """All rules of one office, frozen into each case at its acceptance by `hash` (E-122)."""

    office: OfficeName
    deadline: limits.Deadline
    extension: limits.Extension
    overdue: limits.Overdue
    urge: limits.Urge
    review: limits.Review
    legal_class: Mapping[str, limits.LegalClass] = key(read_by=("intake", "supervision", "feedback"))
    terms: limits.Terms
    intake: conduct.Intake
    taking: taking.Taking
    classification: sorting.Classification
    dispatch: conduct.Dispatch
    repeat: conduct.Repeat
    incident: incident.Incident
    emergency: telephony.Emergency
    telephony: telephony.Telephony
    multi_unit: conduct.MultiUnit
    dispute: conduct.Dispute
    accusation: conduct.Accusation
    confidential: conduct.Confidential
    anonymous: conduct.Anonymous
    excluded_channels: sorting.ExcludedChannels
    out_of_scope: sorting.OutOfScope
    reply: conduct.Reply
    notify: conduct.Notify
    callback: conduct.Callback
    letter: conduct.Letters
    enclosure: enclosures.Enclosures
    class3: sorting.ClassThree
    special_classes: Mapping[str, sorting.Special] = key(read_by=("intake",))
    priority: sorting.Priority
    passing: passing.Passing
    reports: conduct.Reports
    publish: conduct.Publish
    site_visit: conduct.SiteVisit
    archive: archive.Archive
    misuse: conduct.Misuse
    roles: conduct.Roles
    knowledge: Knowledge
    categories: Mapping[str, Category] = key(read_by=("intake", "feedback"))
    areas: Mapping[str, Area] = key(read_by=("intake",))
    catalogue: tuple[CatalogueEntry, ...] = key(read_by=("dispatch", "intake"))
    hash: str = field(default="", metadata={"dump_only": True}, compare=False)

    def candidates(self, category: str, area: str) -> tuple[CatalogueEntry, ...]:
        """The nearest catalogue entries: one is the answer; none or several need a person (E-60)."""
        fitting = [entry for entry in self.catalogue if entry.fits(category, area)]
        nearest = max((entry.rank() for entry in fitting), default=None)
        return tuple(entry for entry in fitting if entry.rank() == nearest)

    def required_fields(self, channel: str) -> tuple[str, ...]:
        """What must be asked of a complainant: the office's fields and the channel's own (X-17)."""
        asked = (*self.intake.required_fields, *self.intake.channels[channel].required_fields)
        return tuple(dict.fromkeys(asked))

    def limit_of(self, difficulty: str) -> Term | None:
        """The office's own limit for a difficulty class, else its general one (X-01, X-02)."""
        return self.deadline.classes.get(difficulty, self.deadline.general)


def content_hash(canonical: str) -> str:
    """The hash by which a version of a rulebook is known for ever."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def keys() -> dict[str, tuple[Service, ...]]:
    """Every key of a rulebook, dotted, with the services that read it."""
    return dict(_keys())


def unread_keys() -> list[str]:
    """The keys no code reads yet: an office may set them, and nothing happens."""
    return [name for name, readers in keys().items() if not readers]


def _keys() -> Iterator[tuple[str, tuple[Service, ...]]]:
    for section in fields(Rulebook):
        if isinstance(section.type, type) and is_dataclass(section.type):
            yield from ((f"{section.name}.{at.name}", _readers(at.metadata)) for at in fields(section.type))
        elif "metadata" in section.metadata:
            yield section.name, _readers(section.metadata)


def _readers(metadata: Mapping[str, Any]) -> tuple[Service, ...]:
    readers: tuple[Service, ...] = metadata["metadata"]["read_by"]
    return readers
