"""What of a case somebody sees: of one that is partly walled off the open matters, and a unit's share."""

from collections.abc import Sequence
from dataclasses import replace

from huiyin.contracts.circle import Circle
from services.intake.domain.case import Case


def narrow(case: Case, matters: Sequence[str]) -> Case:
    """The case as if it had these matters alone, and the files about them."""
    about = {*matters, *({""} if set(case.matter_ids) <= set(matters) else ())}
    return replace(
        case,
        matters=tuple(matter for matter in case.matters if matter.id in matters),
        orders=tuple(order for order in case.orders if order.matter in matters),
        corrections=tuple(one for one in case.corrections if one.matter in matters),
        answered=case.answered if set(case.matter_ids) <= set(matters) else None,
        files=tuple(file for file in case.files if file.matter in about),
        enclosures=case.enclosures if "" in about else (),
        circle=Circle(
            version=case.circle.version,
            matters=tuple(shut for shut in case.circle.matters if shut.matter in matters),
        ),
    )
