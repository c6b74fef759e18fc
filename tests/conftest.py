"""Fixtures that give a test its own database and its own virtual host on real servers."""

import gc
import os
import signal
import uuid
from collections.abc import Iterator
from itertools import chain, groupby, zip_longest
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import settings
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.files import passing
from deploy.local.servers import Servers
from huiyin.chassis.trust import NO_CA

_VHOST_TIMEOUT = 30


def pytest_configure() -> None:
    gc.disable()  # until all is collected
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(passing()))  # where pytest makes its folders
    # How long an example takes says how busy the machine is, and nothing of the rule.
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")
    # Without this, ending a run by SIGTERM would leave its servers running.
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("ended by SIGTERM"))


def pytest_collection_finish() -> None:
    # What was imported and collected lives to the end: the garbage collector need not look through it.
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    units = config.rootpath / "tests" / "unit"
    for item in items:
        if item.path.is_relative_to(units) and "servers" in getattr(item, "fixturenames", ()):
            raise pytest.UsageError(f"{item.nodeid} starts the servers: unit tests may not")
    own = [item for item in items if item.get_closest_marker("own_platform")]
    others = [item for item in items if not item.get_closest_marker("own_platform")]
    items[:] = _alternating(own, sorted(others, key=_turn))


def _alternating(own: list[pytest.Item], others: list[pytest.Item]) -> list[pytest.Item]:
    """A file with a platform of its own, one of the others, and so on.

    The first computes for minutes on end, the others mostly wait: two of the first at a time would make
    each other slow, and two of the others leave the processor idle. All start before the scenarios' platform.
    """
    files = zip_longest(_files(own), _files(others), fillvalue=())
    return list(chain.from_iterable(chain.from_iterable(files)))


def _files(items: list[pytest.Item]) -> list[list[pytest.Item]]:
    return [list(file) for _, file in groupby(items, key=lambda item: item.path)]


def _turn(item: pytest.Item) -> tuple[bool, bool]:
    """Last who fills the scenarios' platform, so that who reads all its cases has few to read.

    Among them the longest first, so that no worker is left alone with one.
    """
    fills = "scenarios" in item.path.parts and not item.get_closest_marker("reads_all_cases")
    return fills, not item.get_closest_marker("long")


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Both servers, started once for all tests; when one is missing the run fails."""
    with Servers(tmp_path_factory.mktemp("servers")) as started:
        started.start()
        yield started


@pytest.fixture(scope="session")
def mongo_url(servers: Servers) -> str:
    """The administrator's URL of MongoDB."""
    return servers.addresses.mongo_url


@pytest.fixture(scope="module")
def module_database(mongo_url: str) -> Iterator[Database[dict[str, Any]]]:
    """A database of this module's own, through the administrator's client; dropped afterwards."""
    with MongoClient[dict[str, Any]](mongo_url) as admin:
        own = admin[f"test_{uuid.uuid4().hex[:12]}"]
        yield own
        admin.drop_database(own.name)


@pytest.fixture
def database(module_database: Database[dict[str, Any]]) -> Iterator[Database[dict[str, Any]]]:
    """A database that no other test writes to meanwhile: empty, but for what a test before it indexed.

    A service makes a hundred indexes, which takes seconds.
    """
    yield module_database
    for name in module_database.list_collection_names():
        of_the_test = not name.startswith("system.")  # a profile cannot be emptied
        if of_the_test and module_database[name].estimated_document_count():
            module_database[name].delete_many({})


@pytest.fixture
def vhost(servers: Servers) -> Iterator[str]:
    """The name of a virtual host of this test's own, deleted afterwards.

    By the management API, which takes 20 ms; rabbitmqctl would take 2 s.
    """
    api = servers.addresses.amqp_api_url
    if not api:
        pytest.fail("tests on the broker of HUIYIN_AMQP_URL also need HUIYIN_AMQP_API_URL")
    name = f"test-{uuid.uuid4().hex[:12]}"
    user = urlsplit(servers.addresses.amqp_url).username
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    with httpx.Client(timeout=_VHOST_TIMEOUT, verify=NO_CA) as client:
        client.put(f"{api}/vhosts/{name}").raise_for_status()
        client.put(f"{api}/permissions/{name}/{user}", json=everything).raise_for_status()
        yield name
        client.delete(f"{api}/vhosts/{name}").raise_for_status()


@pytest.fixture
def amqp_url(servers: Servers, vhost: str) -> str:
    """The administrator's URL of this test's own virtual host."""
    return urlsplit(servers.addresses.amqp_url)._replace(path=f"/{vhost}").geturl()
