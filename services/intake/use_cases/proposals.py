"""What the machine proposes of a case's sorting: flags that signs or numbers speak for; a person decides."""

from datetime import timedelta

from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.sight import seen_by
from huiyin.chassis.steps import Actor
from services.intake.domain import sorting
from services.intake.domain.case import Case
from services.intake.use_cases.house import House


def proposed_flags(house: House, case: Case, who: Actor, book: Rulebook) -> dict[str, list[str]]:
    """The flags nobody set that the criteria of V-06 speak for, each with what speaks for it.

    Cases are counted as far as whoever asks may see them.
    """
    by_signs = sorting.proposed(case.sorting.signs, case.flags, book)
    by_number = {
        flag: [f"{within.days} 天内同类诉求不少于 {cases} 件"]
        for flag, (cases, within) in sorting.thresholds(case.flags, book).items()
        if _are_many(house, case, who, cases, within)
    }
    return {flag: [*by_signs.get(flag, ()), *by_number.get(flag, ())] for flag in {**by_signs, **by_number}}


def _are_many(house: House, case: Case, who: Actor, cases: int, within: timedelta) -> bool:
    query = {
        **seen_by(who),
        "accepted_at": {"$gte": case.accepted_at - within, "$lte": case.accepted_at},
        "state.matters.category": {"$in": sorted({matter.category for matter in case.matters})},
    }
    return house.cases.collection.count_documents(query, limit=cases) >= cases
