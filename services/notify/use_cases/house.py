"""What the use cases need, and the step that no person takes."""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prometheus_client import Gauge

from huiyin.chassis.draft import Record
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.steps import Cause, machine
from huiyin.chassis.store import Documents
from huiyin.chassis.worker import Ear
from services.notify.domain.correspondence import Correspondence
from services.notify.domain.order import Outcome
from services.notify.errors import Moved
from services.notify.providers import Providers, provide
from services.notify.settings import NotifySettings
from services.notify.store import correspondences
from services.notify.use_cases.hearing import handlers


@dataclass(frozen=True)
class House:
    """Notify's own things on its foundation; `key` opens what is sealed to notify."""

    base: Foundation
    settings: NotifySettings
    correspondences: Documents[Correspondence]
    ear: Ear[Correspondence]
    providers: Providers
    key: Mapping[str, Any] = field(repr=False)
    uncertain: Gauge

    def now(self) -> datetime:
        """Office time."""
        return self.base.office_now()

    def step(
        self, record: Record[Correspondence], what: str, decide: Callable[[Correspondence], Outcome]
    ) -> Record[Correspondence] | None:
        """A step that a clock causes, from the case as it was found; nothing when another was faster."""
        who = machine("notify", record.office)
        cause = Cause(id=uuid.uuid4().hex, kind="clock", who=who, correlation=record.correlation)
        try:
            return self.correspondences.follow(record, cause, what, decide)
        except Moved:
            return None


def house(base: Foundation) -> House:
    """Wire the house on its foundation."""
    settings = base.settings
    assert isinstance(settings, NotifySettings)
    documents = correspondences(base)
    key = json.loads((settings.keys_dir / "sealed-notify.private.jwk").read_text(encoding="utf-8"))
    ear = base.ear(documents, handlers(base))
    return House(base, settings, documents, ear, provide(settings), key, _uncertain(base))


def _uncertain(base: Foundation) -> Gauge:
    words = "Cases with a message that a person must settle"
    return Gauge("huiyin_uncertain_cases", words, registry=base.metrics.registry)
