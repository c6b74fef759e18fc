"""A limit that the unit met is no cause for a slip, whoever stood still meanwhile (E-22, E-120)."""

import time
from collections.abc import Iterator
from datetime import date

import pytest

from deploy.local.platform import Kind, Platform
from huiyin.contracts.services import Service
from tests.scenarios.driver import Driver

#: Long enough for supervision to look several times, and for a tide to come.
_LOOKS = 4.0


@pytest.fixture
def stopped(platform: Platform) -> Iterator[list[tuple[Service, Kind]]]:
    """Processes that a test stopped; those it did not start again are started here."""
    left: list[tuple[Service, Kind]] = []
    yield left
    for service, kind in left:
        platform.start_process(service, kind)


@pytest.mark.clause("E-22", "E-120")
@pytest.mark.parametrize(
    ("service", "kind"), [("supervision", "worker"), ("dispatch", "relay")], ids=["supervision", "relay"]
)
def test_a_limit_met_while_somebody_stood_still_brings_no_slip(
    community_centre: Driver,
    platform: Platform,
    stopped: list[tuple[Service, Kind]],
    service: Service,
    kind: Kind,
) -> None:
    number, order = community_centre.accepted()
    platform.stop_process(service, kind)
    stopped.append((service, kind))
    community_centre.reply(number, order, "已当面答复，当事人认可。")
    community_centre.advance_to(date.fromisoformat(order["due_on"]), "12:00")
    community_centre.advance(days=2)
    time.sleep(_LOOKS)
    platform.start_process(service, kind)
    stopped.clear()
    community_centre.until(lambda: any(r["number"] == number for r in community_centre.reviews()))
    time.sleep(_LOOKS)
    slips = {"order.urged", "supervision.issued", "slip.withdrawn"}
    assert [row["type"] for row in community_centre.journal(number) if row["type"] in slips] == []
    assert _on_time(community_centre, number)


def _on_time(driver: Driver, number: str) -> bool:
    return next(bool(r["on_time"]) for r in driver.reviews() if r["number"] == number)
