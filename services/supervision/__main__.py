"""Wiring of supervision: `python -m services.supervision worker|web|relay`."""

from huiyin.chassis import first

first.prepare()

from huiyin.chassis.runner import Service, run  # noqa: E402
from services.supervision.settings import SupervisionSettings  # noqa: E402
from services.supervision.use_cases.books import facts  # noqa: E402
from services.supervision.use_cases.house import house  # noqa: E402

SUPERVISION = Service(
    name="supervision",
    settings=SupervisionSettings,
    house=house,
    documents=lambda house: house.supervisions,
    worker="services.supervision.entrypoints:SupervisionWorker",
    blueprint="services.supervision.web:blueprint",
    facts=facts,
)

if __name__ == "__main__":
    run(SUPERVISION)
