"""Wiring of dispatch: `python -m services.dispatch worker|web|relay`."""

from huiyin.chassis import first

first.prepare()

from huiyin.chassis.runner import Service, run  # noqa: E402
from huiyin.chassis.settings import BaseSettings  # noqa: E402
from services.dispatch.use_cases.house import house  # noqa: E402
from services.dispatch.use_cases.views import facts  # noqa: E402

DISPATCH = Service(
    name="dispatch",
    settings=BaseSettings,
    house=house,
    documents=lambda house: house.handlings,
    worker="services.dispatch.entrypoints:DispatchWorker",
    blueprint="services.dispatch.web:blueprint",
    facts=lambda _: facts,
)

if __name__ == "__main__":
    run(DISPATCH)
