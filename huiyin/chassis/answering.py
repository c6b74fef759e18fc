"""Answers other services' questions: nameko's `@rpc`, which outlives a broker that leaves meanwhile."""

import logging
from contextlib import suppress
from typing import Any

from nameko.rpc import Rpc, RpcConsumer

_log = logging.getLogger(__name__)


class _Answers(RpcConsumer):
    """Sends answers. What cannot be sent is dropped: its asker gives up in time anyway, and asks again."""

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> Any:
        """Send the answer and settle the question; nameko would end the whole worker if either failed.

        On a connection that broke both fail, in whatever way the broken socket has.
        """
        try:
            return super().handle_result(message, result, exc_info)
        except Exception as lost:  # noqa: BLE001 - no answer is worth the worker
            _log.warning("an answer was not sent: %s: %s", type(lost).__name__, lost)
            with suppress(Exception):
                self.queue_consumer.ack_message(message)
            return result, exc_info


class Answer(Rpc):
    """`@on_question` on a worker method of the name that contracts.questions gives."""

    rpc_consumer = _Answers()


on_question = Answer.decorator
