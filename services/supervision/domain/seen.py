"""What of a supervision somebody sees: the open matters of a case, or a unit's share."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from services.supervision.domain.supervision import Dissatisfaction, Supervision


def narrow(supervision: Supervision, matters: Sequence[str]) -> Supervision:
    """The supervision as if the case had these matters alone."""
    orders = {clock.order for clock in supervision.clocks if clock.matter in matters}
    doubts = (_of_matters(doubt, matters) for doubt in supervision.dissatisfactions)
    return replace(
        of_orders(supervision, orders),
        matter_ids=tuple(matters),
        evaluations=tuple(given for given in supervision.evaluations if given.matter in matters),
        dissatisfactions=tuple(doubt for doubt in doubts if doubt.matters),
    )


def of_orders(supervision: Supervision, orders: Collection[str]) -> Supervision:
    """The supervision with what belongs to these orders; what the complainant said stays."""
    return replace(
        supervision,
        clocks=tuple(clock for clock in supervision.clocks if clock.order in orders),
        slips=tuple(slip for slip in supervision.slips if slip.order in orders),
        extensions=tuple(asked for asked in supervision.extensions if asked.order in orders),
        rereviews=tuple(noted for noted in supervision.rereviews if noted.order in orders),
    )


def _of_matters(doubt: Dissatisfaction, matters: Sequence[str]) -> Dissatisfaction:
    return replace(doubt, matters=tuple(matter for matter in doubt.matters if matter in matters))
