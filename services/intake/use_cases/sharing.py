"""What of a case a unit has a share in."""

from huiyin.chassis.errors import no_such
from huiyin.chassis.standing import standing
from huiyin.chassis.steps import Actor
from services.intake.domain.case import Case
from services.intake.domain.seen import narrow
from services.intake.use_cases.house import House


def share(house: House, case: Case, who: Actor) -> Case:
    """The matters of which a unit, or one under its head, has orders; without any there is no case."""
    office, now = house.base.rulebooks.office(who.office), house.now()
    live = (order for order in case.orders if not order.ended)
    mine = {order.matter for order in live if standing(who, order.unit, office, now) != "none"}
    if not mine:
        raise no_such(case.number)
    return narrow(case, [matter for matter in case.matter_ids if matter in mine])
