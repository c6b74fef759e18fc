"""One platform for all scenarios, on a virtual host of its own; each office has its driver."""

import shutil
import uuid
from collections.abc import Callable, Iterator
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
from huiyin.chassis.trust import NO_CA
from huiyin.client.line import Line
from huiyin.contracts.services import SERVICES
from tests.scenarios.driver import BEGINNING, Driver
from tests.scenarios.phone import Phone


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
    with httpx.Client(timeout=30, verify=NO_CA) as client:
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
    offices = Path(shutil.copytree(OFFICES, folder / "offices"))  # whose people a scenario may change
    keys = ensure_keys(folder / "keys")
    return Site(folder, platform_addresses, keys, clock_file, offices, first_port=None)


Directory = Callable[[str, str, str], None]


@pytest.fixture
def directory(site: Site, platform: Platform) -> Iterator[Directory]:
    """Changes the people of an office while the services run; all is put back afterwards."""
    before: dict[Path, str] = {}

    def change(office: str, old: str, new: str) -> None:
        for service in SERVICES:
            looks = platform.setting(service, "HUIYIN_OFFICES_DIR")
            assert looks == str(site.offices), f"{service} looks for its people in {looks}"
        people = site.offices / office / "people.yaml"
        text = people.read_text(encoding="utf-8")
        before.setdefault(people, text)
        assert text.count(old) == 1, f"{old} stands {text.count(old)} times in {people}"
        _replace(people, text.replace(old, new))

    yield change
    for people, text in before.items():
        _replace(people, text)


def _replace(file: Path, text: str) -> None:
    """In one move: a half-written file would be refused, and the last good one would hold."""
    fresh = file.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)


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


@pytest.fixture
def phone(platform: Platform) -> Iterator[Phone]:
    """The call centre of the platform; its emergency lines answer again when the test is over."""
    held = Phone(platform.call_centre)
    yield held
    held.lines()
