"""An office's rulebook: what it must hold, how it is read and checked, and the office's live folder."""

from huiyin.chassis.rulebook.carrying import carried_over
from huiyin.chassis.rulebook.conduct import Opening
from huiyin.chassis.rulebook.living import LivingOffices
from huiyin.chassis.rulebook.load import (
    OfficeFolder,
    dump,
    load_office,
    load_offices,
    load_rulebook,
    office_names,
    restore,
)
from huiyin.chassis.rulebook.office import Person, Template, Unit
from huiyin.chassis.rulebook.shape import Area, CatalogueEntry, Category, Rulebook, Term

__all__ = [
    "Area",
    "CatalogueEntry",
    "Category",
    "LivingOffices",
    "OfficeFolder",
    "Opening",
    "Person",
    "Rulebook",
    "Template",
    "Term",
    "Unit",
    "carried_over",
    "dump",
    "load_office",
    "load_offices",
    "load_rulebook",
    "office_names",
    "restore",
]
