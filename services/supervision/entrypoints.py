"""What comes to supervision by bus, and what comes by time."""

from nameko.timer import timer

from huiyin.chassis.beat import beat
from huiyin.chassis.worker import BaseWorker
from huiyin.contracts.tides import TIDE
from services.supervision.use_cases import falling_due


class SupervisionWorker(BaseWorker):
    """Hears events, and does what falls due."""

    name = "supervision"

    @beat(interval=0.5, after=(TIDE, "order.dispatched", "order.accepted"))
    def fall_due(self) -> None:
        """Urge before the limit; at expiry do what the office's rules want."""
        falling_due.fall_due(self.house)

    @timer(interval=60, eager=True)
    def recompute(self) -> None:
        """Count dates again after a year was published (E-10)."""
        falling_due.recompute(self.house)
