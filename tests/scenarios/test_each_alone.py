"""Each service does its own work with the four others stopped; later all is heard."""

import json
import uuid
from collections.abc import Iterator

import httpx
import pytest

from deploy.local.platform import KINDS, Kind, Platform, Site
from deploy.local.sms_gateway import SIGNATURE_HEADER, SmsGateway
from huiyin.chassis.trust import NO_CA
from huiyin.client.line import Json
from huiyin.contracts.services import SERVICES, Service
from tests.scenarios.driver import Driver

BUS = {"category": "transport/bus"}


class OneAtATime:
    """Stops everything, and lets one service's web stand alone."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._running = {(service, kind) for service in SERVICES for kind in KINDS}

    def stop(self, *processes: tuple[Service, Kind]) -> None:
        """Stop some processes."""
        self._platform.stop_processes(processes)
        self._running.difference_update(processes)

    def only(self, service: Service) -> None:
        """Nothing runs but this service's web."""
        self.stop(*self._running - {(service, "web")})
        if (service, "web") not in self._running:
            self._platform.start_process(service, "web")
            self._running.add((service, "web"))

    def all(self) -> None:
        """Everything runs again."""
        left = [(s, k) for s in SERVICES for k in KINDS if (s, k) not in self._running]
        self._platform.start_processes(left)
        self._running.update(left)


@pytest.fixture
def one_at_a_time(platform: Platform) -> Iterator[OneAtATime]:
    ways = OneAtATime(platform)
    yield ways
    ways.all()


@pytest.mark.clause("E-120")
def test_each_service_works_while_the_four_others_are_stopped(
    mayors_line: Driver, platform: Platform, site: Site, one_at_a_time: OneAtATime
) -> None:
    office = mayors_line
    to_accept, order = office.dispatched(matter=BUS)
    wants_time, late_order = office.accepted(matter=BUS)
    until = office.working_days_from_now(12)
    office.ask_more_time(wants_time, late_order, until)
    to_judge, judged = office.replied(matter=BUS)
    to_call, _ = office.approved(matter=BUS)
    office.until(lambda: any(r["number"] == to_judge for r in office.reviews()))
    office.until(lambda: office.echo(to_call)["state"] in ("open", "told"))
    one_at_a_time.stop(("notify", "web"))
    texted = office.registered(matter=BUS)
    reference = office.until(lambda: _taken(platform, texted))

    one_at_a_time.only("intake")
    registered = office.registered(matter=BUS)

    one_at_a_time.only("dispatch")
    office.accept(to_accept, order)
    office.reply(to_accept, order, "已调整班次。")

    one_at_a_time.only("supervision")
    extension = next(x["id"] for x in office.extensions() if x["number"] == wants_time)
    office.decide_more_time(wants_time, extension, granted=True)
    office.review(to_judge, judged["id"], 1)

    one_at_a_time.only("feedback")
    office.attempt(to_call, "call", reached=True)
    office.tell(to_call, "call")
    office.evaluate(to_call, "m1", solved=True, satisfied=True)

    one_at_a_time.only("notify")
    assert _receipt(platform, site, reference) == "delivered"

    one_at_a_time.all()
    office.until_said(registered, "order.dispatched")
    office.until(lambda: to_accept in [r["number"] for r in office.reviews()])
    office.until(lambda: office.order(wants_time, late_order["id"])["due_on"] == until.isoformat())
    office.until(lambda: office.order(to_judge, judged["id"])["state"] == "approved")
    office.until_stage(to_call, "archived")
    delivered = office.until_said(texted, "message.delivered")
    assert "case_registered" in {row["data"]["template"] for row in delivered}


def _taken(platform: Platform, number: str) -> str | None:
    """The reference of the SMS about the case that the gateway took."""
    taken: list[Json] = httpx.get(platform.sms_gateway, verify=NO_CA).json()["messages"]
    return next((str(sms["reference"]) for sms in taken if number in sms["text"]), None)


def _receipt(platform: Platform, site: Site, reference: str) -> str:
    """The gateway's signed receipt, and the state that notify answers."""
    body = json.dumps({"receipt": uuid.uuid4().hex, "reference": reference, "state": "delivered"}).encode()
    secret = (site.folder / "sms.secret").read_text()
    headers = {SIGNATURE_HEADER: SmsGateway.signature(secret, body), "Content-Type": "application/json"}
    answer = httpx.post(f"{platform.url('notify')}/receipts/sms", content=body, headers=headers, verify=NO_CA)
    return str(answer.raise_for_status().json()["state"])
