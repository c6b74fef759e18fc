"""The process that serves HTTP."""

import os
from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any

from flask import Flask

from huiyin.chassis.foundation import Foundation, lay
from huiyin.chassis.history import History
from huiyin.chassis.ledger import Ledger
from huiyin.chassis.rates import Rates
from huiyin.chassis.revocations import REVOCATIONS, Revocations
from huiyin.chassis.runner.service import Service
from huiyin.chassis.server import Server
from huiyin.chassis.sessions import Sessions
from huiyin.chassis.settings import BaseSettings, read_settings
from huiyin.chassis.sight import walled_from
from huiyin.chassis.steps import Actor
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


def run(service: Service[Any]) -> None:
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
        resolve_name(service.blueprint)(house),
        waiting_desk(base.waiting, base.audit, base.office_now, hidden_from),
        history_desk(documents, histories, base.audit, base.office_now),
        vault_desk(base.sealer, base.anchor, base.audit, base.asker, base.office_now),
        masters_desk(base.sealer, base.anchor, base.audit, base.office_now),
        ledger_desk(ledger),
        audit_desk(base.audit, base.proof, base.keeping.heads, base.office_now, hidden_from),
    ]
