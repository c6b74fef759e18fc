"""What comes to feedback by bus."""

from huiyin.chassis.worker import BaseWorker


class FeedbackWorker(BaseWorker):
    """Hears events; nobody asks feedback anything by RPC."""

    name = "feedback"
