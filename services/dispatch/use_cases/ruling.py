"""What a case is decided by."""

from huiyin.chassis.foundation import Foundation
from services.dispatch.domain.handling import Handling
from services.dispatch.domain.rules import Rules, rules_at


def rules(base: Foundation, handling: Handling) -> Rules:
    """What a case is decided by."""
    office = base.rulebooks.office(handling.office)
    return rules_at(base.rulebooks.version(handling.rulebook), office, base.office_now())
