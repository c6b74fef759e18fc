"""Runs a service's processes: web (gunicorn), worker (nameko), relay (pika)."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Flask

from huiyin.chassis import process
from huiyin.chassis.foundation import Foundation, lay
from huiyin.chassis.history import History
from huiyin.chassis.ledger import Facts, Ledger
from huiyin.chassis.pipeline import Pipeline
from huiyin.chassis.rates import Rates
from huiyin.chassis.relay import Relay
from huiyin.chassis.relay_loop import Lease, RelayLoop, Waker
from huiyin.chassis.revocations import REVOCATIONS, Revocations
from huiyin.chassis.server import Server
from huiyin.chassis.sessions import Sessions
from huiyin.chassis.settings import BaseSettings, read_settings
from huiyin.chassis.sight import walled_from
from huiyin.chassis.steps import Actor
from huiyin.chassis.store import Documents
from huiyin.chassis.tokens import Tokens
from huiyin.chassis.web import (
    Blueprint,
    audit_desk,
    create_app,
    history_desk,
    ledger_desk,
    masters_desk,
    vault_desk,
    waiting_desk,
)
from huiyin.chassis.worker import BaseWorker, run_worker
from huiyin.contracts import services

H = TypeVar("H")


@dataclass(frozen=True)
class Service(Generic[H]):
    """What makes a service: its settings, its house, its three faces, its own lines in the books.

    `documents` are its cases; `beside` what else it keeps by steps, which belongs to no case.
    """

    name: services.Service
    settings: type[BaseSettings]
    house: Callable[[Foundation], H]
    documents: Callable[[H], Documents[Any]]
    worker: type[BaseWorker]
    blueprint: Callable[[H], Blueprint]
    facts: Callable[[H], Facts[Any]]
    beside: Callable[[H], Sequence[Documents[Any]]] = lambda _: ()


def run(service: Service[Any]) -> None:
    """Run the process that the command line names."""
    process.main(
        service.name,
        {
            "web": lambda: run_web(service),
            "worker": lambda: _run_worker(service),
            "relay": lambda: _run_relay(service),
        },
    )


def run_web(service: Service[Any]) -> None:
    """Serve HTTP until a signal; the app is made in the serving process."""
    settings = read_settings(service.settings, os.environ)
    lay(service.name, "web", settings).close()  # what is wrong is told before gunicorn forks
    Server(lambda: wsgi(service, settings), settings).run()


def wsgi(service: Service[Any], settings: BaseSettings) -> Flask:
    """The service's app on a foundation of its own."""
    base = lay(service.name, "web", settings)
    tokens = Tokens(settings.token_jwks, settings.token_issuer, settings.token_audience, base.machine_clock)
    sessions = Sessions(
        tokens, Revocations(settings.keys_dir / REVOCATIONS), base.rulebooks.office, base.office_now
    )

    def record(what: str, who: Actor, case: str, detail: Mapping[str, Any]) -> None:
        base.audit.record(what, who, case, base.office_now(), detail)

    rates = Rates(base.database["rates"], base.machine_clock.now)
    rates.prepare()

    return create_app(
        service.name,
        desks(service, base),
        tokens=sessions,
        metrics=base.metrics,
        checks={**base.checks(), "tokens": sessions.problem},
        settings=settings,
        record=record,
        rates=rates,
    )


def desks(service: Service[Any], base: Foundation) -> list[Blueprint]:
    """The service's own desk, and those that every service has."""
    house, now = service.house(base), base.machine_clock.now
    documents = service.documents(house)

    def hidden_from(who: Actor) -> list[str]:
        return documents.keys(walled_from(who))

    kept = (documents, *service.beside(house))
    histories = [History(one.collection, one.key_field, now) for one in kept]
    ledger = Ledger(service.name, documents, base.waiting, service.facts(house), now)
    return [
        service.blueprint(house),
        waiting_desk(base.waiting, base.audit, base.office_now, hidden_from),
        history_desk(documents, histories, base.audit, base.office_now),
        vault_desk(base.sealer, base.anchor, base.audit, base.asker, base.office_now),
        masters_desk(base.sealer, base.anchor, base.audit, base.office_now),
        ledger_desk(ledger),
        audit_desk(base.audit, base.proof, base.keeping.heads, base.office_now, hidden_from),
    ]


def _run_worker(service: Service[Any]) -> None:
    settings = read_settings(service.settings, os.environ)
    base = lay(service.name, "worker", settings)
    house = service.house(base)
    run_worker(
        service.worker,
        amqp_url=settings.amqp_url,
        house=house,
        ready=base.probes,
    )


def _run_relay(service: Service[Any]) -> None:
    settings = read_settings(service.settings, os.environ)
    base = lay(service.name, "relay", settings)
    house = service.house(base)
    sources = (service.documents(house), *service.beside(house))
    pipeline = Pipeline(settings.amqp_url, service.name)
    relay = Relay(
        service.name,
        sources,
        pipeline,
        office_now=base.office_now,
        machine_now=base.machine_clock.now,
        metrics=base.metrics,
    )
    waker = Waker(*(source.collection for source in sources))
    stop = process.stop_on_signal(waker.woken.set)
    if relay.says_tide:
        base.office_clock.watch(waker.woken.set)
    lease = Lease(base.database["leases"], "relay", base.machine_clock.now)
    loop = RelayLoop(relay, pipeline, lease, waker, stop)
    probes = base.probes({"relay": lambda: loop.problem})
    loop.run()
    probes.stop()
