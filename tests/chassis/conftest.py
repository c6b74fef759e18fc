"""The chassis as production opens it, and a bus to look into."""

from collections.abc import Iterator

import pytest
from pymongo.database import Database

from deploy.local.servers import Servers
from huiyin.chassis.mongo import Doc, connect
from huiyin.chassis.mongo import database as open_database
from huiyin.chassis.pipeline import Pipeline
from tests.chassis.running import Bus, Processes
from tests.chassis.toy import Toy, toy


@pytest.fixture
def own(mongo_url: str, database: Database[Doc]) -> Iterator[Database[Doc]]:
    """The test's database with the guarantees of production."""
    with connect(mongo_url) as client:
        yield open_database(client, database.name)


@pytest.fixture
def house(own: Database[Doc]) -> Toy:
    """The toy's store pieces."""
    return toy(own)


@pytest.fixture
def bus(amqp_url: str, servers: Servers) -> Iterator[Bus]:
    """The test's virtual host, to publish to and to look into."""
    with Bus(amqp_url, servers.addresses.amqp_api_url or "") as opened:
        yield opened


@pytest.fixture
def pipeline(amqp_url: str) -> Iterator[Pipeline]:
    """Dispatch's publisher, started."""
    opened = Pipeline(amqp_url, "dispatch")
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def processes(amqp_url: str, mongo_url: str, database: Database[Doc]) -> Iterator[Processes]:
    """Starts processes on the test's own servers' rooms; whatever still runs is ended."""
    with Processes({"TOY_AMQP": amqp_url, "TOY_MONGO": mongo_url, "TOY_DATABASE": database.name}) as started:
        yield started
