"""Whether the retention of a month is over; every service asks before it destroys a data key."""

from typing import Any

from services.intake.domain import retention
from services.intake.domain.retention import Counts
from services.intake.store.cases import concluded_of, open_of
from services.intake.use_cases.house import House


def of_month(house: House, office: str, month: str) -> dict[str, Any]:
    """{month, over, ends_on, why} by the office's present rulebook."""
    book = house.base.rulebooks.office(office).rulebook
    counts = Counts(
        still_open=lambda until: open_of(house.cases, office, until),
        concluded_since=lambda until, since: concluded_of(house.cases, office, until, since),
    )
    found = retention.of_month(month, book, house.now().date(), counts)
    return {
        "month": found.month,
        "over": found.over,
        "ends_on": found.ends_on.isoformat() if found.ends_on else None,
        "why": found.why,
    }
