"""The local stack's servers: who may write where, what a crash leaves, what stopping ends."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pika
import pytest
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.errors import LocalStackError
from deploy.local.ports import is_free
from deploy.local.processes import Identity, descendants, wait_until
from deploy.local.rabbitmq import can_open
from deploy.local.servers import Addresses, Servers
from deploy.local.store_users import ensure_service_users
from huiyin.contracts.services import SERVICES

Client = MongoClient[dict[str, object]]


@pytest.fixture
def bystander() -> Iterator[Identity]:
    """A process that bears the broker's name and is none of ours."""
    process = subprocess.Popen(["beam.smp", "300"], executable="/bin/sleep")
    yield Identity.of(process.pid)
    process.kill()
    process.wait()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_its_own_database_and_no_other(servers: Servers, service: str) -> None:
    with Client(servers.addresses.service_mongo_urls[service]) as client:
        client[f"huiyin_{service}"]["trial"].insert_one({"by": service})
        client[f"huiyin_{service}"]["trial"].drop()
        others = {f"huiyin_{other}" for other in SERVICES} - {f"huiyin_{service}"}
        for name in (*others, "admin", "local"):
            for attempt in _attempts(client, name):
                with pytest.raises(OperationFailure, match="not authorized"):
                    attempt()


def _attempts(client: Client, name: str) -> tuple[Callable[[], object], ...]:
    trial = client[name]["trial"]
    return (lambda: trial.insert_one({}), trial.find_one, client[name].list_collection_names)


def test_nobody_gets_in_without_a_password(servers: Servers) -> None:
    host = urlsplit(servers.addresses.mongo_url).netloc.rpartition("@")[2]
    with (
        Client(f"mongodb://{host}/?directConnection=true") as client,
        pytest.raises(OperationFailure, match="authentication"),
    ):
        client["huiyin_intake"]["trial"].find_one()
    broker = urlsplit(servers.addresses.amqp_url)
    assert not can_open(f"amqp://guest:guest@{broker.hostname}:{broker.port}/huiyin")


def test_making_the_services_users_again_corrects_their_passwords(servers: Servers) -> None:
    url = servers.addresses.mongo_url
    changed = ensure_service_users(url, {"notify": "another"})
    with Client(changed["notify"]) as client:
        client["huiyin_notify"]["trial"].find_one()
    original = urlsplit(servers.addresses.service_mongo_urls["notify"]).password
    assert (
        ensure_service_users(url, {"notify": original or ""})["notify"]
        in (servers.addresses.service_mongo_urls["notify"])
    )


def test_each_test_gets_a_virtual_host_and_a_database_of_its_own(
    amqp_url: str, vhost: str, database: Database[dict[str, object]]
) -> None:
    assert amqp_url.endswith(f"/{vhost}")
    assert can_open(amqp_url)
    assert database["trial"].insert_one({}).acknowledged


def test_a_killed_broker_starts_again_with_its_messages(servers: Servers, amqp_url: str) -> None:
    _publish(amqp_url, b"kept")
    servers.wait_queue_kept(amqp_url.rpartition("/")[2], "trial")
    servers.kill_broker()
    assert not can_open(amqp_url)
    servers.start_broker()
    assert _fetch(amqp_url) == b"kept"


def test_a_paused_store_does_not_answer_until_it_is_resumed(servers: Servers, mongo_url: str) -> None:
    servers.pause_store()
    with Client(mongo_url, timeoutMS=500) as client, pytest.raises(PyMongoError):
        client.admin.command("ping")
    servers.resume_store()
    with Client(mongo_url, timeoutMS=10_000) as client:
        assert client.admin.command("ping")["ok"]


def test_a_stopped_store_starts_again_with_its_data(
    servers: Servers, database: Database[dict[str, object]]
) -> None:
    database["trial"].insert_one({"_id": 1})
    servers.stop_store()
    servers.start_store()
    assert database["trial"].count_documents({}) == 1


def test_a_running_folder_is_not_started_twice(servers: Servers) -> None:
    with Servers(servers.folder) as second, pytest.raises(LocalStackError) as refusal:
        second.start()
    assert {"RabbitMQ", "MongoDB"} <= servers.pids.keys()
    assert all(f"{name} (process {pid})" in str(refusal.value) for name, pid in servers.pids.items())
    assert can_open(servers.addresses.amqp_url)


def test_a_killed_run_is_named_and_its_data_are_taken_up_again(tmp_path: Path, bystander: Identity) -> None:
    _start_and_be_killed(tmp_path)
    with Servers(tmp_path) as refused, pytest.raises(LocalStackError, match="already run") as refusal:
        refused.start()
    left = [Identity.of(int(pid)) for pid in str(refusal.value).partition("kill ")[2].split(")")[0].split()]
    _kill(left)
    with Servers(tmp_path) as again:
        addresses = again.start()
        assert _fetch(addresses.amqp_url) == b"kept"
        assert _kept_documents(addresses) == 1
        started = _all_started(again)
    assert len(started) >= 3
    assert not any(one.lives() for one in started)
    assert bystander.lives()


def test_a_store_follows_when_its_port_is_taken_by_another(tmp_path: Path, servers: Servers) -> None:
    env = {**os.environ, "HUIYIN_AMQP_URL": servers.addresses.amqp_url}
    with Servers(tmp_path, env=env) as first:
        port = urlsplit(first.start().mongo_url).port
        with Client(first.addresses.mongo_url) as client:
            client["huiyin_intake"]["kept"].insert_one({})
    assert port
    with _listening(port), Servers(tmp_path, env=env) as second:
        addresses = second.start()
        assert urlsplit(addresses.mongo_url).port != port
        assert _kept_documents(addresses) == 1


def test_servers_given_by_the_environment_are_used_and_left_alone(tmp_path: Path, servers: Servers) -> None:
    given = {"HUIYIN_AMQP_URL": servers.addresses.amqp_url, "HUIYIN_MONGO_URL": servers.addresses.mongo_url}
    before = dict(servers.addresses.service_mongo_urls)
    try:
        with Servers(tmp_path, env=given) as other:
            addresses = other.start()
            assert (addresses.amqp_url, addresses.mongo_url) == tuple(given.values())
            assert other.pids == {}
            with pytest.raises(LocalStackError, match="not started here"):
                other.kill_broker()
    finally:
        ensure_service_users(
            servers.addresses.mongo_url,
            {service: urlsplit(url).password or "" for service, url in before.items()},
        )
    assert can_open(servers.addresses.amqp_url)


def test_when_one_server_cannot_start_the_other_is_stopped(tmp_path: Path) -> None:
    script = tmp_path / "fake" / "sbin" / "rabbitmq-server"
    script.parent.mkdir(parents=True)
    (tmp_path / "fake" / "plugins" / "rabbit-4.0.1").mkdir(parents=True)
    script.write_text("#!/bin/sh\necho no such cookie\nexit 1\n")
    script.chmod(0o755)
    env = {**os.environ, "PATH": f"{script.parent}:{os.environ['PATH']}"}
    mine = set(descendants(os.getpid()))
    with (
        Servers(tmp_path / "data", env=env) as servers,
        pytest.raises(LocalStackError, match="no such cookie"),
    ):
        servers.start()
    assert not [one for one in set(descendants(os.getpid())) - mine if one.lives()]


def _publish(amqp_url: str, body: bytes) -> None:
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.queue_declare("trial", durable=True, arguments={"x-queue-type": "quorum"})
        channel.basic_publish("", "trial", body, pika.BasicProperties(delivery_mode=2))


def _fetch(amqp_url: str) -> bytes | None:
    """A quorum queue elects its leader after a start, so the first look may come too early."""
    bodies: list[bytes] = []
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        channel.basic_consume("trial", lambda *message: bodies.append(message[3]), auto_ack=True)
        deadline = time.monotonic() + 20
        while not bodies and time.monotonic() < deadline:
            connection.process_data_events(time_limit=0.2)
    return bodies[0] if bodies else None


def _kept_documents(addresses: Addresses) -> int:
    with Client(addresses.service_mongo_urls["intake"]) as client:
        return client["huiyin_intake"]["kept"].count_documents({})


def _start_and_be_killed(folder: Path) -> None:
    """A run that ends as by `kill -9`, so that it can stop nothing."""
    program = f"""
        import os, signal
        from pathlib import Path
        from pymongo import MongoClient
        from deploy.local.servers import Servers
        from tests.integration.test_local_servers import _publish
        servers = Servers(Path({str(folder)!r}))
        addresses = servers.start()
        _publish(addresses.amqp_url, b"kept")
        servers.wait_queue_kept("huiyin", "trial")
        MongoClient(addresses.service_mongo_urls["intake"])["huiyin_intake"]["kept"].insert_one({{}})
        os.kill(os.getpid(), signal.SIGKILL)
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False, timeout=120)
    assert ended.returncode == -signal.SIGKILL


def _kill(processes: list[Identity]) -> None:
    assert len(processes) == 3
    for process in processes:
        process.send(signal.SIGKILL)
    wait_until(lambda: not any(one.lives() for one in processes), 10, "the killed run's servers are gone")


def _all_started(servers: Servers) -> list[Identity]:
    roots = list(servers.pids.values())
    return [Identity.of(pid) for pid in roots] + [one for pid in roots for one in descendants(pid)]


class _listening:  # noqa: N801  reads as a verb where it is used
    """Takes a port for a while, as another program would."""

    def __init__(self, port: int) -> None:
        self._command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
        self._port = port

    def __enter__(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: not is_free(self._port), 10, "the port is taken")

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
