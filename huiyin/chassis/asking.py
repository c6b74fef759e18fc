"""Asks another service one of the questions of contracts and waits for the answer.

The wire is nameko's RPC, so the answering side is a plain `@rpc` method. A call carries
`expiration` equal to what is left of its time-out, so one that timed out here never runs later there.
"""

import time
import uuid
from collections import deque
from contextlib import suppress
from typing import Any, Final

from kombu import Connection, Consumer, Exchange, Producer, Queue
from kombu.exceptions import OperationalError

from huiyin.chassis.errors import Unavailable
from huiyin.contracts.questions import Question

_RPC: Final = "nameko-rpc"
_KEPT: Final = 8  # as many lines as threads of a web or of notify's sender ask at once


class Refused(Exception):
    """The answering service refused the question; the message is its reason."""


class Asker:
    """Puts questions on the bus, safe from any thread; a line is one question's at a time."""

    def __init__(self, amqp_url: str) -> None:
        self._url = amqp_url
        self._idle: deque[_Line] = deque()

    def ask(self, question: Question, **arguments: Any) -> Any:
        """The answer; Unavailable when nobody answers in time, Refused when it is refused.

        A question may be put twice when a kept line turns out to be broken: the answering side
        gives the same answer to the same request.
        """
        deadline = time.monotonic() + question.timeout_s
        while line := self._kept():
            with suppress(_Broken):
                return self._ask(line, question, arguments, deadline)
        try:
            return self._ask(_Line(self._url, question.timeout_s), question, arguments, deadline)
        except _Broken as broken:
            raise _silent(question) from broken

    def close(self) -> None:
        """Let go of all lines."""
        while line := self._kept():
            line.close()

    def _kept(self) -> "_Line | None":
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _ask(self, line: "_Line", question: Question, arguments: dict[str, Any], deadline: float) -> Any:
        try:
            answer = line.ask(question, arguments, deadline)
        except BaseException:
            line.close()  # an answer that is still on its way must not meet the next question
            raise
        if len(self._idle) < _KEPT:
            self._idle.append(line)
        else:
            line.close()
        if answer.get("error"):
            raise Refused(f"{answer['error'].get('exc_type')}: {answer['error'].get('value')}")
        return answer["result"]


class _Broken(Exception):
    """The line to the broker broke."""


class _Line:
    """One connection with its own queue for answers."""

    def __init__(self, amqp_url: str, patience_s: float) -> None:
        self._connection = Connection(amqp_url, connect_timeout=patience_s)
        self._away = (
            OSError,
            OperationalError,
            *self._connection.connection_errors,
            *self._connection.channel_errors,
        )
        self._answers: list[dict[str, Any]] = []
        try:
            self._open()
        except self._away as lost:
            raise _Broken from lost

    def _open(self) -> None:
        self._reply_to = uuid.uuid4().hex
        exchange = Exchange(_RPC, type="topic", durable=True)
        queue = Queue(
            f"answer-{self._reply_to}", exchange, routing_key=self._reply_to, exclusive=True, auto_delete=True
        )
        channel = self._connection.default_channel
        self._producer = Producer(channel, exchange)
        consumer = Consumer(channel, queue, callbacks=[self._take], no_ack=True, accept=["json"])
        consumer.consume()

    def ask(self, question: Question, arguments: dict[str, Any], deadline: float) -> dict[str, Any]:
        """The raw answer; Unavailable after the deadline, _Broken when the connection is lost."""
        try:
            self._producer.publish(
                {"args": [], "kwargs": arguments},
                routing_key=f"{question.answerer}.{question.method}",
                reply_to=self._reply_to,
                correlation_id=uuid.uuid4().hex,
                expiration=_left(question, deadline),
                serializer="json",
            )
            while not self._answers:
                with suppress(TimeoutError):
                    self._connection.drain_events(timeout=_left(question, deadline))
        except self._away as lost:
            raise _Broken from lost
        return self._answers.pop()

    def close(self) -> None:
        """Let go of the connection; the broker deletes the queue."""
        with suppress(*self._away):
            self._connection.release()

    def _take(self, body: dict[str, Any], _message: Any) -> None:
        self._answers.append(body)


def _left(question: Question, deadline: float) -> float:
    """The seconds that are left; Unavailable when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise _silent(question)
    return left


def _silent(question: Question) -> Unavailable:
    return Unavailable(f"{question.answerer} 服务暂时没有应答，请稍后再试。")
