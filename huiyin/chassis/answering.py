"""Answers other services' questions: nameko's `@rpc`, which outlives a broker that leaves meanwhile."""

import logging
from typing import Any

from kombu.exceptions import OperationalError
from nameko.rpc import Rpc

_log = logging.getLogger(__name__)


class Answer(Rpc):
    """`@on_question` on a worker method of the name that contracts.questions gives."""

    def handle_result(self, message: Any, worker_ctx: Any, result: Any, exc_info: Any) -> Any:
        """Send the answer; one that finds no broker is dropped, since its asker gives up in time anyway.

        nameko would end the whole worker over it.
        """
        try:
            return super().handle_result(message, worker_ctx, result, exc_info)
        except (OperationalError, OSError) as lost:
            _log.warning("an answer was not sent: %s", lost)
            self.rpc_consumer.queue_consumer.ack_message(message)
            return result, exc_info


on_question = Answer.decorator
