"""Asks another service one of the questions of contracts and waits for the answer.

The wire is nameko's RPC, so the answering side is a plain `@rpc` method. A call carries
`expiration` equal to what is left of its time-out, so one that timed out here never runs later there.
"""

import time
import uuid
from contextlib import suppress
from typing import Any, Final

from kombu import Connection, Consumer, Exchange, Producer, Queue
from kombu.exceptions import OperationalError

from huiyin.chassis.errors import Unavailable
from huiyin.contracts.questions import Question

_RPC: Final = "nameko-rpc"


class Refused(Exception):
    """The answering service refused the question; the message is its reason."""


class Asker:
    """Puts questions on the bus; one short connection a question, safe from any thread."""

    def __init__(self, amqp_url: str) -> None:
        self._url = amqp_url

    def ask(self, question: Question, **arguments: Any) -> Any:
        """The answer; Unavailable when nobody answers in time, Refused when it is refused."""
        deadline = time.monotonic() + question.timeout_s
        with Connection(self._url, connect_timeout=question.timeout_s) as connection:
            away = (OSError, OperationalError, *connection.connection_errors, *connection.channel_errors)
            try:
                return self._ask(connection, question, arguments, deadline)
            except away as cause:
                raise _silent(question) from cause

    def _ask(
        self, connection: Connection, question: Question, arguments: dict[str, Any], deadline: float
    ) -> Any:
        exchange = Exchange(_RPC, type="topic", durable=True)
        key = uuid.uuid4().hex
        reply_to = Queue(f"answer-{key}", exchange, routing_key=key, exclusive=True, auto_delete=True)
        answers: list[dict[str, Any]] = []
        channel = connection.default_channel
        with Consumer(
            channel, reply_to, callbacks=[lambda body, _: answers.append(body)], no_ack=True, accept=["json"]
        ):
            Producer(channel, exchange).publish(
                {"args": [], "kwargs": arguments},
                routing_key=f"{question.answerer}.{question.method}",
                reply_to=key,
                correlation_id=key,
                expiration=_left(question, deadline),
                serializer="json",
            )
            return _wait(connection, question, answers, deadline)


def _wait(connection: Connection, question: Question, answers: list[dict[str, Any]], deadline: float) -> Any:
    while not answers:
        with suppress(TimeoutError):
            connection.drain_events(timeout=_left(question, deadline))
    error = answers[0].get("error")
    if error:
        raise Refused(f"{error.get('exc_type')}: {error.get('value')}")
    return answers[0]["result"]


def _left(question: Question, deadline: float) -> float:
    """The seconds that are left; Unavailable when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise _silent(question)
    return left


def _silent(question: Question) -> Unavailable:
    return Unavailable(f"{question.answerer} 服务暂时没有应答，请稍后再试。")
