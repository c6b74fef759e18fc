"""A case goes from one office to another on the running platform: each counts by its own rules (E-123)."""

from datetime import datetime, timedelta

import pika
import pytest

from deploy.local.servers import Addresses
from huiyin.chassis.topology import inbox_of
from huiyin.client.line import Json
from huiyin.contracts.envelope import Envelope
from tests.scenarios.driver import Driver

CENTRE = {"category": "window/queue", "area": "990102002001"}
COUNTY = {"kind": "criticism", "category": "roads", "area": "990105001"}


def number_there(driver: Driver, number: str) -> str:
    """The number that the other office gave the case."""
    return str(driver.until(lambda: driver.case(number)["passed_to"]["number"]))


@pytest.mark.clause("E-123")
def test_the_first_time_is_kept_and_each_office_counts_by_its_own_clock(
    mayors_line: Driver, community_centre: Driver
) -> None:
    received = mayors_line.now() - timedelta(days=2)
    number, order = mayors_line.accepted(received_at=received.isoformat())
    mayors_line.pass_on(number, "community-centre", CENTRE)
    there = number_there(mayors_line, number)
    case = community_centre.case(there)
    assert datetime.fromisoformat(case["received_at"]) == received.replace(
        microsecond=received.microsecond // 1000 * 1000
    )
    assert case["passed_from"] == {"office": "mayors-line", "number": number}
    community_centre.until(lambda: community_centre.handling(there)["gate"] == "asked")
    community_centre.instruct(there)
    theirs = community_centre.until(lambda: community_centre.handling(there)["orders"][0])
    community_centre.accept(there, theirs)
    due = community_centre.until(lambda: community_centre.order(there, theirs["id"])["due_on"])
    assert due == community_centre.working_days_from_now(15).isoformat(), "theirs: from their acceptance"
    assert order["due_on"] == mayors_line.working_days_from_now(7).isoformat()
    assert mayors_line.order(number, order["id"])["due_on"] == order["due_on"], "ours runs on"


@pytest.mark.clause("E-123")
def test_said_again_it_makes_no_second_case(
    mayors_line: Driver, county_hotline: Driver, platform_addresses: Addresses
) -> None:
    number = mayors_line.registered(matter={"category": "animals"})
    mayors_line.pass_on(number, "county-hotline", COUNTY)
    there = number_there(mayors_line, number)
    before = {row["number"] for row in county_hotline.cases()}
    say_again(mayors_line.until_said(number, "case.passed")[0], platform_addresses)
    mayors_line.until(lambda: not mayors_line.waiting("intake")["counts"]["waiting"])
    after = {row["number"] for row in county_hotline.cases()}
    assert there in after
    assert after == before


@pytest.mark.clause("E-123", "S4-26")
def test_the_first_office_knows_when_it_is_over_there(mayors_line: Driver, county_hotline: Driver) -> None:
    number = mayors_line.registered(matter={"category": "animals"})
    mayors_line.pass_on(number, "county-hotline", COUNTY)
    there = number_there(mayors_line, number)
    assert mayors_line.case(number)["outcome"] is None, "kept open: followed here too"
    county_hotline.withdraw(there, "已经解决。")
    mayors_line.until(lambda: mayors_line.case(number)["outcome"] == "passed_on")


def say_again(row: Json, addresses: Addresses) -> None:
    """The event once more, as a second relay would say it."""
    fields = ("id", "source", "type", "sequence", "office", "data")
    envelope = Envelope(
        **{name: row[name] for name in fields},
        subject=row["case"],
        time=datetime.fromisoformat(row["time"]),
        correlationid="again",
        causationid="again",
    )
    with pika.BlockingConnection(pika.URLParameters(addresses.amqp_url)) as connection:
        connection.channel().basic_publish("", inbox_of("intake"), envelope.to_bytes())
