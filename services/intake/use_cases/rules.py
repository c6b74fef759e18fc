"""By which rules a case is decided, and which hold for new ones: data that people can look at (S1-37)."""

from collections.abc import Mapping
from typing import Any

from huiyin.chassis.rulebook import dump
from huiyin.chassis.steps import Actor
from services.intake.use_cases.house import House


def shown(house: House, who: Actor, case: str | None) -> Mapping[str, Any]:
    """The office's rulebook as it holds for new cases, or the version a case was accepted under (E-122)."""
    book = house.base.rulebooks.office(who.office).rulebook
    if case is not None:
        book = house.base.rulebooks.version(house.cases.seen(case, who).state.rulebook)
    return {"hash": book.hash, "rules": dump(book)}
