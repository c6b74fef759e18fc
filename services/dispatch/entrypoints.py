"""What comes to dispatch by bus and RPC."""

from huiyin.chassis.answering import on_question
from huiyin.chassis.worker import BaseWorker
from services.dispatch import use_cases


class DispatchWorker(BaseWorker):
    """Hears events, and answers with a reply's redacted text."""

    name = "dispatch"

    @on_question
    def reply_text(self, number: str, order: str, reply: int) -> str:
        """contracts.questions.REPLY_TEXT."""
        return use_cases.redacted_reply(self.house, number, order, reply)
