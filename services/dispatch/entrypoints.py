"""What comes to dispatch by bus and RPC."""

from huiyin.chassis.answering import on_question
from huiyin.chassis.beat import beat
from huiyin.chassis.errors import Unavailable
from huiyin.chassis.worker import BaseWorker
from services.dispatch.use_cases import disclosing, reading


class DispatchWorker(BaseWorker):
    """Hears events, and answers with a reply's redacted text."""

    name = "dispatch"

    @beat(interval=1, after=("case.registered", "circle.changed"))
    def disclose_held(self) -> None:
        """Ask leave for the orders that are held."""
        try:
            disclosing.disclose_held(self.house)
        except Unavailable:
            return  # intake is away: they stay held until the next look

    @on_question
    def reply_text(self, number: str, order: str, reply: int) -> str:
        """contracts.questions.REPLY_TEXT."""
        return reading.redacted_reply(self.house, number, order, reply)
