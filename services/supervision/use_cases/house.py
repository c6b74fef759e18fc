"""What the use cases stand on, wired once a process."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from bson import Binary

from huiyin.chassis import walls
from huiyin.chassis.calendar import WorkingCalendar, load_calendar
from huiyin.chassis.ear import Ear
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.steps import Actor
from huiyin.chassis.store import Documents
from huiyin.contracts.roles import Role
from services.supervision.domain.clock import Clock
from services.supervision.domain.dates import Rules, mark_of
from services.supervision.domain.supervision import Supervision
from services.supervision.settings import SupervisionSettings
from services.supervision.store import supervisions
from services.supervision.use_cases.heard import handlers
from services.supervision.use_cases.patience import Patience


@dataclass(frozen=True)
class House:
    """What the use cases need.

    `calendar_mark` tells this calendar from others; `patience` knows since when a clock is held.
    """

    base: Foundation
    supervisions: Documents[Supervision]
    ear: Ear[Supervision]
    calendar: WorkingCalendar
    calendar_mark: str
    patience: Patience

    def now(self) -> datetime:
        """Office time."""
        return self.base.office_now()

    def rules(self, supervision: Supervision) -> Rules:
        """The rulebook frozen into the case, with today's calendar."""
        return Rules(self.base.rulebooks.version(supervision.rulebook), self.calendar)

    def may_judge(
        self, who: Actor, role: Role, found: Supervision, matters: Collection[str], clocks: Iterable[Clock]
    ) -> bool:
        """Whether somebody judges these orders as a role does: its holders, or a leader for them (E-76)."""
        office, units = self.base.rulebooks.office(who.office), {clock.unit for clock in clocks}
        return bool(walls.may_judge(who, role, found.circle, matters, units, office, self.now()))

    def seal(self, office: str, words: str | None) -> Binary | None:
        """Words as they may be kept; nothing stays nothing."""
        return self.base.sealer.seal(office, f"{self.now():%Y-%m}", words) if words else None

    def open(self, sealed: Binary | None) -> str | None:
        """Words as they were written."""
        return self.base.sealer.open(sealed) if sealed is not None else None


def house(base: Foundation) -> House:
    """Wire the house on its foundation."""
    assert isinstance(base.settings, SupervisionSettings)
    documents = supervisions(base)
    calendar = load_calendar(base.settings.offices_dir / "calendars")
    mark = mark_of(calendar)
    return House(
        base=base,
        supervisions=documents,
        ear=base.ear(documents, handlers(base, calendar, mark)),
        calendar=calendar,
        calendar_mark=mark,
        patience=Patience(base.settings.hold_seconds, base.machine_clock.monotonic),
    )
