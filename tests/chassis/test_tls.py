"""TLS to the broker, to the store and to the web: what is right works, what is wrong is refused by name."""

import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from deploy.local.files import private_folder
from deploy.local.install import mongod_program, rabbitmq_script
from deploy.local.keys import ensure_keys
from deploy.local.passwords import kept_passwords
from deploy.local.platform import OFFICES
from deploy.local.ports import Ports
from deploy.local.processes import Ledger
from huiyin.chassis.asking import Asker
from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.settings import BaseSettings, read_settings
from huiyin.client.line import Line, Person, until
from huiyin.contracts.questions import CONTACT
from tests.chassis.running import Processes, free_port
from tests.chassis.tls import HOST, Papers, TlsBroker, TlsStore, old_tls
from tests.integration.test_intake import FORM

OFFICE = "mayors-line"


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers.made(tmp_path_factory.mktemp("tls") / "papers")


@pytest.fixture
def servers_with_tls(tmp_path: Path, papers: Papers) -> Iterator[tuple[str, str]]:
    """The addresses of a RabbitMQ and a MongoDB of this test's own."""
    folder = private_folder(tmp_path / "servers")
    passwords, ledger = kept_passwords(folder / "passwords.json"), Ledger(folder / "processes.json")
    ports = Ports(folder / "ports.json", {})
    broker = TlsBroker(rabbitmq_script({}), folder / "rabbitmq", ports, passwords, ledger)
    store = TlsStore(mongod_program({}), folder / "mongodb", ports, passwords, ledger, 0.25)
    broker.papers = store.papers = papers
    try:
        for server in (store, broker):
            server.choose_ports()
            server.launch()
        store.wait_ready()
        broker.wait_ready()
        yield broker.tls_url, store.tls_url
    finally:
        broker.stop()
        store.stop()


def test_a_service_works_over_tls_on_all_its_ways(
    servers_with_tls: tuple[str, str], papers: Papers, tmp_path: Path
) -> None:
    amqp_url, mongo_url = servers_with_tls
    keys, port = ensure_keys(tmp_path / "keys"), free_port()
    env = {
        "HUIYIN_MONGO_URL": mongo_url,
        "HUIYIN_MONGO_DATABASE": "huiyin_intake",
        "HUIYIN_AMQP_URL": amqp_url,
        "HUIYIN_OFFICES_DIR": str(OFFICES),
        "HUIYIN_KEYS_DIR": str(keys.folder),
        "HUIYIN_ANCHOR_DIR": str(keys.folder),
        "HUIYIN_TOKEN_JWKS": str(keys.tokens_public),
        "HUIYIN_HTTP_PORT": str(port),
        "HUIYIN_HTTP_CERTIFICATE": papers.file("server.crt"),
        "HUIYIN_HTTP_KEY": papers.file("server.key"),
    }
    trusted = httpx.Client(verify=ssl.create_default_context(cafile=papers.file("ca.pem")), timeout=30)
    with Processes(env) as processes, closing(Asker(amqp_url)) as asker, trusted:
        processes.start("services.intake", "web")
        for kind in ("worker", "relay"):
            processes.start("services.intake", kind).wait_ready()
        line = Line({"intake": f"https://{HOST}:{port}"}, keys.tokens_private, client=trusted)
        operator = Person(line, "ml-operator-1", "operator", OFFICE)
        number = operator.post("intake", "/cases", FORM)["number"]
        journal = f"/cases/{number}/journal"
        until(lambda: len(operator.get("intake", journal)["rows"]) > 0)  # relay, broker and worker
        question = {"party": "p1", "purpose": "deliver", "request": "r1", "asker": "notify"}
        assert asker.ask(replace(CONTACT, timeout_s=20), number=number, **question)
        answer = trusted.get(f"https://{HOST}:{port}/healthz")
        assert "max-age" in answer.headers["Strict-Transport-Security"]
        with pytest.raises(httpx.TransportError):
            httpx.get(f"https://{HOST}:{port}/healthz", timeout=10)  # an authority nobody knows
        lax = old_tls(ssl.create_default_context(cafile=papers.file("ca.pem")))
        with pytest.raises(httpx.ConnectError, match="PROTOCOL_VERSION"):
            httpx.get(f"https://{HOST}:{port}/healthz", verify=lax)
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://{HOST}:{port}/healthz", timeout=10)


GOOD = {
    "HUIYIN_MONGO_URL": "mongodb://u:hidden-word@m/?tls=true",
    "HUIYIN_MONGO_DATABASE": "intake",
    "HUIYIN_OFFICES_DIR": "/x",
    "HUIYIN_KEYS_DIR": "/x",
    "HUIYIN_ANCHOR_DIR": "/x",
    "HUIYIN_TOKEN_JWKS": "https://sign-in.example/jwks.json",
}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("amqps://u:hidden-word@b/v?cacertfile=/nowhere.pem", "cannot be read"),
        ("amqps://u:hidden-word@b/v?cacertfile={key}", "no certificate"),
        ("amqps://u:hidden-word@b/v?certfile={crt}", "give both certfile and keyfile"),
        ("amqp://u:hidden-word@b/v?cacertfile={crt}", "certificates need amqps://"),
        ("amqps://u:hidden-word@b/v?verify=verify_none", "stand only cacertfile"),
    ],
)
def test_a_wrong_address_is_told_at_the_start_without_its_password(
    papers: Papers, query: str, words: str
) -> None:
    given = query.format(key=papers.file("server.key"), crt=papers.file("server.crt"))
    with pytest.raises(WrongSetting, match=words) as told:
        read_settings(BaseSettings, {**GOOD, "HUIYIN_AMQP_URL": given})
    assert "hidden-word" not in str(told.value)


def test_production_refuses_a_store_whose_certificate_nobody_looks_at() -> None:
    amqp = {"HUIYIN_AMQP_URL": "amqps://b/v"}
    read_settings(BaseSettings, {**GOOD, **amqp})
    for wrong in ("tlsInsecure=true", "tlsAllowInvalidCertificates=true", "tlsAllowInvalidHostnames=True"):
        url = f"mongodb://u:hidden-word@m/?tls=true&{wrong}"
        with pytest.raises(WrongSetting, match="HUIYIN_MONGO_URL: production verifies"):
            read_settings(BaseSettings, {**GOOD, **amqp, "HUIYIN_MONGO_URL": url})
