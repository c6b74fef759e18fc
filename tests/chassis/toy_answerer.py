"""Answers the questions to intake as a process: `python -m tests.chassis.toy_answerer worker`."""

from huiyin.chassis import first

first.prepare()

import os  # noqa: E402
from dataclasses import dataclass, replace  # noqa: E402
from typing import Any  # noqa: E402

from huiyin.chassis.answering import on_question  # noqa: E402
from huiyin.chassis.asking import Asker  # noqa: E402
from huiyin.chassis.ear import Ear  # noqa: E402
from huiyin.chassis.errors import NotFound  # noqa: E402
from huiyin.chassis.tide import Tides  # noqa: E402
from huiyin.chassis.worker import Hearer, run_worker  # noqa: E402
from huiyin.contracts.questions import REDACT  # noqa: E402
from tests.chassis.toy import toy_from_environment  # noqa: E402
from tests.chassis.toy_worker import probe  # noqa: E402

NOBODY = replace(REDACT, answerer="notify", timeout_s=0.5)


@dataclass(frozen=True)
class AnsweringHouse:
    """What the worker needs."""

    ear: Ear[Any]
    asker: Asker


class ToyAnswerer(Hearer):
    """Answers what intake answers."""

    name = "intake"

    @on_question
    def redact(self, number: str, text: str) -> str:
        print(f"running for {number}", flush=True)
        if number == "none":
            raise NotFound("no such case")
        return f"{number}: {text}"

    @on_question
    def ask_on(self, number: str, text: str) -> str:
        answer: str = self.house.asker.ask(REDACT, number=number, text=text)
        return f"asked on: {answer}"

    @on_question
    def ask_nobody(self) -> None:
        self.house.asker.ask(NOBODY)


if __name__ == "__main__":
    first.imported()
    house = AnsweringHouse(Ear(toy_from_environment().digest, Tides()), Asker(os.environ["TOY_AMQP"]))
    run_worker(ToyAnswerer, amqp_url=os.environ["TOY_AMQP"], house=house, ready=probe)
