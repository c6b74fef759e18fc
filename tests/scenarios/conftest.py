"""One platform for all scenarios, on a virtual host of its own; each office has its driver."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from deploy.local.desks import desks_of
from deploy.local.keys import ensure_keys
from deploy.local.platform import OFFICES, Platform, Site
from deploy.local.servers import Addresses, Servers
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.client.line import Line
from tests.scenarios.driver import BEGINNING, Driver


@pytest.fixture(scope="session")
def clock_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the simulated office clock stands."""
    return tmp_path_factory.mktemp("clock") / "office-clock.json"


@pytest.fixture(scope="session")
def office_clock(clock_file: Path) -> SimulatedOfficeClock:
    """The simulated office clock that all scenarios share: it only goes forwards."""
    clock = SimulatedOfficeClock(clock_file)
    clock.set(BEGINNING)
    return clock


@pytest.fixture(scope="session")
def platform_addresses(servers: Servers) -> Iterator[Addresses]:
    """The session's servers, with a virtual host for the platform alone."""
    api = servers.addresses.amqp_api_url
    if not api:
        pytest.fail("scenarios on the broker of HUIYIN_AMQP_URL also need HUIYIN_AMQP_API_URL")
    vhost = f"scenarios-{uuid.uuid4().hex[:8]}"
    url = urlsplit(servers.addresses.amqp_url)
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    with httpx.Client(timeout=30) as client:
        client.put(f"{api}/vhosts/{vhost}").raise_for_status()
        client.put(f"{api}/permissions/{vhost}/{url.username}", json=everything).raise_for_status()
        yield replace(servers.addresses, amqp_url=url._replace(path=f"/{vhost}").geturl())
        client.delete(f"{api}/vhosts/{vhost}").raise_for_status()


@pytest.fixture(scope="session")
def site(
    platform_addresses: Addresses,
    clock_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Site:
    """What the scenarios' platform stands on."""
    folder = tmp_path_factory.mktemp("platform")
    return Site(folder, platform_addresses, ensure_keys(folder / "keys"), clock_file, first_port=None)


@pytest.fixture(scope="session")
def platform(site: Site, office_clock: SimulatedOfficeClock) -> Iterator[Platform]:
    """All five services, started once."""
    with Platform(site) as started:
        started.start()
        yield started


@pytest.fixture(scope="session")
def drivers(
    platform: Platform, site: Site, office_clock: SimulatedOfficeClock
) -> Iterator[dict[str, Driver]]:
    """A driver of each office, by the office's id."""
    line = Line(platform.urls, site.keys.tokens_private)
    yield {office: Driver(desks, office_clock) for office, desks in desks_of(line, OFFICES).items()}
    line.close()


@pytest.fixture
def mayors_line(drivers: dict[str, Driver]) -> Driver:
    """The mayor's line: orders go out at once, more time can be asked for."""
    driver = drivers["mayors-line"]
    driver.begin_the_day()
    return driver


@pytest.fixture
def community_centre(drivers: dict[str, Driver]) -> Driver:
    """The community centre: a leader reads everything first, six criteria judge a reply."""
    driver = drivers["community-centre"]
    driver.begin_the_day()
    return driver


@pytest.fixture
def petition_office(drivers: dict[str, Driver]) -> Driver:
    """The petition office: three months, everything secret, a leader reads what is flagged."""
    driver = drivers["petition-office"]
    driver.begin_the_day()
    return driver


@pytest.fixture
def county_hotline(drivers: dict[str, Driver]) -> Driver:
    """The county magistrate's hotline: four forms, ten working days, fifteen for the complex."""
    driver = drivers["county-hotline"]
    driver.begin_the_day()
    return driver


@pytest.fixture
def city_hotline(drivers: dict[str, Driver]) -> Driver:
    """The city hotline: around the clock, limits by urgency, immediate dispatch."""
    driver = drivers["city-hotline"]
    driver.begin_the_day()
    return driver
