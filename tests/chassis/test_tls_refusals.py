"""What speaks TLS badly is refused by each of our clients, and by our server, for that reason alone."""

import ssl
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import pytest
from kombu import Connection
from pymongo import MongoClient

from huiyin.chassis.amqp import kombu_tls, kombu_url
from huiyin.chassis.asking import Asker
from huiyin.chassis.mongo import Doc
from huiyin.chassis.pipeline import Pipeline
from huiyin.chassis.settings import read_settings
from huiyin.chassis.tokens import fetch_over_https
from huiyin.cli.departments.broker import Broker
from huiyin.client.line import Line
from huiyin.contracts.questions import CONTACT
from services.intake.providers.call_centre import CallCentre
from services.intake.settings import IntakeSettings
from services.notify.providers import Outgoing, SmsGateway, SmtpProvider
from services.notify.settings import NotifySettings
from tests.chassis.test_tls import GOOD, papers
from tests.chassis.tls import HOST, Papers, listening, old_tls

__all__ = ["papers"]

#: A client's first word to a server of that port, whose authority it is told is this file.
Client = Callable[[int, Papers, str], Any]

MESSAGE = Outgoing(reference="r1", to="13800000000", subject="s", body="b")


def _amqp(port: int, papers: Papers, ca: str) -> str:
    return f"amqps://u:hidden-word@{HOST}:{port}/v?{papers.for_amqp(ca)}"


def _relay(port: int, papers: Papers, ca: str) -> None:
    Pipeline(_amqp(port, papers, ca), "dispatch").start()


def _worker(port: int, papers: Papers, ca: str) -> None:
    url = _amqp(port, papers, ca)
    with Connection(kombu_url(url), ssl=kombu_tls(url)) as hearing:
        hearing.connect()


def _asker(port: int, papers: Papers, ca: str) -> None:
    with closing(Asker(_amqp(port, papers, ca))) as asker:
        asker.ask(replace(CONTACT, timeout_s=1.0))


def _store(port: int, papers: Papers, ca: str) -> None:
    url = f"mongodb://u:hidden-word@{HOST}:{port}/?{papers.for_mongo(ca)}"
    client: MongoClient[Doc] = MongoClient(url, serverSelectionTimeoutMS=300)
    with client:
        client.admin.command("ping")


def _command(port: int, *_: Any) -> None:
    line = Line({"intake": f"https://{HOST}:{port}"}, None, patience=1, bearer="hidden-word")
    with closing(line):
        line.send("GET", "intake", "/healthz")


def _broker_administration(port: int, *_: Any) -> None:
    with closing(Broker(f"https://admin:hidden-word@{HOST}:{port}/api")) as broker:
        broker.has_user("feed.police")


def _sign_in(port: int, *_: Any) -> None:
    fetch_over_https(f"https://{HOST}:{port}/jwks.json")


def _notify(port: int, security: str = "tls") -> NotifySettings:
    given = {
        "HUIYIN_SMTP_HOST": HOST,
        "HUIYIN_SMTP_PORT": str(port),
        "HUIYIN_SMTP_SENDER": "noreply@huiyin.example",
        "HUIYIN_SMTP_SECURITY": security,
        "HUIYIN_SMS_URL": f"https://{HOST}:{port}/messages",
        "HUIYIN_SMS_SECRET": "hidden-word",
    }
    return read_settings(NotifySettings, {**GOOD, "HUIYIN_AMQP_URL": "amqps://b/v", **given})


def _sms(port: int, *_: Any) -> None:
    SmsGateway(_notify(port)).send(MESSAGE)


def _mail(port: int, *_: Any) -> None:
    SmtpProvider(_notify(port)).send(MESSAGE)


def _mail_by_starttls(port: int, *_: Any) -> None:
    SmtpProvider(_notify(port, "starttls")).send(MESSAGE)


def _call_centre(port: int, *_: Any) -> None:
    given = {
        "HUIYIN_CALL_CENTRE_URL": f"https://{HOST}:{port}",
        "HUIYIN_CALL_CENTRE_SECRET": "hidden-word" * 4,
    }
    settings = read_settings(IntakeSettings, {**GOOD, "HUIYIN_AMQP_URL": "amqps://b/v", **given})
    CallCentre(settings, lambda: datetime.now(UTC)).transfer("r1", "mayors-line", "", "110")


CLIENTS: Final[dict[str, Client]] = {
    "the relay to the broker": _relay,
    "the worker to the broker": _worker,
    "a question over the broker": _asker,
    "the store": _store,
    "huiyin and the local desks": _command,
    "the broker's administration": _broker_administration,
    "the sign-in's keys": _sign_in,
    "the SMS gateway": _sms,
    "mail": _mail,
    "mail by STARTTLS": _mail_by_starttls,
    "the call centre": _call_centre,
}
every_client = pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS.keys())


def _refusal(client: Client, port: int, papers: Papers, ca: str) -> str:
    """What a client says of a server that it refuses, down to the first cause."""
    with pytest.raises(Exception) as refused:  # noqa: PT011 - each client raises its own; the words tell
        client(port, papers, ca)
    told, cause = "", refused.value
    while cause is not None:
        told, cause = f"{told}{cause}\n", cause.__cause__ or cause.__context__  # type: ignore[assignment]
    return told


@every_client
@pytest.mark.parametrize(
    ("certificate", "ca", "words"),
    [
        ("server", "foreign-ca.pem", ("unable to get local issuer", "self-signed", "self signed")),
        ("elsewhere", "ca.pem", ("not valid for '127.0.0.1'",)),
        ("expired", "ca.pem", ("has expired",)),
    ],
    ids=["another authority", "another host", "expired"],
)
def test_a_wrong_certificate_is_refused_and_named(
    client: Client,
    papers: Papers,
    certificate: str,
    ca: str,
    words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", papers.file(ca))  # what the machine trusts
    with listening(papers, certificate, starttls=client is _mail_by_starttls) as port:
        told = _refusal(client, port, papers, ca)
    assert any(word in told for word in words), told
    assert "hidden-word" not in caplog.text + told


@every_client
def test_a_server_that_speaks_no_tls_1_2_is_refused(
    client: Client, papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", papers.file("ca.pem"))
    with listening(papers, "server", old=True, starttls=client is _mail_by_starttls) as port:
        lax = old_tls(ssl.create_default_context(cafile=papers.file("ca.pem")))
        if client is not _mail_by_starttls:
            with pytest.raises(httpx.RemoteProtocolError):  # it shakes hands with who speaks as it does
                httpx.get(f"https://{HOST}:{port}/", verify=lax)
        told = _refusal(client, port, papers, "ca.pem")
    # pymongo takes no oldest version; OpenSSL takes no signature of TLS 1.1 at its usual security level.
    words = "legacy sigalg" if client is _store else "alert protocol version"
    assert words in told.casefold().replace("_", " "), told
