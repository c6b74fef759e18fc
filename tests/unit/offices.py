"""The bundled offices' rulebooks, as the rules under test read them."""

from functools import cache
from pathlib import Path

from huiyin.chassis.rulebook import Rulebook, load_offices

OFFICES = Path(__file__).parents[2] / "deploy" / "offices"


@cache
def rulebook(office: str) -> Rulebook:
    return load_offices(OFFICES)[office].rulebook
