"""A service's web app in this process, on the stores of a test."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from flask import Flask

from huiyin.chassis.foundation import Foundation
from huiyin.chassis.runner import Service
from huiyin.chassis.runner.web import wsgi
from huiyin.chassis.settings import BaseSettings
from huiyin.contracts import services as names
from services.dispatch.__main__ import DISPATCH
from services.feedback.__main__ import FEEDBACK
from services.intake.__main__ import INTAKE
from services.notify.__main__ import NOTIFY
from services.supervision.__main__ import SUPERVISION

SERVICES: Final[Mapping[names.Service, Service[Any]]] = {
    service.name: service for service in (INTAKE, DISPATCH, SUPERVISION, FEEDBACK, NOTIFY)
}


@contextmanager
def served(name: names.Service, own: BaseSettings) -> Iterator[Flask]:
    """The service's app; the foundation that it lays is closed afterwards.

    Nobody answers its questions, which is told at once; the public is not held up.
    """
    laid: list[Foundation] = []
    service, free = SERVICES[name], replace(own, amqp_url="amqp://127.0.0.1:9/", public_per_minute=1_000_000)

    def house(base: Foundation) -> Any:
        laid.append(base)
        return service.house(base)

    yield wsgi(replace(service, house=house), free)
    for base in laid:
        base.close()
