"""The rules of a case at this moment."""

import random
from datetime import datetime, timedelta
from typing import Final

from huiyin.chassis.foundation import Foundation
from services.notify.domain.correspondence import Correspondence
from services.notify.domain.rules import Rules
from services.notify.settings import NotifySettings

#: A provider's time-out holds for each of its few exchanges; a lease outlives them together.
_EXCHANGES: Final = 6


def rules(base: Foundation, correspondence: Correspondence) -> Rules:
    """The rulebook frozen into the case, its office as it stands now, both clocks."""
    assert isinstance(base.settings, NotifySettings)
    return Rules(
        book=base.rulebooks.version(correspondence.rulebook),
        folder=base.rulebooks.office(correspondence.office),
        office_now=base.office_now(),
        machine_now=base.machine_clock.now(),
        lease=timedelta(seconds=_EXCHANGES * base.settings.provider_timeout_s),
        restored=_restored(base),
        jitter=random.uniform(0.5, 1.0),  # noqa: S311 - jitter, no secret
    )


def _restored(base: Foundation) -> tuple[str, datetime] | None:
    last = base.restored
    return (last.backup, last.known_until) if last and last.known_until else None
