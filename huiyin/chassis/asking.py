"""Asks another service one of the questions of contracts and waits for the answer.

The wire is nameko's RPC, so the answering side is a plain `@rpc` method. A call carries
`expiration` equal to what is left of its time-out, so one that timed out here never runs later there.
"""

import logging
import time
import uuid
from contextlib import suppress
from typing import Any, Final

from kombu import Consumer, Exchange, Producer, Queue
from kombu.exceptions import OperationalError

from huiyin.chassis.amqp import kombu_connection
from huiyin.chassis.errors import KeyDestroyed, Unavailable
from huiyin.contracts.questions import Question

_log = logging.getLogger(__name__)

_RPC: Final = "nameko-rpc"
_KEPT_S: Final = 30.0
#: What the answering side raises when something behind it is away, or when it knows too little as yet.
_NOT_NOW: Final = frozenset(
    {
        "Unavailable",
        "NotYet",
        "AutoReconnect",
        "ConnectionFailure",
        "ExecutionTimeout",
        "NetworkTimeout",
        "NotPrimaryError",
        "ServerSelectionTimeoutError",
        "WTimeoutError",
    }
)


class Refused(Exception):
    """The answering service refused the question; `why` is the name of its refusal."""

    def __init__(self, why: str, told: str) -> None:
        super().__init__(f"{why}: {told}")
        self.why = why


class Asker:
    """Puts questions on the bus, safe from any thread; connections in good order are kept for a while.

    Every question may be put twice: the answering side gives the same answer.
    """

    def __init__(self, amqp_url: str) -> None:
        self._url = amqp_url
        self._kept: list[_Line] = []

    def ask(self, question: Question, **arguments: Any) -> Any:
        """The answer; Unavailable when nobody can answer in time, Refused when it is refused.

        What the answering side cannot open for good is KeyDestroyed here as there.
        """
        deadline = time.monotonic() + question.timeout_s
        kept = self._fresh()
        if kept is not None:
            with suppress(_Broken):  # while it lay idle; then once more on a new one
                return self._on(kept, question, arguments, deadline)
        try:
            return self._on(_Line(self._url, question.timeout_s), question, arguments, deadline)
        except _Broken as broken:
            _log.warning("%s could not be asked: %s", question.answerer, broken)
            raise _silent(question) from broken

    def close(self) -> None:
        """Let go of the connections that are kept."""
        while self._kept:
            self._kept.pop().close()

    def _on(self, line: "_Line", question: Question, arguments: dict[str, Any], deadline: float) -> Any:
        """Ask on a line that is then kept, unless an answer may still come on it or it is broken."""
        try:
            answer = line.ask(question, arguments, deadline)
        except BaseException:
            line.close()
            raise
        self._kept.append(line)
        if error := answer.get("error"):
            raise _failure(question, error)
        return answer["result"]

    def _fresh(self) -> "_Line | None":
        """A kept line that was used lately: what lay longer may have been cut without a word."""
        while self._kept:
            with suppress(IndexError):  # another thread took the last one
                line = self._kept.pop()
                if time.monotonic() - line.used_at < _KEPT_S:
                    return line
                line.close()
        return None


class _Broken(Exception):
    """The connection failed."""


class _Line:
    """One connection with a queue of its own for answers; connects at the first question."""

    def __init__(self, url: str, connect_timeout_s: float) -> None:
        self._connection = kombu_connection(url, connect_timeout_s)
        self._exchange = Exchange(_RPC, type="topic", durable=True)
        self._key = uuid.uuid4().hex
        self._answers: list[tuple[str, dict[str, Any]]] = []
        self._producer: Producer | None = None
        self.used_at = time.monotonic()

    def ask(self, question: Question, arguments: dict[str, Any], deadline: float) -> dict[str, Any]:
        """The answer as it came; _Broken when the connection fails."""
        connection = self._connection
        away = (OSError, OperationalError, *connection.connection_errors, *connection.channel_errors)
        try:
            answer = self._ask(question, arguments, deadline)
        except away as cause:
            raise _Broken(f"{type(cause).__name__}: {cause}") from cause
        self.used_at = time.monotonic()
        return answer

    def close(self) -> None:
        """Let go of the connection, in whatever state it is."""
        with suppress(Exception):
            self._connection.release()

    def _ask(self, question: Question, arguments: dict[str, Any], deadline: float) -> dict[str, Any]:
        request = uuid.uuid4().hex
        producer = self._producer or self._open()
        producer.publish(
            {"args": [], "kwargs": arguments},
            routing_key=f"{question.answerer}.{question.method}",
            reply_to=self._key,
            correlation_id=request,
            expiration=_left(question, deadline),
            serializer="json",
        )
        while not self._answers or self._answers[-1][0] != request:
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=_left(question, deadline))
        answer = self._answers[-1][1]
        self._answers.clear()
        return answer

    def _open(self) -> Producer:
        channel = self._connection.default_channel
        queue = Queue(
            f"answer-{self._key}", self._exchange, routing_key=self._key, exclusive=True, auto_delete=True
        )
        Consumer(channel, queue, callbacks=[self._heard], no_ack=True, accept=["json"]).consume()
        self._producer = Producer(channel, self._exchange)
        return self._producer

    def _heard(self, body: dict[str, Any], message: Any) -> None:
        self._answers.append((message.properties.get("correlation_id", ""), body))


def _left(question: Question, deadline: float) -> float:
    """The seconds that are left; Unavailable when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise _silent(question)
    return left


def _failure(question: Question, error: dict[str, Any]) -> Exception:
    """A refusal that only says "not now" counts as no answer; one by a destroyed key stays what it is."""
    if error.get("exc_type") in _NOT_NOW:
        return _silent(question)
    if error.get("exc_type") == KeyDestroyed.__name__:
        return KeyDestroyed(str(error.get("value")))
    return Refused(str(error.get("exc_type")), str(error.get("value")))


def _silent(question: Question) -> Unavailable:
    return Unavailable(f"{question.answerer} 服务暂时没有应答，请稍后再试。")
