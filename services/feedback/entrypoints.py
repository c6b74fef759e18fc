"""What comes to feedback by bus."""

from huiyin.chassis.worker import BaseWorker


class FeedbackWorker(BaseWorker):
    """Hears events; by RPC it only keeps another service's audit head."""

    name = "feedback"
