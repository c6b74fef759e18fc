"""Intake served over HTTP on a store of its own, with a real call centre that speaks to it."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from pymongo.database import Database
from werkzeug.serving import make_server

from deploy.local.call_centre import CallCentre
from deploy.local.keys import Keys, ensure_keys
from deploy.local.platform import OFFICES
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.tokens import issue
from huiyin.chassis.trust import NO_CA
from services.intake.use_cases import call_work, emergencies
from services.intake.use_cases.house import House
from tests.integration.five_houses import AT
from tests.integration.intake_alone import intake_app, intake_settings

Json = dict[str, Any]

SECRET = "a-secret-of-at-least-32-characters"
PHONE, NAME = "19900000001", "柏守拙"


@dataclass(frozen=True)
class CallStand:
    """Intake's web, its house, and the call centre."""

    url: str
    house: House
    keys: Keys
    database: Database[Json]
    centre: CallCentre
    clock: SimulatedOfficeClock
    client: httpx.Client

    def ask(
        self, method: str, path: str, body: Json | None = None, who: str = "ml-operator-1", key: str = ""
    ) -> httpx.Response:
        """A request of somebody of the directory."""
        prefix, role = who.split("-")[:2]
        office = {"ml": "mayors-line", "cc": "community-centre"}[prefix]
        token = issue(
            self.keys.tokens_private,
            subject=who,
            role=role,
            office=office,
            ttl=timedelta(hours=1),
            issuer="huiyin",
            audience="huiyin",
        )
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key or uuid.uuid4().hex}
        return self.client.request(method, f"{self.url}{path}", json=body, headers=headers)

    def post(self, path: str, body: Json, who: str = "ml-operator-1", key: str = "") -> Json:
        """An act that is done."""
        answer = self.ask("POST", path, body, who, key)
        assert answer.is_success, answer.text
        done: Json = answer.json()
        return done

    def get(self, path: str, who: str = "ml-operator-1") -> Json:
        """A look that is granted."""
        answer = self.ask("GET", path, who=who)
        assert answer.is_success, answer.text
        found: Json = answer.json()
        return found

    def rung(self, number: str | None = PHONE, office: str = "mayors-line", **more: str) -> Json:
        """A call that an operator answered: {call, sender}."""
        operator = {"mayors-line": "ml-operator-1", "community-centre": "cc-operator-1"}[office]
        call = self.centre.ring(office, number, **more)
        self.centre.tell(office, call["sender"], "answered", operator=operator).raise_for_status()
        return call

    def end(self, call: Json, reason: str = "ended", office: str = "mayors-line") -> None:
        """The call is over."""
        self.centre.tell(office, call["sender"], "ended", reason=reason).raise_for_status()

    def worker(self) -> None:
        """What the worker does at intervals."""
        call_work.look(self.house)
        emergencies.alarm(self.house)

    def advance(self, **by: float) -> None:
        """Let office time pass."""
        self.clock.advance(timedelta(**by))

    def said(self, number: str) -> list[Json]:
        """Every event intake said of a case."""
        return [event for step in self.house.cases.history(number) for event in step["events"]]

    def messages(self, number: str) -> list[str]:
        """The templates and addressees of the messages it asked for."""
        asked = (e["data"] for e in self.said(number) if e["type"] == "message.requested")
        return [f"{data['template']}→{data['addressee']}" for data in asked]


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def call_stand(database: Database[Json], mongo_url: str, folder: Path) -> Iterator[CallStand]:
    """The stand; the call centre tells outcomes by itself, as soon as it is asked."""
    keys, clock = ensure_keys(folder / "keys"), SimulatedOfficeClock(folder / "clock.json")
    clock.set(AT)
    centre = CallCentre(SECRET)
    centre.start()
    settings = intake_settings(
        folder, keys, mongo_url, database.name, OFFICES, call_centre_url=centre.url, call_centre_secret=SECRET
    )
    app, house = intake_app(settings)
    with served(app) as url, httpx.Client(timeout=30, verify=NO_CA) as client:
        centre.events_to = f"{url}/call-centre/events"
        try:
            yield CallStand(url, house, keys, database, centre, clock, client)
        finally:
            centre.stop()
            house.base.close()
