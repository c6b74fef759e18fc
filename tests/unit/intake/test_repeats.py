"""What becomes of a repeat, for every policy, claim and state of the earlier case (X-10, E-36…E-39)."""

from dataclasses import replace

import pytest

from services.intake.domain.repeats import Treatment, marks, treatment
from tests.unit.intake.cases import CENTRE, MAYORS, case
from tests.unit.offices import rulebook

CITY = rulebook("city-hotline")
OPEN, OVER = case(), replace(case(), outcome="echoed")
MAYORS_SILENT = replace(MAYORS, repeat=replace(MAYORS.repeat, new_facts_reopen=False))


@pytest.mark.parametrize(
    ("book", "claim", "earlier", "expected"),
    [
        (CITY, "same", OPEN, "tell"),
        (CITY, "same", OVER, "tell"),
        (MAYORS, "same", OPEN, "tell"),
        (MAYORS, "same", OVER, "dispatch"),
        (CENTRE, "same", OPEN, "dispatch"),
        (CENTRE, "same", OVER, "dispatch"),
        (CITY, "new_facts", OPEN, "dispatch"),
        (MAYORS_SILENT, "new_facts", OPEN, "tell"),
        (CITY, "dissatisfied", OVER, "review"),
        (CENTRE, "dissatisfied", OPEN, "review"),
    ],
)
def test_each_office_treats_a_repeat_by_its_own_policy(
    book: object, claim: object, earlier: object, expected: Treatment
) -> None:
    assert treatment(claim, earlier, book) == expected  # type: ignore[arg-type]


def test_a_repeat_visit_bears_its_mark_once_and_only_where_the_office_has_one() -> None:
    assert marks(("important", "repeat_visit"), CENTRE) == ("important", "repeat_visit")
    assert marks((), CENTRE) == ("repeat_visit",)
    assert marks((), MAYORS) == ()
