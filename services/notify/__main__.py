"""Wiring of notify: `python -m services.notify worker|web|relay`."""

from huiyin.chassis import first

first.prepare()

from huiyin.chassis.runner import Service, run  # noqa: E402
from services.notify.settings import NotifySettings  # noqa: E402
from services.notify.use_cases.books import facts  # noqa: E402
from services.notify.use_cases.house import house  # noqa: E402

NOTIFY = Service(
    name="notify",
    settings=NotifySettings,
    house=house,
    documents=lambda house: house.correspondences,
    worker="services.notify.entrypoints:NotifyWorker",
    blueprint="services.notify.web:blueprint",
    facts=lambda _: facts,
)

if __name__ == "__main__":
    run(NOTIFY)
