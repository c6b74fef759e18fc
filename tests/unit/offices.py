"""The bundled offices' rulebooks, as the rules under test read them."""

from functools import cache
from pathlib import Path

from huiyin.chassis.rulebook import OfficeFolder, Rulebook, load_offices

OFFICES = Path(__file__).parents[2] / "deploy" / "offices"


@cache
def folder(office: str) -> OfficeFolder:
    return load_offices(OFFICES)[office]


def rulebook(office: str) -> Rulebook:
    return folder(office).rulebook
