"""An answer that cannot be sent, or a question that cannot be settled, never ends the worker."""

from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from amqp.exceptions import RecoverableConnectionError
from kombu.exceptions import OperationalError
from nameko.messaging import QueueConsumer
from nameko.rpc import Responder

from huiyin.chassis.answering import Answer, _Answers


class Question:
    """A question that came on a connection which is broken by the time it is settled."""

    def __init__(self, broken: Exception | None) -> None:
        self.channel = SimpleNamespace(connection=object())
        self.properties = {"content_type": "application/json", "reply_to": "asker"}
        self.settled = False
        self._broken = broken

    def ack(self) -> None:
        if self._broken is not None:
            raise self._broken
        self.settled = True


@pytest.fixture
def answers() -> _Answers:
    made: Any = _Answers()
    made.container = SimpleNamespace(config={"AMQP_URI": "amqp://127.0.0.1:9/"}, service_name="intake")
    made.queue_consumer = QueueConsumer()
    return made  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "lost", [OperationalError("away"), RecoverableConnectionError("gone"), KeyError("x")]
)
def test_an_answer_that_cannot_be_sent_is_dropped_and_its_question_settled(
    answers: _Answers, monkeypatch: pytest.MonkeyPatch, lost: Exception
) -> None:
    monkeypatch.setattr(Responder, "send_response", MagicMock(side_effect=lost))
    question = Question(broken=None)
    assert answers.handle_result(question, "answer", None) == ("answer", None)
    assert question.settled


@pytest.mark.parametrize("broken", [BrokenPipeError(32, "Broken pipe"), ConnectionResetError(104, "reset")])
@pytest.mark.parametrize("sent", [True, False])
def test_a_question_that_cannot_be_settled_either_is_left_to_the_broker(
    answers: _Answers, monkeypatch: pytest.MonkeyPatch, broken: OSError, sent: bool
) -> None:
    """As it was seen: the socket broke while the answer was sent, and again when it was settled."""
    outcome = {"return_value": ("answer", None)} if sent else {"side_effect": broken}
    monkeypatch.setattr(Responder, "send_response", MagicMock(**outcome))
    question = Question(broken)
    assert answers.handle_result(question, "answer", None) == ("answer", None)
    assert not question.settled


def test_answers_are_sent_by_the_one_that_outlives_the_broker() -> None:
    assert isinstance(Answer.rpc_consumer, _Answers)
