"""What the use cases stand on, wired once a process."""

from dataclasses import dataclass
from datetime import datetime

from joserfc.jwk import KeySet

from huiyin.chassis.askers import read_askers
from huiyin.chassis.ear import Ear
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.rulebook import OfficeFolder
from huiyin.chassis.steps import Actor
from huiyin.chassis.store import Documents
from services.dispatch.domain.handling import Handling
from services.dispatch.domain.rules import Rules
from services.dispatch.store import handlings
from services.dispatch.use_cases.heard import handlers
from services.dispatch.use_cases.ruling import rules


@dataclass(frozen=True)
class House:
    """What the use cases need."""

    base: Foundation
    handlings: Documents[Handling]
    ear: Ear[Handling]
    askers: KeySet

    def now(self) -> datetime:
        """Office time."""
        return self.base.office_now()

    def rules(self, handling: Handling) -> Rules:
        """The rulebook frozen into the case, with the office as it stands now."""
        return rules(self.base, handling)


def house(base: Foundation) -> House:
    """Wire the house on its foundation."""
    documents = handlings(base)
    askers = read_askers(base.settings.keys_dir)
    return House(base, documents, base.ear(documents, handlers(base)), askers)


def office_of(house: House, who: Actor) -> OfficeFolder:
    """Somebody's office as it stands now."""
    return house.base.rulebooks.office(who.office)
