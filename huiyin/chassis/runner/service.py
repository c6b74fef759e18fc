"""What makes a service, for whichever of its processes is run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from huiyin.chassis.foundation import Foundation
from huiyin.chassis.ledger import Facts
from huiyin.chassis.settings import BaseSettings
from huiyin.chassis.store import Documents
from huiyin.contracts import services

H = TypeVar("H")


@dataclass(frozen=True)
class Service(Generic[H]):
    """What makes a service: its settings, its house, its two faces, its own lines in the books.

    `worker` and `blueprint` are named as `module:name`, so that only the process that shows a face
    imports it. `documents` are its cases; `beside` what else it keeps by steps, which belongs to no case.
    """

    name: services.Service
    settings: type[BaseSettings]
    house: Callable[[Foundation], H]
    documents: Callable[[H], Documents[Any]]
    worker: str
    blueprint: str
    facts: Callable[[H], Facts[Any]]
    beside: Callable[[H], Sequence[Documents[Any]]] = lambda _: ()
