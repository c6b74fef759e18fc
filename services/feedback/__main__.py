"""Wiring of feedback: `python -m services.feedback worker|web|relay`."""

from huiyin.chassis import first

first.prepare()

from huiyin.chassis.runner import Service, run  # noqa: E402
from huiyin.chassis.settings import BaseSettings  # noqa: E402
from services.feedback.use_cases import facts, house  # noqa: E402

FEEDBACK = Service(
    name="feedback",
    settings=BaseSettings,
    house=house,
    documents=lambda house: house.echoes,
    worker="services.feedback.entrypoints:FeedbackWorker",
    blueprint="services.feedback.web:blueprint",
    facts=lambda _: facts,
)

if __name__ == "__main__":
    run(FEEDBACK)
