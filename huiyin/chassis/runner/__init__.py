"""Runs a service's processes: web (gunicorn), worker (nameko), relay (pika).

Each process imports only what it runs: web and relay know no nameko, worker and relay no Flask.
"""

from functools import partial
from importlib import import_module
from typing import Any

from huiyin.chassis import first, process
from huiyin.chassis.runner.service import Service

__all__ = ["Service", "run"]


def run(service: Service[Any]) -> None:
    """Run the process that the command line names."""
    process.main(service.name, {name: partial(_run, name, service) for name in ("web", "worker", "relay")})


def _run(name: str, service: Service[Any]) -> None:
    chosen = import_module(f"{__name__}.{name}")
    first.imported()
    chosen.run(service)
