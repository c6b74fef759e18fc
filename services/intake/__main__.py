"""Wiring of intake: `python -m services.intake worker|web|relay`."""

from huiyin.chassis import first

first.prepare()

from huiyin.chassis.runner import Service, run  # noqa: E402
from services.intake.settings import IntakeSettings  # noqa: E402
from services.intake.use_cases.books import facts  # noqa: E402
from services.intake.use_cases.house import house  # noqa: E402

INTAKE = Service(
    name="intake",
    settings=IntakeSettings,
    house=house,
    documents=lambda house: house.cases,
    worker="services.intake.entrypoints:IntakeWorker",
    blueprint="services.intake.web:blueprint",
    facts=facts,
    beside=lambda house: [house.entries],
)

if __name__ == "__main__":
    run(INTAKE)
