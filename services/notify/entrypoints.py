"""What comes to notify by bus, and the clock that drives its sender."""

from nameko.timer import timer

from huiyin.chassis.beat import CLOCK_MOVED, beat
from huiyin.chassis.worker import BaseWorker
from services.notify.use_cases import feeding, sending


class NotifyWorker(BaseWorker):
    """Hears events and sends what is due."""

    name = "notify"

    @beat(interval=0.5, after=("message.requested", CLOCK_MOVED))
    def send_due(self) -> None:
        """Send what is due, take up what a crash left."""
        sending.send_due(self.house)

    @timer(interval=15)
    def count_uncertain(self) -> None:
        """Keep the numbers of uncertain cases and of closed feeds up to date."""
        sending.count_uncertain(self.house)
        feeding.count_closed(self.house)

    @timer(interval=1)
    def tell_feeds(self) -> None:
        """Say into the departments' feeds what waits for them."""
        feeding.tell_due(self.house)
