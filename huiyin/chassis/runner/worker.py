"""The process that hears events, answers questions and looks by time."""

import os
from pkgutil import resolve_name
from typing import Any

from huiyin.chassis.foundation import lay
from huiyin.chassis.runner.service import Service
from huiyin.chassis.settings import read_settings
from huiyin.chassis.worker import run_worker


def run(service: Service[Any]) -> None:
    """Hear, answer and look by time until a signal."""
    settings = read_settings(service.settings, os.environ)
    base = lay(service.name, "worker", settings)
    house = service.house(base)
    run_worker(
        resolve_name(service.worker),
        amqp_url=settings.amqp_url,
        house=house,
        ready=base.probes,
    )
