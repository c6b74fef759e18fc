"""Supervision's own lines in the books: clocks, what fell due, and whether it was done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from huiyin.chassis.draft import Record
from huiyin.chassis.ledger import Facts
from services.supervision.domain.falling_due import due_acts
from services.supervision.domain.supervision import Supervision
from services.supervision.use_cases.falling_due import cause_of
from services.supervision.use_cases.house import House


def facts(house: House) -> Facts[Supervision]:
    """The lines of a page of cases, at the office time of its reading."""

    def of(records: Sequence[Record[Supervision]]) -> list[Mapping[str, Any]]:
        now = house.now()
        return [_facts(record, now, house.patience.seconds) for record in records]

    return of


def _facts(record: Record[Supervision], now: datetime, hold_s: float) -> Mapping[str, Any]:
    """`late_s`: how long past its moment, and past the longest wait for the tide, an act is due."""
    return {
        "clocks": [clock.order for clock in record.state.clocks],
        "evaluations": [evaluation.matter for evaluation in record.state.evaluations],
        "due": [
            {"order": act.order, "act": act.kind, "late_s": (now - act.moment).total_seconds() - hold_s}
            for act in due_acts(record.state, now)
        ],
        "undone": _undone(record),
    }


def _undone(record: Record[Supervision]) -> list[dict[str, str]]:
    """Acts that a clock says were done and that no step did.

    Counted by order, because the moment of a date that was counted again is no longer known.
    """
    marked = Counter(
        (clock.order, kind)
        for clock in record.state.clocks
        for limit in clock.limits
        for kind, done in (("urge", limit.urged), ("overdue", limit.expired))
        if done
    )
    return [
        {"order": order, "act": kind}
        for (order, kind), times in marked.items()
        if times > sum(cause.startswith(cause_of(record.key, order, kind)) for cause in record.handled)
    ]
