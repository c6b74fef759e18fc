"""Questions: answered, refused, or Unavailable in time, and then never run later."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from deploy.local.processes import wait_until
from huiyin.chassis.asking import Asker, Refused
from huiyin.chassis.errors import Unavailable
from huiyin.contracts.questions import REDACT, Question
from tests.chassis.running import SOON, Bus, Processes, Running

QUICK = replace(REDACT, timeout_s=1.0)
PATIENT = replace(REDACT, timeout_s=SOON)


@pytest.fixture
def answerer(processes: Processes) -> Running:
    """A process that answers as intake; it does not hear what is asked before it starts."""
    return processes.start("tests.chassis.toy_answerer", "worker").wait_ready()


@pytest.fixture
def asker(amqp_url: str) -> Iterator[Asker]:
    with closing(Asker(amqp_url)) as asker:
        yield asker


def test_a_question_is_answered_refused_or_asked_on_from_a_green_thread(
    answerer: Running, asker: Asker
) -> None:
    assert asker.ask(PATIENT, number="A", text="投诉") == "A: 投诉"
    with pytest.raises(Refused, match="no such case"):
        asker.ask(PATIENT, number="none", text="")
    green = replace(PATIENT, method="ask_on")  # the answering worker asks a question itself
    assert asker.ask(green, number="B", text="x") == "asked on: B: x"
    with pytest.raises(Unavailable):  # who answers asked on, and nobody answered that
        asker.ask(replace(PATIENT, method="ask_nobody"))
    assert answerer.stop() == 0


def test_a_connection_is_kept_and_made_anew_when_it_was_cut_meanwhile(
    answerer: Running, asker: Asker, bus: Bus
) -> None:
    assert [asker.ask(PATIENT, number=str(n), text="x") for n in range(3)] == ["0: x", "1: x", "2: x"]
    wait_until(lambda: bus.cut_connections() > 0, SOON, "the broker lists connections")
    answerer.wait_ready()  # it was cut off, too, and comes back by itself
    assert asker.ask(PATIENT, number="A", text="x") == "A: x"


def test_many_threads_ask_at_once_and_each_gets_its_own_answer(answerer: Running, asker: Asker) -> None:
    answers = {}

    def ask(n: int) -> None:
        answers[n] = asker.ask(PATIENT, number=str(n), text="x")

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    assert answers == {n: f"{n}: x" for n in range(12)}


def test_when_nobody_answers_it_says_so_in_time_and_the_question_does_not_run_later(
    processes: Processes, asker: Asker, bus: Bus
) -> None:
    queue = "rpc-intake"  # as a stopped nameko service leaves it
    bus.exchange("nameko-rpc")
    bus.queue(queue, {})
    bus.bind(queue, "nameko-rpc", "intake.*")
    began = time.monotonic()
    with pytest.raises(Unavailable):
        asker.ask(QUICK, number="late", text="x")
    assert 1.0 <= time.monotonic() - began < 10
    wait_until(lambda: bus.count(queue) == 0, SOON, "the question has expired")
    late = processes.start("tests.chassis.toy_answerer", "worker").wait_ready()
    assert asker.ask(PATIENT, number="A", text="x") == "A: x"
    assert "running for A" in late.said()
    assert "running for late" not in late.said()


def test_a_question_expires_no_later_than_its_asker_gives_up(
    amqp_url: str, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it took to connect."""
    bus.exchange("nameko-rpc")
    bus.queue("rpc-intake", {})
    bus.bind("rpc-intake", "nameko-rpc", "intake.*")
    connect = socket.socket.connect

    def slow_connect(self: socket.socket, address: object) -> None:
        time.sleep(0.8)
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", slow_connect)
    with pytest.raises(Unavailable):
        Asker(amqp_url).ask(replace(REDACT, timeout_s=2.0), number="A", text="x")
    monkeypatch.undo()
    _, properties, _ = bus.channel.basic_get("rpc-intake", auto_ack=True)
    assert properties is None or int(properties.expiration) <= 1300


def test_a_broker_that_is_away_is_unavailable_in_time() -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable):
        Asker("amqp://guest:guest@127.0.0.1:9/x").ask(QUICK, number="A", text="x")
    assert time.monotonic() - began < 10


def test_a_connection_cut_while_waiting_is_unavailable(amqp_url: str, bus: Bus) -> None:
    raised: list[BaseException] = []

    def ask(question: Question) -> None:
        try:
            Asker(amqp_url).ask(question, number="A", text="x")
        except BaseException as why:  # noqa: BLE001 - looked at below
            raised.append(why)

    thread = threading.Thread(target=ask, args=(PATIENT,))
    thread.start()
    wait_until(lambda: bus.cut_connections() > 0 or bool(raised), SOON, "the asker is connected")
    thread.join(SOON)
    (why,) = raised
    assert isinstance(why, Unavailable), repr(why)
