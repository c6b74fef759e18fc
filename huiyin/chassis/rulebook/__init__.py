"""An office's rulebook: what it must hold, how it is read and checked, and the office's live folder."""

from huiyin.chassis.rulebook.living import LivingOffices
from huiyin.chassis.rulebook.load import OfficeFolder, dump, load_offices, load_rulebook, restore
from huiyin.chassis.rulebook.office import Person, Template, Unit
from huiyin.chassis.rulebook.shape import Area, CatalogueEntry, Category, Rulebook, Term

__all__ = [
    "Area",
    "CatalogueEntry",
    "Category",
    "LivingOffices",
    "OfficeFolder",
    "Person",
    "Rulebook",
    "Template",
    "Term",
    "Unit",
    "dump",
    "load_offices",
    "load_rulebook",
    "restore",
]
